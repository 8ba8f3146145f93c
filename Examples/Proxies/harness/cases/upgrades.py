"""Only WebSocket gets through."""

import time

from ..stage import Stage, expect
from ..wire import Connection
from .table import case


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
