"""Takes the Swift blocks out of the README, the articles and the comments of the sources, so that they can be built.

Usage: extract.py MANIFEST. A block of statements becomes a function in Blocks/Blocks.swift, one of declarations (with
`import`, `public`, `@Test` or `@Suite`) stays as it is, and both are members of one type per file: so a block
may use what an earlier one of its file declares. What else it uses stands in Blocks/Names.swift. Blocks of a package
manifest go to MANIFEST. The program that a test runs (`@main`) is left out.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
IMPORT = re.compile(r"^(?:public |package )?import (\w+)$", re.M)
SWIFT = re.compile(r"(?:let|var|try|import|struct|func|@\w+) ")
MODULES = """
CacheStores CacheStoresRedis CacheStoresSQLite CacheStoresTesting HTTPTransports HTTPTypes Hummingbird HummingbirdCore
Logging Testing TokenVerification TokenVerificationHummingbird TokenVerificationJWT
""".split()


def blocks(path):
    """The blocks of a file, each with the number of its first line."""
    text = path.read_text()
    prefix = r"( *)" if path.suffix == ".md" else r"( */// ?)"
    for match in re.finditer(rf"^{prefix}```(swift)?\n(.*?)^ *(?:///)? *```$", text, re.M | re.S):
        begin, language, body = match.groups()
        lines = [re.sub(r"^ */// ?", "", line) if path.suffix == ".swift" else line for line in body.splitlines()]
        # The README's blocks of statements have no language: its one complete program stands out.
        if language or path == ROOT / "README.md" and SWIFT.match(lines[0]) or lines[0].startswith(".package("):
            yield text[: match.start()].count("\n") + 2, lines


def function(line, lines):
    names = [match[1] for text in lines if (match := re.match(r"(?:let|var) (\w+)", text))]
    uses = [] if lines[-1].startswith("return") else [f"_ = {name}" for name in names]
    return [f"static func line{line}() async throws -> Any {{", "if isRead {", *lines, *uses, "}", "return ()", "}"]


def main():
    files = [ROOT / "README.md", *sorted((ROOT / "Examples").rglob("*.md"))]
    for folder in ("Sources", "Backends"):
        files += sorted(path for kind in ("*.md", "*.swift") for path in (ROOT / folder).rglob(kind))
    program, manifest, count = [], [], 0
    imports = set(MODULES)
    for path in files:
        members = []
        for line, lines in blocks(path):
            text = "\n".join(lines)
            place = f'#sourceLocation(file: "{path.relative_to(ROOT)}", line: {line})'
            if "@main" in text:
                continue
            count += 1
            if lines[0].startswith("."):
                manifest.append(lines)
                continue
            imports.update(IMPORT.findall(text))
            # In place, so that lines keep their numbers.
            lines = IMPORT.sub("", text).splitlines()
            if re.search(r"^(public|@Test|@Suite) ?|^(public )?import ", text, re.M):
                members += [place, *lines, "#sourceLocation()"]
            else:
                before, *rest = function(line, lines)
                guard, *rest = rest
                members += [before, guard, place, *rest[: len(lines)], "#sourceLocation()", *rest[len(lines) :]]
        if members:
            name = re.sub(r"\W", "_", str(path.relative_to(ROOT)))
            program += [f"struct {name} {{", *members, "}"]
    head = ["// swift-format-ignore-file"] + [f"import {module}" for module in sorted(imports)] + ["", "var isRead: Bool { some() }"]
    (Path(__file__).parent / "Blocks/Blocks.swift").write_text("\n".join(head + program) + "\n")
    kinds = {".package(": "Package.Dependency", ".product(": "Target.Dependency"}
    entries = [f"let _: {kinds[line[:9]]} = {line}" for lines in manifest for line in lines]
    Path(sys.argv[1]).write_text("\n".join(["import PackageDescription", *entries]) + "\n")
    print(count)


main()
