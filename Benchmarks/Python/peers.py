"""The peers, each as its users call it. Reads a question a line, answers with the seconds that it took.

A question is a JSON object: who is asked ("peer"), what for ("operation": "get" or "set"), how many entries there
are ("entries"), how many operations to do ("count") by how many tasks ("tasks"), and where Redis listens ("port").
What is asked for is what a server needs of a cache: the claims of a token.
"""

import asyncio
import functools
import hashlib
import json
import logging
import os
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

CLAIMS = json.loads(sys.argv[1])
LIFE = 3600
DIRECTORY = tempfile.mkdtemp(prefix="peers-")


def token(number):
    return "sample_" + hashlib.md5(str(number).encode()).hexdigest() + "x"


def key(text):
    return hashlib.sha256(text.encode()).digest()


def record(number):
    """An answer as bytes; no two are alike, since a database need not write what does not change."""
    return json.dumps({**CLAIMS, "jti": number}).encode()


class Peer:
    """Does its operations one by one; `tasks` threads share them if there is more than one."""

    def __init__(self, entries, port):
        self.entries = entries
        self.next = entries
        self.fill()

    def run(self, operation, count, tasks):
        if operation == "get":
            numbers = [(i * 7919) % self.entries for i in range(count)]
        else:
            numbers = range(self.next, self.next + count)
            self.next += count
        texts = [token(number) for number in numbers]
        work = getattr(self, operation)
        if tasks == 1:
            start = time.perf_counter()
            for text in texts:
                work(text)
            return time.perf_counter() - start
        pool = self.pool(tasks)
        parts = [texts[task::tasks] for task in range(tasks)]
        start = time.perf_counter()
        for part in [pool.submit(lambda part: [work(text) for text in part], part) for part in parts]:
            part.result()
        return time.perf_counter() - start

    @functools.cache
    def pool(self, tasks):
        """So many threads, each of which has made what it makes only once, such as a connection."""
        pool = ThreadPoolExecutor(tasks)
        barrier = threading.Barrier(tasks)

        def warm(_):
            barrier.wait()
            self.get(token(0))

        list(pool.map(warm, range(tasks)))
        return pool


class FastMCP(Peer):
    """FastMCP's TokenCache. It is not thread-safe, so several tasks are several coroutines: they take turns."""

    def fill(self):
        from fastmcp.server.auth.auth import AccessToken
        from fastmcp.utilities.token_cache import TokenCache

        self.cache = TokenCache(ttl_seconds=LIFE, max_size=self.entries)
        self.answer = AccessToken(
            token=token(0), client_id=CLAIMS["client_id"], scopes=CLAIMS["scope"].split(), claims=CLAIMS
        )
        for number in range(self.entries):
            self.set(token(number))

    def run(self, operation, count, tasks):
        return super().run(operation, count, 1)

    def get(self, text):
        found, answer = self.cache.get(text)
        assert found and answer.claims["sub"]

    def set(self, text):
        self.cache.set(text, self.answer)


class DiskCache(Peer):
    def fill(self):
        from diskcache import Cache

        self.cache = Cache(tempfile.mkdtemp(dir=DIRECTORY), size_limit=1 << 40)
        with self.cache.transact():
            for number in range(self.entries):
                self.cache.set(key(token(number)), record(number), expire=LIFE)

    def get(self, text):
        assert json.loads(self.cache.get(key(text)))["sub"]

    def set(self, text):
        self.cache.set(key(text), record(text), expire=LIFE)


class SQLite(Peer):
    """The standard library's sqlite3, with the least that a cache needs."""

    def fill(self):
        self.path = os.path.join(tempfile.mkdtemp(dir=DIRECTORY), "cache.db")
        self.connection.execute("CREATE TABLE entries (key BLOB PRIMARY KEY, expiry REAL, value BLOB)")
        rows = ((key(token(n)), time.time() + LIFE, record(n)) for n in range(self.entries))
        self.connection.execute("BEGIN")
        self.connection.executemany("INSERT INTO entries VALUES (?, ?, ?)", rows)
        self.connection.execute("COMMIT")

    @functools.cached_property
    def connection(self):
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    def get(self, text):
        query = "SELECT expiry, value FROM entries WHERE key = ?"
        expiry, value = self.connection.execute(query, (key(text),)).fetchone()
        assert expiry > time.time() and json.loads(value)["sub"]

    def set(self, text):
        row = (key(text), time.time() + LIFE, record(text))
        self.connection.execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?)", row)


class RedisPy(Peer):
    """redis-py with hiredis, asynchronous, a connection for each task."""

    def __init__(self, entries, port):
        import redis.asyncio

        self.loop = asyncio.new_event_loop()
        self.client = redis.asyncio.Redis(port=port, max_connections=1024)
        super().__init__(entries, port)

    def fill(self):
        async def fill():
            for first in range(0, self.entries, 1000):
                pipeline = self.client.pipeline(transaction=False)
                for number in range(first, min(first + 1000, self.entries)):
                    pipeline.set(key(token(number)), record(number), ex=LIFE)
                await pipeline.execute()

        self.loop.run_until_complete(fill())

    def run(self, operation, count, tasks):
        return self.loop.run_until_complete(self.share(operation, count, tasks))

    async def share(self, operation, count, tasks):
        first = 0 if operation == "get" else self.next
        self.next += 0 if operation == "get" else count
        numbers = [(first + i) % self.entries if operation == "get" else first + i for i in range(count)]
        texts = [token(number) for number in numbers]
        work = getattr(self, operation)

        async def part(task):
            for text in texts[task::tasks]:
                await work(text)

        start = time.perf_counter()
        await asyncio.gather(*[part(task) for task in range(tasks)])
        return time.perf_counter() - start

    async def get(self, text):
        assert json.loads(await self.client.get(key(text)))["sub"]

    async def set(self, text):
        await self.client.set(key(text), record(text), ex=LIFE)


PEERS = {"fastmcp": FastMCP, "diskcache": DiskCache, "sqlite3": SQLite, "redis-py": RedisPy}


def main():
    logging.disable()
    known = {}
    for line in sys.stdin:
        question = json.loads(line)
        name = (question["peer"], question["entries"], question["port"])
        if name not in known:
            # One at a time, so that a million entries need not be held twice.
            known.clear()
            known[name] = PEERS[question["peer"]](question["entries"], question["port"])
        print(known[name].run(question["operation"], question["count"], question["tasks"]), flush=True)


try:
    main()
finally:
    shutil.rmtree(DIRECTORY, ignore_errors=True)
