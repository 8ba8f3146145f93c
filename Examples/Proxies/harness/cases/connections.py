"""Many requests on one connection, on either side of the proxy."""

from concurrent.futures import ThreadPoolExecutor

from ..stage import Stage, expect
from ..wire import Connection
from .table import case


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

    def ask(_):
        with Connection(stage.port) as connection:
            for _ in range(50):
                stage.check(connection.request(stage.head("alice")), "alice")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, range(4)))
    opened = stage.relay.connections - before
    expect(opened <= 100, f"{opened} connections for 200 requests")
    return f"{opened} for 200"
