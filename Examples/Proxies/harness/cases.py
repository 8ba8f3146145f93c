"""The table of cases. Each runs through every proxy; it raises `Failure`, or returns what the table is to show."""

import hashlib
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from .stage import Stage, expect
from .wire import Connection


@dataclass(frozen=True)
class Case:
    name: str
    run: Callable[[Stage], str | None]
    # Runs with the recipe's options, in place of the recipe as it is.
    options: bool


CASES: list[Case] = []


def case(name: str, options: bool = False):
    def add(run):
        CASES.append(Case(name, run, options))
        return run

    return add


# Answers of the gate


@case("valid token")
def _(stage: Stage):
    request = stage.passes(stage.head("alice", "/orders?page=2"), "alice")
    expect(request["path"] == "/orders?page=2", f"the app gets the path {request['path']}")


@case("no token: 401 with challenge")
def _(stage: Stage):
    stage.refuses(stage.head(), 401, challenge='Bearer realm="token-gate"')


@case("refused token: 401 with challenge")
def _(stage: Stage):
    stage.refuses(stage.head() + ["Authorization: Bearer unknown"], 401, challenge='error="invalid_token"')


@case("missing scope: 403 with challenge")
def _(stage: Stage):
    with stage.relay.leading_to(stage.gates["strict"]):
        stage.refuses(stage.head("alice"), 403, challenge='scope="admin"')


@case("malformed token: 400 with challenge")
def _(stage: Stage):
    stage.refuses(stage.head() + ["Authorization: Bearer not,a token"], 400, challenge='error="invalid_request"')


@case("two Authorization fields: 400")
def _(stage: Stage):
    for second in ("Bearer unknown", f"Bearer {stage.tokens['bob']}", f"Bearer {stage.tokens['alice']}", "Basic eDp5"):
        stage.refuses(stage.head("alice") + [f"Authorization: {second}"], 400)


@case("token in the query: 400")
def _(stage: Stage):
    token = stage.tokens["bob"]
    for query in (f"access_token={token}", f"a=b&access_token={token}", f"access%5Ftoken={token}"):
        stage.refuses(stage.head(None, f"/orders?{query}"), 400)
        stage.refuses(stage.head("alice", f"/orders?{query}"), 400)


@case("authority down: 503 with Retry-After")
def _(stage: Stage):
    with stage.relay.leading_to(stage.gates["orphan"]):
        response = stage.refuses(stage.head("alice"), 503)
    expect((response.field("Retry-After") or "").isdigit(), f"Retry-After is {response.field('Retry-After')!r}")


@case("gate down: 5xx")
def _(stage: Stage):
    with stage.relay.leading_to(None):
        response = stage.refuses(stage.head("alice"), 500, 502, 503, 504)
    stage.passes(stage.head("alice"), "alice")
    return str(response.status)


# Forged fields

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
    for group in itertools.batched(names, 60) if hasattr(itertools, "batched") else batches(names, 60):
        stage.passes(stage.head(subject) + [f"{name}: mallory" for name in group], subject)


def batches(names: list[str], size: int) -> list[list[str]]:
    return [names[start : start + size] for start in range(0, len(names), size)]


INCOMPLETE = ["without-sub", "without-client_id", "without-scope"]


@case("forged fields, complete answer")
def _(stage: Stage):
    forge(stage, [name for name in spellings("-") if "mail" not in name.lower()], "alice")


@case("forged fields, incomplete answer")
def _(stage: Stage):
    for subject in INCOMPLETE:
        forge(stage, [name for name in spellings("-") if "mail" not in name.lower()], subject)


@case("forged X-Token field that the gate does not send")
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


# Connections


@case("several requests on one connection")
def _(stage: Stage):
    with Connection(stage.port) as connection:
        for subject in ("alice", "bob", "without-sub", "alice", None, "bob"):
            response = connection.request(stage.head(subject))
            if subject:
                stage.check(response, subject)
            else:
                expect(response.status == 401, f"status {response.status} without a token")


@case("requests sent ahead on one connection")
def _(stage: Stage):
    with Connection(stage.port) as connection:
        order = ("alice", None, "bob", "without-sub")
        connection.send("".join("\r\n".join(stage.head(subject) + ["", ""]) for subject in order).encode())
        for subject in order:
            response = connection.response()
            if subject:
                stage.check(response, subject)
            else:
                expect(response.status == 401, f"status {response.status} without a token")


@case("keep-alive after a refusal")
def _(stage: Stage):
    with Connection(stage.port) as connection:
        for extra in ([], ["Authorization: Bearer unknown"], ["Authorization: Basic eDp5"]):
            response = connection.request(stage.head() + extra)
            expect(response.status == 401, f"status {response.status}")
        stage.check(connection.request(stage.head("alice")), "alice")
        # After a 400 a proxy may close the connection, but must say so.
        response = connection.request(stage.head() + ["Authorization: Bearer not,a token"])
        expect(response.status == 400, f"status {response.status}")
        if response.field("Connection") == "close":
            return "closes on 400"
        stage.check(connection.request(stage.head("alice")), "alice")


@case("connections to the gate are kept")
def _(stage: Stage):
    before = stage.relay.connections
    with Connection(stage.port) as connection:
        for index in range(40):
            connection.request(stage.head("alice" if index % 2 else None))
    opened = stage.relay.connections - before
    expect(opened <= 2, f"{opened} connections for 40 requests in a row")


@case("… with 4 clients at once")
def _(stage: Stage):
    before = stage.relay.connections

    def ask():
        with Connection(stage.port) as connection:
            for _ in range(50):
                connection.request(stage.head("alice"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    opened = stage.relay.connections - before
    expect(opened <= 100, f"{opened} connections for 200 requests")
    return f"{opened} for 200"


# Requests


@case("HEAD")
def _(stage: Stage):
    with Connection(stage.port) as connection:
        response = connection.request(stage.head("alice", method="HEAD"))
        expect(response.status == 200, f"status {response.status}")
        response = connection.request(stage.head(method="HEAD"))
        expect(response.status == 401, f"status {response.status} without a token")
        stage.check(connection.request(stage.head("alice")), "alice")


@case("bodies: small, 5 MB, chunked")
def _(stage: Stage):
    for body in (b"a=1", bytes(range(256)) * 20_000):
        for chunked in (False, True):
            request = stage.passes(stage.head("alice", method="POST"), "alice", body, chunked)
            digest = hashlib.sha256(body).hexdigest()
            expect(request["digest"] == digest, f"{request['length']} bytes of {len(body)} reach the app")


@case("bodies of refused requests")
def _(stage: Stage):
    for body in (b"a=1", bytes(5_000_000)):
        for chunked in (False, True):
            stage.refuses(stage.head(method="POST"), 401, body=body, chunked=chunked)
    stage.passes(stage.head("alice"), "alice")


@case("odd paths")
def _(stage: Stage):
    for path in (
        "//", "//orders", "/a/../orders", "/a/./b", "/../../orders", "/%2e%2e/orders", "/a/%2E%2e/b", "/a%2fb",
        "/..%2f..%2fhealthz", "/%5c..", "/a;b=c", "/verify", "/healthz", "/_token_gate", "//_token_gate",
        "/x/../_token_gate", "/%5ftoken_gate", "/orders?", "/orders?a=%00", "/%00", "/ä",
    ):  # fmt: skip
        stage.refuses(stage.head(None, path), 301, 400, 401, 404, 307, 308)
        response = stage.ask(stage.head("alice", path))
        if response.status == 200:
            stage.check(response, "alice")
        else:
            expect(response.status in (301, 307, 308, 400, 404), f"status {response.status} of {path}")


@case("a request line that names another host")
def _(stage: Stage):
    stage.refuses(stage.head(None, "http://other.example/orders"), 400, 401, 404, 421)
    # Some proxies answer this by themselves.
    stage.refuses(stage.head(None, "*", method="OPTIONS"), 200, 400, 401, 404, 405)


@case("large identity: 3.5 KB and 16 KB")
def _(stage: Stage):
    for subject in stage.tokens:
        if len(subject) > 1000:
            stage.passes(stage.head(subject), subject)


# Upgrades


def upgrade(protocol: str) -> list[str]:
    return [
        "Connection: Upgrade" + (", HTTP2-Settings" if protocol == "h2c" else ""),
        f"Upgrade: {protocol}",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        *(["HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"] if protocol == "h2c" else []),
    ]


@case("WebSocket")
def _(stage: Stage):
    stage.refuses(stage.head() + upgrade("websocket"), 401, challenge="Bearer")
    for protocol in ("websocket", "WebSocket"):
        with Connection(stage.port) as connection:
            response = connection.request(stage.head("alice") + upgrade(protocol))
            expect(response.status == 101, f"status {response.status} of {protocol}")
            connection.send(b"ping")
            expect(connection.read(4) == b"ping", "the app does not hear what is sent after the upgrade")


def other_upgrade(stage: Stage, *protocols: str) -> str:
    shown = set()
    for protocol in protocols:
        begin = time.monotonic()
        stage.refuses(stage.head() + upgrade(protocol), 400, 401, 403, 426)
        response = stage.ask(stage.head("alice") + upgrade(protocol))
        shown.add(str(response.status))
        if response.status == 200:
            request = stage.check(response, "alice")
            found = [value for name, value in request["fields"] if name.lower() == "upgrade"]
            expect(not found, f"the app is asked for the upgrade {found}")
        else:
            expect(response.status in (400, 403, 426), f"status {response.status}")
        expect(time.monotonic() - begin < 3, "the answer takes too long")
    stage.passes(stage.head("alice"), "alice")
    return "/".join(sorted(shown))


@case("upgrade to h2c: the app is not asked")
def _(stage: Stage):
    return other_upgrade(stage, "h2c", "H2C")


@case("upgrade to something else")
def _(stage: Stage):
    return other_upgrade(stage, "foo", "foo, websocket", "websocket2")


# Options of the recipes

PREFLIGHT = ["Origin: https://web.example", "Access-Control-Request-Method: PUT"]


@case("preflight, as the recipe is: 401")
def _(stage: Stage):
    stage.refuses(stage.head(method="OPTIONS") + PREFLIGHT, 401)


@case("preflight, let pass", options=True)
def _(stage: Stage):
    forged = [f"{name}: mallory" for name in spellings("-_.") if "mail" not in name.lower()]
    stage.check(stage.ask(stage.head(method="OPTIONS") + PREFLIGHT), None)
    for group in batches(forged, 60):
        stage.check(stage.ask(stage.head(method="OPTIONS") + PREFLIGHT + group), None)
    stage.refuses(stage.head() + PREFLIGHT, 401)
    stage.refuses(stage.head(method="OPTIONS"), 401)
    stage.refuses(stage.head(method="OPTIONS") + PREFLIGHT[:1], 401)


@case("token handed to the app", options=True)
def _(stage: Stage):
    stage.passes(stage.head("alice"), "alice")
    stage.refuses(stage.head(), 401)
