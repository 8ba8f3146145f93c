"""The servers around a proxy: the app behind it, the relay before the gate, and the one before the authority."""

import base64
import hashlib
import http.client
import json
import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    """An HTTP server on a free port of loopback, in threads that end with the program."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, handler: type[BaseHTTPRequestHandler]):
        super().__init__(("127.0.0.1", 0), handler)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass  # A peer that left.


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One packet an answer: Nagle's algorithm would hold the second one back.
    wbufsize = -1

    def log_message(self, *_):
        pass

    def content(self) -> bytes:
        """The body. Fields in its trailer count as fields of the head, as some apps have it."""
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        while line := self.rfile.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            self.headers[name] = value.strip()
        return body

    def answer(self, status: int, body: bytes, fields: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class App(Server):
    """Returns each request as JSON, and counts them.

    It takes an upgrade to anything, and then returns the bytes that it gets.
    """

    def __init__(self):
        self.requests = 0
        # What the last request to upgrade asked for.
        self.protocols: list[str] = []
        app = self

        class Echo(Handler):
            def __getattr__(self, name):
                if name.startswith("do_"):
                    return self.echo
                raise AttributeError(name)

            def echo(self):
                app.requests += 1
                wants = "upgrade" in self.headers.get("Connection", "").lower()
                if wants and (protocol := self.headers.get("Upgrade")):
                    app.protocols = self.headers.get_all("Upgrade")
                    return self.upgrade(protocol)
                body = self.content()
                request = {
                    "method": self.command,
                    "path": self.path,
                    "fields": self.headers.items(),
                    "length": len(body),
                    "digest": hashlib.sha256(body).hexdigest(),
                }
                self.answer(200, json.dumps(request).encode(), {"X-App": "echo"})

            def upgrade(self, protocol):
                key = self.headers.get("Sec-WebSocket-Key", "") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
                self.send_response(101)
                self.send_header("Connection", "Upgrade")
                self.send_header("Upgrade", protocol)
                self.send_header(
                    "Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
                )
                self.end_headers()
                self.wfile.flush()
                while data := self.connection.recv(4096):
                    self.connection.sendall(data)
                self.close_connection = True

        super().__init__(Echo)


class TrimmedAuthority(Server):
    """Hands introspections on to an authorization server, and takes members out of its answers.

    A token of the subject `without-NAME` has no member NAME: the authorization server itself always says everything.
    """

    def __init__(self, port: int):
        class Trim(Handler):
            def do_POST(self):
                peer = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
                peer.request("POST", self.path, self.content(), dict(self.headers.items()))
                response = peer.getresponse()
                body = response.read()
                if response.status == 200:
                    members = json.loads(body)
                    kind, _, name = members.get("sub", "").partition("-")
                    if kind == "without":
                        members.pop(name, None)
                    body = json.dumps(members).encode()
                self.answer(response.status, body, {"Content-Type": "application/json"})

        super().__init__(Trim)


class Relay:
    """Stands before the gates, counts the connections, and leads to one gate, another, or to none."""

    def __init__(self, target: int):
        self.target = target
        self.connections = 0
        self._open: list[socket.socket] = []
        self._listener = None
        self._listen(0)
        self.port = self._listener.getsockname()[1]

    @contextmanager
    def leading_to(self, target: int | None):
        """Within it new connections go to another port, or are refused. Connections that are kept are closed."""
        before = self.target
        self._switch(target)
        try:
            yield
        finally:
            self._switch(before)

    def close(self) -> None:
        self._switch(None)

    def _switch(self, target: int | None) -> None:
        if target is None:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        elif self._listener.fileno() < 0:
            self._listen(self.port)
        self.target = target
        for peer in self._open:
            try:
                peer.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self._open.clear()
        time.sleep(0.2)  # Until the proxy has noticed; there is nothing to ask.

    def _listen(self, port: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", port), backlog=128)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
                gate = socket.create_connection(("127.0.0.1", self.target), timeout=5)
            except OSError:
                if listener.fileno() < 0:
                    return
                continue
            self.connections += 1
            gate.settimeout(None)
            for peer in (client, gate):
                peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open += [client, gate]
            for source, sink in ((client, gate), (gate, client)):
                threading.Thread(target=_copy, args=(source, sink), daemon=True).start()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    for peer in (source, sink):
        try:
            peer.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
