"""No client can say who it is; the app gets the identity that the gate answers, and nothing else."""

import itertools

from ..stage import Stage, expect
from ..wire import Connection
from .table import case

NAMES = ["X-Token-Subject", "X-Token-Client-ID", "X-Token-Scopes", "X-Token-Cache", "X-Token-Email"]


def spellings(separators: str) -> list[str]:
    """Every name with every mixture of the separators, in three cases."""
    found = []
    for name in NAMES:
        words = name.split("-")
        for mixture in itertools.product(separators, repeat=len(words) - 1):
            spelled = words[0] + "".join(itertools.chain(*zip(mixture, words[1:])))
            found += [spelled, spelled.lower(), spelled.upper()]
    return found


def forge(stage: Stage, names: list[str], subject: str) -> None:
    for group in batches(names, 60):
        stage.passes(stage.head(subject) + [f"{name}: mallory" for name in group], subject)


def batches(names: list[str], size: int) -> list[list[str]]:
    return [names[start : start + size] for start in range(0, len(names), size)]


# Subjects of whose tokens the authority leaves something out, and the field that the gate leaves empty then.
INCOMPLETE = {
    "without-sub": "x-token-subject",
    "without-client_id": "x-token-client-id",
    "without-scope": "x-token-scopes",
}


@case("forged fields, complete answer")
def _(stage: Stage):
    forge(stage, [name for name in spellings("-") if "mail" not in name.lower()], "alice")


@case("forged fields, incomplete answer")
def _(stage: Stage):
    for subject in INCOMPLETE:
        forge(stage, [name for name in spellings("-") if "mail" not in name.lower()], subject)
    for subject, empty in INCOMPLETE.items():
        found = stage.identities[subject].get(empty)
        expect(found == "", f"the gate answers {empty} with {found!r} about a token that says nothing of it")


@case("forged field that the gate does not send")
def _(stage: Stage):
    forge(stage, [name for name in spellings("-") if "mail" in name.lower()], "alice")


@case("forged with _ and .")
def _(stage: Stage):
    mixed = [name for name in spellings("-_.") if "_" in name or "." in name]
    for subject in ["alice", *INCOMPLETE]:
        forge(stage, mixed, subject)


@case("forged with other characters")
def _(stage: Stage):
    for character in "!#$%&'*+^`|~":
        forge(stage, [name.replace("-", character) for name in NAMES], "without-scope")
    for name in ("X-Token-Scopes ", "X-Token-Scopes\t", " X-Token-Scopes", "X-Token-Scopes\x00", "X-Token-Scopes\xad"):
        response = stage.ask(stage.head("without-scope") + ["X-Other: 1", f"{name}: mallory"])
        expect(response.status == 400 or bool(stage.check(response, "without-scope")), f"status {response.status}")


@case("forged in a trailer")
def _(stage: Stage):
    trailer = "X-Token-Subject: mallory\r\nX-Token-Scopes: admin\r\n"
    for announced in ([], ["Trailer: X-Token-Subject, X-Token-Scopes"]):
        head = stage.head("without-scope", method="POST") + announced + ["Transfer-Encoding: chunked"]
        with Connection(stage.port) as connection:
            connection.send(("\r\n".join(head) + "\r\n\r\n3\r\nabc\r\n0\r\n" + trailer + "\r\n").encode())
            stage.check(connection.response(), "without-scope")


@case("Connection: X-Token-Subject")
def _(stage: Stage):
    shown = set()
    for names in ("X-Token-Subject", "close, x-token-subject", "keep-alive, X-Token-Scopes, X-Token-Client-ID"):
        response = stage.ask(stage.head("alice") + [f"Connection: {names}"])
        shown.add(str(response.status))
        expect(response.status in (200, 400), f"status {response.status}")
        if response.status == 200:
            stage.check(response, "alice")
    two = stage.head("alice") + ["Connection: keep-alive", "Connection: X-Token-Subject"]
    response = stage.ask(two)
    expect(response.status == 400 or stage.check(response, "alice") is not None, f"status {response.status}")
    return "/".join(sorted(shown))
