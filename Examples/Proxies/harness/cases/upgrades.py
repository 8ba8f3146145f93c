"""Only WebSocket gets through."""

import time

from ..stage import Stage, expect
from ..wire import Connection
from .table import case


def upgrade(*protocols: str) -> list[str]:
    """What a request for an upgrade holds; one field for each protocol."""
    h2c = "h2c" in protocols
    return [
        "Connection: Upgrade" + (", HTTP2-Settings" if h2c else ""),
        *(f"Upgrade: {protocol}" for protocol in protocols),
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        *(["HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"] if h2c else []),
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


def other_upgrade(stage: Stage, *requests: list[str]) -> str:
    shown = set()
    for request in requests:
        begin = time.monotonic()
        stage.refuses(stage.head() + request, 400, 401, 403, 426)
        response = stage.ask(stage.head("alice") + request)
        shown.add(str(response.status))
        if response.status == 200:
            fields = stage.check(response, "alice")["fields"]
            found = [value for name, value in fields if name.lower() == "upgrade"]
            expect(not found, f"the app is asked for the upgrade {found}")
        elif response.status == 101:
            found = stage.app.protocols
            expect(found == ["websocket"], f"the app is asked for the upgrade {found}")
        else:
            expect(response.status in (400, 403, 426), f"status {response.status}")
        expect(time.monotonic() - begin < 3, "the answer takes too long")
    stage.passes(stage.head("alice"), "alice")
    return "/".join(sorted(shown))


@case("upgrade to h2c: the app is not asked")
def _(stage: Stage):
    return other_upgrade(stage, upgrade("h2c"), upgrade("H2C"), upgrade("h2c", "websocket"), upgrade("websocket", "h2c"))


@case("upgrade to something else")
def _(stage: Stage):
    two = upgrade("foo", "websocket")
    return other_upgrade(stage, upgrade("foo"), upgrade("foo, websocket"), upgrade("websocket2"), two)
