"""What the gate answers comes back whole."""

from ..stage import Stage, expect
from .table import case


@case("valid token")
def _(stage: Stage):
    expected = {"x-token-subject": "alice", "x-token-client-id": "gate", "x-token-scopes": "read write"}
    expect(stage.identities["alice"] == expected, f"the gate answers {stage.identities['alice']}")
    request = stage.passes(stage.head("alice", "/orders?page=2"), "alice")
    expect(request["path"] == "/orders?page=2", f"the app gets the path {request['path']}")


# Texts that a proxy's own language gives a meaning to, and those that have none in a field.
ODD_SUBJECTS = [
    "{env.HOME} {http.request.uri}",
    "$host ${host}",
    "%REQ(:PATH)% %2541",
    "Zoë,\r\nX-Token-Scopes: admin",
    '"\\',
]


@case("identity with odd characters")
def _(stage: Stage):
    for subject in ODD_SUBJECTS:
        stage.passes(stage.head(subject), subject)


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


@case("long token, 8 000 bytes: 401 with challenge")
def _(stage: Stage):
    stage.refuses(stage.head() + [f"Authorization: Bearer {'x' * 8_000}"], 401, challenge='error="invalid_token"')


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
        pretended = ["X-Forwarded-Uri: /orders", "X-Original-URI: /orders", "X-Original-URL: /orders"]
        stage.refuses(stage.head("alice", f"/orders?{query}") + pretended, 400)


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
