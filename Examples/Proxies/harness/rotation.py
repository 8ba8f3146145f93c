"""Load on several gates while an issuer changes its keys, and what must be true of every answer."""

import http.client
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

# A token of a new key may have to wait so long, and one of a removed key may be accepted so long, while tokens of unknown
# keys come all the time: the cooldown of the key source (30 s), and a fetch.
BOUND = 35.0


@dataclass
class Generation:
    """The tokens of one key."""

    name: str
    tokens: list[str]
    issued: float = field(default_factory=time.monotonic)
    # When the issuer was told to remove the key, and when it had.
    removing: float | None = None
    removed: float | None = None


class Load:
    """Asks gates about tokens from several threads each, and judges each answer by when its request began and ended."""

    threads_per_gate = 3

    def __init__(self, ports: list[int], forged: list[str]):
        self.ports = ports
        self.forged = forged
        self.generations: list[Generation] = []
        self.counts: Counter = Counter()
        self.objections: list[str] = []
        # How long after its removal a key's token was accepted, and after its issue one had to wait, by gate.
        self.late_acceptance: dict[int, float] = {}
        self.late_start: dict[int, float] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []

    def __enter__(self):
        for gate in range(len(self.ports)):
            for number in range(self.threads_per_gate):
                thread = threading.Thread(target=self._ask, args=(gate, number), daemon=True)
                thread.start()
                self._threads.append(thread)
        return self

    def __exit__(self, *_):
        self._over.set()
        for thread in self._threads:
            thread.join(30)

    def _ask(self, gate: int, number: int) -> None:
        peer = http.client.HTTPConnection("127.0.0.1", self.ports[gate], timeout=30)
        turn = number
        while not self._over.is_set():
            turn += 1
            generations = list(self.generations)
            if turn % 5 == 0 or not generations:
                generation, token = None, self.forged[turn % len(self.forged)]
            else:
                generation = generations[turn % len(generations)]
                token = generation.tokens[turn * 7 % len(generation.tokens)]
            began = time.monotonic()
            try:
                status = status_of(peer, token)
            except (OSError, http.client.HTTPException) as error:
                peer.close()
                status = 0
                with self._lock:
                    self.objections.append(f"gate {gate}: no answer: {error!r}")
            with self._lock:
                self._judge(gate, generation, status, began, time.monotonic())
            time.sleep(0.005)

    def _judge(self, gate: int, generation: Generation | None, status: int, began: float, ended: float) -> None:
        name = generation.name if generation else "forged"
        self.counts[name, status] += 1
        if generation is None:
            if status not in (401, 503):
                self.objections.append(f"gate {gate}: a forged token gets {status}")
            return
        if status == 200:
            if generation.removed is not None and began > generation.removed:
                late = began - generation.removed
                self.late_acceptance[gate] = max(late, self.late_acceptance.get(gate, 0))
                if late > BOUND:
                    self.objections.append(f"gate {gate}: a token of {name} is accepted {late:.1f} s after its removal")
            return
        if generation.removing is not None and ended > generation.removing:
            return
        waited = began - generation.issued
        if status == 503:
            self.late_start[gate] = max(waited, self.late_start.get(gate, 0))
        if status != 503 or waited > BOUND:
            self.objections.append(f"gate {gate}: a valid token of {name}, {waited:.1f} s old, gets {status}")


def status_of(peer: http.client.HTTPConnection, token: str) -> int:
    peer.request("GET", "/verify", headers={"Authorization": f"Bearer {token}"})
    response = peer.getresponse()
    response.read()
    return response.status
