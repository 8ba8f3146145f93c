"""Requests of every kind."""

import hashlib

from ..stage import Stage, expect
from ..wire import Connection
from .table import case


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
    stage.refuses(stage.head(method="POST") + ["Expect: 100-continue"], 401, body=b"a=1")
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
