"""What a case has at hand: a proxy, what stands around it, and what is to be true of the answers."""

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass

from .servers import App, Relay
from .wire import Connection, Response


class Failure(Exception):
    """What a case found wrong."""


def expect(condition: bool, complaint: str) -> None:
    if not condition:
        raise Failure(complaint)


@dataclass
class Stage:
    port: int
    app: App
    relay: Relay
    # Ports of the gates: `strict` requires a scope, `orphan` has an authority that is down.
    gates: dict[str, int]
    # Access tokens by their subject.
    tokens: dict[str, str]
    # What the gate itself answers about each token: what the app must get. A field that is empty may be absent.
    identities: dict[str, dict[str, str]]
    # Whether the recipe runs with its options: preflight passes, and the token is handed on.
    options: bool = False

    def head(self, subject: str | None = None, target: str = "/orders", method: str = "GET") -> list[str]:
        head = [f"{method} {target} HTTP/1.1", "Host: app.example"]
        return head + ([f"Authorization: Bearer {self.tokens[subject]}"] if subject else [])

    def ask(self, head: list[str], body: bytes = b"", chunked: bool = False) -> Response:
        """One request on a connection of its own."""
        with Connection(self.port) as connection:
            return connection.request(head, body, chunked)

    @contextmanager
    def untouched_app(self):
        """Within it nothing may reach the app."""
        before = self.app.requests
        yield
        expect(self.app.requests == before, "the request reached the app")

    def refuses(
        self, head: list[str], *statuses: int, challenge: str | None = None, body: bytes = b"", chunked: bool = False
    ) -> Response:
        """The answer is one of these statuses, with a challenge that holds a text; the app hears nothing of it."""
        with self.untouched_app():
            response = self.ask(head, body, chunked)
        found = response.field("WWW-Authenticate") or ""
        expect(response.status in statuses, f"status {response.status}, not {' or '.join(map(str, statuses))}")
        expect(challenge is None or challenge in found, f"the challenge is {found!r} with status {response.status}")
        return response

    def passes(self, head: list[str], subject: str, body: bytes = b"", chunked: bool = False) -> dict:
        """The app gets the request, and in it exactly this subject's identity. Returns the request."""
        response = self.ask(head, body, chunked)
        return self.check(response, subject)

    def check(self, response: Response, subject: str | None) -> dict:
        expect(response.status == 200 and response.field("X-App") is not None, f"status {response.status}")
        request = json.loads(response.body)
        self.check_fields(request["fields"], subject)
        return request

    def check_fields(self, fields: list[list[str]], subject: str | None) -> None:
        expected = {name: value for name, value in self.identities[subject].items() if value} if subject else {}
        told: dict[str, str] = {}
        for name, value in fields:
            # How CGI, WSGI and their kin see a name.
            plain = re.sub("[^a-z0-9]", "-", name.lower())
            if not plain.startswith("x-token-") or value == "":
                continue
            expect(plain not in told, f"the app gets {plain} twice, as {name}: {value[:40]!r}")
            told[plain] = value
        source = told.pop("x-token-cache", None)
        expect(source in (None, "hit", "miss", "shared"), f"the app gets x-token-cache: {source!r}")
        for name in told.keys() | expected.keys():
            found, wanted = told.get(name), expected.get(name)
            expect(found == wanted, f"the app gets {name}: {brief(found)}, not {brief(wanted)}")
        has_token = any(name.lower() == "authorization" for name, _ in fields)
        expect(has_token == (self.options and subject is not None), f"token handed to the app: {has_token}")


def brief(value: str | None) -> str:
    return repr(value if value is None or len(value) < 60 else f"{value[:20]}… of {len(value)}")
