"""Checks what the documentation tells a reader to type, and where it leads. Usage: commands.py OPTIONS

OPTIONS is a file with everything that TokenGate says about its options. Every `make` target exists and every one is
explained; options and variables of TokenGate exist; a program that `swift run` starts is one of the examples'; JSON can
be parsed; a link leads to a file.
"""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
# Options in the documentation that belong to other programs.
OTHERS = {"--package-path", "--markdown", "--disable-xctest", "--filter", "--with-http_auth_request_module"}


def fences(text):
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S)


def faults(path, text, known):
    commands = "\n".join(body for language, body in fences(text) if not language)
    commands += "\n" + "\n".join(re.findall(r"`([^`\n]+)`", text))
    for target in re.findall(r"(?:^|=\w+ )make ([a-z][a-z-]*)", commands, re.M):
        if target not in known.targets:
            yield f"the Makefile has no target {target}"
    for option in re.findall(r"(?<![\w-])(--[a-z][\w-]+)", commands):
        if option not in known.options and option not in OTHERS:
            yield f"TokenGate has no option {option}"
    for variable in re.findall(r"\bTOKEN_GATE_[A-Z_]+[A-Z]\b", text):
        if variable not in known.variables:
            yield f"TokenGate has no variable {variable}"
    for program in re.findall(r"swift run --package-path Examples ([\w-]+)", text):
        if f'.executable(name: "{program}"' not in known.examples:
            yield f"the examples have no program {program}"
    for language, body in fences(text):
        if language == "json":
            try:
                json.loads(body if body.startswith("{") else "{" + body + "}")
            except ValueError as error:
                yield f"JSON: {error}"
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        if not (path.parent / link).exists():
            yield f"no file {link}"
    for source in re.findall(r"`((?:Examples|Sources|Backends|Benchmarks|Tests|\.ci)/[\w./-]*)`", text):
        if not (ROOT / source).exists():
            yield f"no file {source}"


class Known:
    def __init__(self, told):
        makefile = (ROOT / "Makefile").read_text()
        self.targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.M))
        self.options = set(re.findall(r"--[a-z][\w-]+", told))
        # `--store` is TOKEN_GATE_STORE; a secret may also be in a file.
        self.variables = {"TOKEN_GATE_" + option[2:].replace("-", "_").upper() for option in self.options}
        self.variables |= set(re.findall(r"\bTOKEN_GATE_[A-Z_]+", told))
        self.examples = (ROOT / "Examples/Package.swift").read_text()


def main():
    known = Known(Path(sys.argv[1]).read_text())
    paths = [*ROOT.glob("*.md"), *(path for folder in ("Examples", "Sources", "Backends") for path in (ROOT / folder).rglob("*.md"))]
    found = [f"{path.relative_to(ROOT)}: {fault}" for path in paths for fault in faults(path, path.read_text(), known)]
    print("\n".join(found), file=sys.stderr)
    sys.exit(1 if found else 0)


main()
