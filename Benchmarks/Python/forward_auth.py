"""Compares proxies that check the token of every request: nginx with TokenGate, and Apache with mod_oauth2.

Usage: forward_auth.py TOKEN_GATE NGINX APACHE, where APACHE is the directory to which Debian's packages were unpacked.

All of them run at once, and are put under load in turn, by wrk, on loopback. Each serves the same small file, keeps
answers of the same authority, and is warm: what is measured are hits. A process's CPU time is that of its whole tree.
"""

import http.client
import itertools
import json
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TOKENS = [f"token-{random.Random(number).getrandbits(160):040x}" for number in range(5000)]
COUNTS = (1, len(TOKENS))
ROUNDS = 5
SECONDS = 2
CONNECTIONS = 32
TICK = 1 / os.sysconf("SC_CLK_TCK")
SECRET = "a secret that both of them are given"


class Authority(ThreadingHTTPServer):
    """Accepts every token that begins as the known ones do."""

    daemon_threads = True
    request_queue_size = 128

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def log_message(self, *_):
            pass

        def do_POST(self):
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            answer = {"active": False}
            if "token=token-" in form:
                answer = {
                    "active": True, "iss": "https://issuer.example", "sub": "248289761001", "client_id": "s6BhdRkqt3",
                    "username": "alice", "scope": "read write", "token_type": "Bearer", "aud": ["https://api.example"],
                    "iat": int(time.time()), "exp": int(time.time()) + 3600, "email": "alice@example.com", "groups": ["a"],
                }
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


@dataclass
class Contender:
    name: str
    # Its processes, by the name of what they do.
    processes: dict[str, subprocess.Popen]
    port: int
    # Requests per second, and microseconds of each process per request, for each number of tokens.
    rates: dict[int, list[float]] = field(default_factory=dict)
    costs: dict[int, list[dict[str, float]]] = field(default_factory=dict)
    # Answers that came too late or not at all, or refused a good token.
    failures: dict[int, float] = field(default_factory=dict)


class Stage:
    """Starts programs in a directory of their own, and ends them."""

    def __init__(self, gate, nginx, apache):
        self.gate, self.nginx, self.apache = gate, nginx, apache
        self.directory = Path(tempfile.mkdtemp(prefix="forward-auth-"))
        self.directory.chmod(0o755)  # Apache's children are another user.
        (self.directory / "www").mkdir()
        (self.directory / "www/answer").write_text("ok\n")
        self.authority = Authority().server_address[1]
        self.started = []

    def start(self, command, environment=None):
        log = open(self.directory / f"{len(self.started)}.log", "w")
        process = subprocess.Popen(
            [str(word) for word in command], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            env=os.environ | (environment or {}),
        )
        self.started.append(process)
        return process

    def end(self):
        for process in reversed(self.started):
            process.terminate()
        for process in self.started:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def redis(self):
        port = free_port()
        return port, self.start(["redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])

    def behind_nginx(self, name, store, processes=()):
        """nginx with the recipe, but that it serves a file itself."""
        gate, listen = free_port(), free_port()
        command = [
            self.gate, "serve", "--listen", f"127.0.0.1:{gate}", "--store", store, "--lifetime", 3600, "--client-id", "gate",
            "--introspection-endpoint", f"http://127.0.0.1:{self.authority}/introspect",
        ]
        secrets = {"TOKEN_GATE_CLIENT_SECRET": "hush", "TOKEN_GATE_SEALING_SECRET": SECRET}
        processes = dict(processes) | {"gate": self.start(command, secrets)}
        recipe = (ROOT / "Examples/Proxies/nginx/token-gate.conf").read_text()
        for written, used in (
            ("127.0.0.1:8000", f"127.0.0.1:{listen}"),
            ("127.0.0.1:8080", f"127.0.0.1:{gate}"),
            ("proxy_pass http://app;", f"root {self.directory}/www;"),
        ):
            assert written in recipe
            recipe = recipe.replace(written, used)
        directory = self.directory / f"nginx-{listen}"
        directory.mkdir()
        user = "user root;" if os.getuid() == 0 else ""
        places = "".join(f"{kind}_temp_path {kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (directory / "nginx.conf").write_text(
            f"daemon off; pid nginx.pid; error_log stderr warn; {user} worker_processes auto; events {{}}\n"
            f"http {{ access_log off; {places}\n{recipe}\n}}\n"
        )
        command = [self.nginx, "-p", directory, "-e", "stderr", "-c", directory / "nginx.conf"]
        return Contender(name, {"proxy": self.start(command)} | processes, listen)

    def apache_with_module(self, name, cache, processes=()):
        listen = free_port()
        modules = self.apache / "usr/lib/apache2/modules"
        directory = self.directory / f"apache-{listen}"
        directory.mkdir()
        names = ("mpm_event", "authn_core", "authz_core", "authz_user", "oauth2")
        (directory / "httpd.conf").write_text(
            "".join(f"LoadModule {each}_module {modules}/mod_{each}.so\n" for each in names)
            + ("User daemon\nGroup daemon\n" if os.getuid() == 0 else "")
            + f"""
ServerRoot {directory}
ServerName localhost
Listen 127.0.0.1:{listen}
PidFile {directory}/pid
Mutex file:{directory}
ErrorLog /dev/stderr
LogLevel warn
DocumentRoot {self.directory}/www
MaxKeepAliveRequests 0
OAuth2Cache {cache}
<Location "/">
    AuthType oauth2
    OAuth2TokenVerify introspect http://127.0.0.1:{self.authority}/introspect introspect.auth=client_secret_basic&client_id=gate&client_secret=hush
    Require valid-user
</Location>
"""
        )
        libraries = self.apache / "usr/lib" / f"{os.uname().machine}-linux-gnu"
        program = self.start(
            [self.apache / "usr/sbin/apache2", "-DFOREGROUND", "-f", directory / "httpd.conf"],
            {"LD_LIBRARY_PATH": str(libraries)},
        )
        return Contender(name, {"proxy": program} | dict(processes), listen)


def free_port():
    with socket.socket() as peer:
        peer.bind(("127.0.0.1", 0))
        return peer.getsockname()[1]


def ticks(root):
    """The CPU time that a process and its children have used, in seconds."""
    children, times = {}, {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry))
            times[int(entry)] = (int(fields[11]) + int(fields[12])) * TICK
    total, rest = 0.0, [root]
    while rest:
        process = rest.pop()
        total += times.get(process, 0)
        rest += children.get(process, [])
    return total


def ask(port, tokens):
    """Asks once with each token, and gives the statuses."""
    peer = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    statuses = []
    for token in tokens:
        peer.request("GET", "/answer", headers={"Authorization": f"Bearer {token}"})
        response = peer.getresponse()
        response.read()
        statuses.append(response.status)
    peer.close()
    return statuses


def await_start(contender):
    for _ in range(200):
        try:
            if ask(contender.port, ["unknown"]) == [401]:
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.05)
    raise SystemExit(f"error: {contender.name} does not start")


def warm(contender, tokens):
    with ThreadPoolExecutor(8) as pool:
        for statuses in pool.map(lambda part: ask(contender.port, tokens[part::8]), range(8)):
            assert all(status == 200 for status in statuses), f"{contender.name} refuses a good token"


def load(contender, count, script):
    """Puts a contender under load, and notes what it did."""
    before = {name: ticks(process.pid) for name, process in contender.processes.items()}
    told = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", script, f"http://127.0.0.1:{contender.port}/answer"],
        capture_output=True, text=True, timeout=60, check=True,
    ).stdout
    requests, failed, duration = map(float, re.search(r"FOUND (\S+) (\S+) (\S+)", told).groups())
    contender.failures[count] = contender.failures.get(count, 0) + failed
    contender.rates.setdefault(count, []).append(requests / duration)
    contender.costs.setdefault(count, []).append(
        {name: (ticks(process.pid) - before[name]) / requests * 1e6 for name, process in contender.processes.items()}
    )


def write_script(path, tokens):
    path.write_text(
        "local tokens = {" + ",".join(f'"{token}"' for token in tokens) + "}\nlocal place = 0\n"
        + """
function request()
    place = place % #tokens + 1
    return wrk.format("GET", nil, { ["Authorization"] = "Bearer " .. tokens[place] })
end
function done(summary)
    local e = summary.errors
    print("FOUND " .. summary.requests .. " " .. e.connect + e.read + e.write + e.status + e.timeout .. " " ..
        summary.duration / 1e6)
end
"""
    )
    return path


def table(rivals):
    """A table with a row for each contender; ratios are to the rival with the same kind of store.

    Tells whether every contender does as many requests as its rival, with all tokens.
    """
    met = True
    rows = [["", "tokens", "requests/s", "ratio", "≥ 1", "CPU µs: proxy", "gate", "redis", "all", "ratio", "failed"]]
    for count, (contender, rival) in itertools.product(COUNTS, rivals):
        cost = {
            name: statistics.median(each[name] for each in contender.costs[count]) for name in contender.processes
        }
        rate = statistics.median(contender.rates[count])
        faster = statistics.median(a / b for a, b in zip(contender.rates[count], rival.rates[count]))
        cheaper = statistics.median(
            sum(b.values()) / sum(a.values()) for a, b in zip(contender.costs[count], rival.costs[count])
        )
        own = contender is rival
        verdict = ""
        if not own and count == len(TOKENS):
            verdict = "met" if faster >= 1 else "NOT MET"
            met = met and faster >= 1
        parts = [f"{cost[name]:.0f}" if name in cost else "" for name in ("proxy", "gate", "redis")]
        rows.append(
            [contender.name, str(count), f"{rate:.0f}", "" if own else f"{faster:.1f}", verdict, *parts, f"{sum(cost.values()):.0f}"]
            + ["" if own else f"{cheaper:.1f}", f"{contender.failures[count]:.0f}"]
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) if column == 0 else cell.rjust(width)
                        for column, (cell, width) in enumerate(zip(row, widths))).rstrip())
    return met


def main():
    stage = Stage(*(Path(argument).resolve() for argument in sys.argv[1:4]))
    try:
        ours, theirs = stage.redis(), stage.redis()
        memory = stage.behind_nginx("nginx + gate, memory", "memory:")
        file = stage.behind_nginx("nginx + gate, SQLite", f"sqlite:{stage.directory}/tokens.db")
        redis = stage.behind_nginx("nginx + gate, Redis", f"redis://127.0.0.1:{ours[0]}", {"redis": ours[1]})
        shared = stage.apache_with_module("Apache + mod_oauth2, shared memory", "shm max_entries=8192")
        rival = stage.apache_with_module(
            "Apache + mod_oauth2, Redis", f"redis host=127.0.0.1&port={theirs[0]}", {"redis": theirs[1]}
        )
        contenders = [memory, file, redis, shared, rival]
        for contender in contenders:
            await_start(contender)
        for count in COUNTS:
            script = write_script(stage.directory / f"{count}.lua", TOKENS[:count])
            for contender in contenders:
                warm(contender, TOKENS[:count])
            for turn in range(ROUNDS + 1):
                for contender in contenders:
                    load(contender, count, script)
            for contender in contenders:  # The first round was for caches and branch predictors.
                del contender.rates[count][0], contender.costs[count][0]
        met = table([(memory, shared), (file, shared), (shared, shared), (redis, rival), (rival, rival)])
    except BaseException:
        for path in stage.directory.glob("*.log"):
            print(f"--- {path.name}", path.read_text()[-2000:], sep="\n", file=sys.stderr)
        raise
    finally:
        stage.end()
    return 0 if met else 1


sys.exit(main())
