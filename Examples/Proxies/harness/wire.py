"""An HTTP/1.1 client that sends exactly the bytes it is given: http.client would put right what a test wants wrong."""

import socket
from dataclasses import dataclass


@dataclass
class Response:
    status: int
    fields: list[tuple[str, str]]
    body: bytes = b""

    def field(self, name: str) -> str | None:
        values = [value for key, value in self.fields if key.lower() == name.lower()]
        return ", ".join(values) if values else None


class Connection:
    """One connection to a proxy; every wait has an end."""

    def __init__(self, port: int, seconds: float = 10):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        self.unread = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Sends as much as the peer takes: a proxy may answer, and close, before it has read the whole body."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def request(self, head: list[str], body: bytes = b"", chunked: bool = False) -> Response:
        """Sends a request and reads its answer. The first line of `head` is the request line."""
        if chunked:
            head = head + ["Transfer-Encoding: chunked"]
            middle = len(body) // 2
            body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:middle], body[middle:]))
            body += b"0\r\n\r\n"
        elif body:
            head = head + [f"Content-Length: {len(body)}"]
        self.send("\r\n".join(head + ["", ""]).encode("latin-1") + body)
        return self.response(has_body=not head[0].startswith("HEAD "))

    def response(self, has_body: bool = True) -> Response:
        """Reads the next answer; one of status 100 is skipped."""
        lines = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ")[1])
        fields = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])]
        response = Response(status, fields)
        if status == 100:
            return self.response(has_body)
        if not has_body or status in (101, 204, 304):
            return response
        if "chunked" in (response.field("Transfer-Encoding") or ""):
            response.body = self._chunks()
        elif (length := response.field("Content-Length")) is not None:
            response.body = self.read(int(length))
        else:
            while more := self.socket.recv(65536):
                self.unread += more
            response.body, self.unread = self.unread, b""
        return response

    def read(self, count: int) -> bytes:
        while len(self.unread) < count:
            self._more()
        data, self.unread = self.unread[:count], self.unread[count:]
        return data

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self._until(b"\r\n").split(b";")[0], 16):
            body += self.read(size)
            self._until(b"\r\n")
        self._until(b"\r\n")
        return body

    def _until(self, mark: bytes) -> bytes:
        while mark not in self.unread:
            self._more()
        data, _, self.unread = self.unread.partition(mark)
        return data

    def _more(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the proxy closed the connection before its answer was complete")
        self.unread += data
