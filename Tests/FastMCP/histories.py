"""Writes histories, and what the real FastMCP answers in them. Usage: histories.py HISTORIES SEED > FILE

Each line of the output is a history, which `FastMCPTests` replays with this package. It expects the same outcomes,
but for the histories that are named after a departure: the article "Moving from FastMCP" describes those.

- `calls` go to FastMCP's IntrospectionTokenVerifier, whose cache is its TokenCache: the seconds that pass, the token,
  the authority's answer should it be asked, the subject and client that FastMCP accepts, and whether it asks.
- `operations` go to its TokenCache: a `get`, and what it finds, or, with a value, a `set`.

Time stands still but for those seconds, and a millisecond per step: so no step comes exactly at an expiry, where the
two differ on purpose.
"""

import asyncio
import json
import logging
import random
import sys

import httpx2
from fastmcp.server.auth.auth import AccessToken
from fastmcp.server.auth.providers import introspection
from fastmcp.utilities import token_cache

START = 1_900_000_000


class Clock:
    """Stands in for the module `time`."""

    now = 0.0

    def time(self):
        return self.now

    monotonic = time

    def begin(self, tick):
        self.seconds, self.steps, self.tick = START, 0, tick
        self.now = float(START)

    def step(self, seconds):
        self.seconds += seconds
        self.steps += 1
        self.now = self.seconds + self.steps * self.tick


class Authority:
    """Gives the scripted answer, and remembers that it was asked."""

    def __init__(self):
        self.client = httpx2.AsyncClient(transport=httpx2.MockTransport(self.answer))

    def script(self, status, body):
        self.status, self.body, self.asked = status, body, False

    def answer(self, request):
        self.asked = True
        return httpx2.Response(
            self.status, content=self.body.encode(), headers={"content-type": "application/json"}
        )


clock = Clock()
token_cache.time = introspection.time = clock


async def play_verifier(authority, history):
    """Fills in FastMCP's outcomes."""
    try:
        verifier = introspection.IntrospectionTokenVerifier(
            introspection_url="https://issuer.example/introspect",
            client_id="api",
            client_secret="hush",
            required_scopes=["read"],
            cache_ttl_seconds=history["time_to_live"],
            max_cache_size=history["capacity"],
            http_client=authority.client,
        )
    except ValueError:
        history["is_refused"] = True
        return
    for call in history["calls"]:
        clock.step(call["pause"])
        authority.script(call["status"], call["body"])
        answer = await verifier.verify_token(call["token"])
        call["accepted"] = [answer.subject, answer.client_id] if answer else None
        call["asked"] = authority.asked


def play_cache(history):
    cache = token_cache.TokenCache(ttl_seconds=history["time_to_live"], max_size=history["capacity"])
    for operation in history["operations"]:
        clock.step(operation["pause"])
        token = operation["token"]
        if "value" in operation:
            expiry = operation.get("expiry")
            cache.set(
                token, AccessToken(token=token, client_id=str(operation["value"]), scopes=[], expires_at=expiry)
            )
        else:
            _, answer = cache.get(token)
            operation["found"] = answer and int(answer.client_id)


def pause():
    """Mostly none; sometimes a few seconds; sometimes longer than FastMCP waits between two sweeps."""
    return random.choices([0, random.randint(1, 4), random.randint(61, 90)], [60, 35, 5])[0]


def expiry(now):
    return random.choice([None, now + random.randint(1, 20), now + random.randint(1, 20), now + 10_000])


def call(seconds, token, body, status=200):
    return {"pause": seconds, "token": token, "status": status, "body": body}


def operation(seconds, token, value=None, expiry=None):
    members = {"pause": seconds, "token": token, "value": value, "expiry": expiry}
    return {name: member for name, member in members.items() if member is not None}


def verifier_history(steps):
    tokens = [f"token-{number}" for number in range(random.randint(1, 9))]
    calls = []
    now = START
    for number in range(steps):
        seconds = pause()
        now += seconds
        answer = {"active": True, "sub": f"s{number}", "client_id": "app", "scope": "read write"}
        status = 200
        choice = random.random()
        if choice < 0.08:
            answer = {"active": False}
        elif choice < 0.12:
            status, answer = random.choice([(500, {}), (401, {}), (404, {}), (200, {"active": None}), (302, {})])
        elif choice < 0.16:
            answer["exp"] = now - random.randint(0, 5)
        elif (end := expiry(now)) is not None:
            answer["exp"] = end
        calls.append(call(seconds, random.choice(tokens), json.dumps(answer, separators=(",", ":")), status))
    return {
        "time_to_live": random.choice([1, 3, 10, 10, 30, 30, 300, 300, 0, None, -1]),
        "capacity": random.choice([1, 2, 3, 3, 4, 5, 5, 8, 8, 0, None, -1]),
        "calls": calls,
    }


def cache_history(steps):
    tokens = [f"token-{number}" for number in range(random.randint(1, 9))]
    operations = []
    now = START
    while len(operations) < steps:
        seconds, token = pause(), random.choice(tokens)
        now += seconds
        operations.append(operation(seconds, token))
        # Each `set` follows a `get`, as in a verifier: so what has expired is gone.
        if random.random() < 0.5:
            operations.append(operation(0, token, len(operations), expiry(now + 1)))
    return {
        "time_to_live": random.choice([1, 3, 10, 30, 300]),
        "capacity": random.choice([1, 2, 3, 4, 5, 8]),
        "operations": operations,
    }


def departures():
    """What differs on purpose, each as a short history."""

    def verifier(name, *calls):
        return {"departure": name, "time_to_live": 300, "capacity": 10, "calls": [call(*each) for each in calls]}

    def cache(name, capacity, *operations):
        return {
            "departure": name, "time_to_live": 10, "capacity": capacity,
            "operations": [operation(*each) for each in operations],
        }

    def answer(**members):
        return json.dumps({"active": True, "sub": "alice", "client_id": "app", "scope": "read", **members})

    good = answer()
    return [
        verifier("missing scope", (0, "t", answer(scope="write")), (1, "t", good)),
        verifier("exactly at expiry", (0, "t", good), (300, "t", good)),
        verifier("expiry of zero", (0, "t", answer(exp=0))),
        verifier("not before", (0, "t", answer(nbf=START + 3600))),
        verifier("active as text", (0, "t", answer(active="false"))),
        verifier("duplicate member", (0, "t", '{"active": false, ' + good[1:])),
        verifier("not a number", (0, "t", good[:-1] + ', "x": NaN}')),
        verifier("scope that is no text", (0, "t", answer(scope=["read", 5]))),
        verifier("subject that is a number", (0, "t", answer(sub=5))),
        verifier("expiry as text", (0, "t", answer(exp=str(START + 60)))),
        verifier("no client", (0, "t", '{"active": true, "sub": "alice", "scope": "read"}')),
        verifier("token outside the grammar", (0, "to ken", good)),
        cache("overwriting what has expired", 2, (0, "a", 1, START + 2), (0, "b", 2), (3, "a", 3), (0, "c", 4),
              (0, "a"), (0, "b")),
        cache("storing what has expired", 1, (0, "a", 1), (0, "b", 2, START - 5), (0, "a")),
    ]


async def main():
    logging.disable()
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    random.seed(seed)
    authority = Authority()
    histories = [random.choice([verifier_history, cache_history])(random.randint(10, 60)) for _ in range(count)]
    for history in histories + departures():
        # Without milliseconds, a departure can come exactly at an expiry.
        clock.begin(tick=0 if "departure" in history else 0.001)
        if "operations" in history:
            play_cache(history)
        else:
            await play_verifier(authority, history)
        print(json.dumps(history, separators=(",", ":")))


asyncio.run(main())
