"""Programs that run beside a test, and end with it."""

import os
import re
import socket
import subprocess
import tempfile
import time
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    """A process with a directory of its own, which keeps its output."""

    def __init__(self, name: str, command: list[str | Path], environment: dict[str, str], directory: Path):
        self.name = name
        self.log = directory / f"{name}.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=directory,
                env=os.environ | environment,
            )

    def announced_port(self) -> int:
        """The port in the line by which a server of ours says that it listens."""
        return int(self._wait(lambda: re.search(r"listening on http://[^\n]*:(\d+)\n", self.output)).group(1))

    def wait_for(self, port: int) -> None:
        """Waits until a port is listened on."""

        def is_open():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        self._wait(is_open)

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _wait(self, condition):
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if found := condition():
                return found
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        self.stop()
        raise SystemExit(f"error: {self.name} did not start:\n{self.output[-3000:]}")


class Programs:
    """The programs of a test; leaving it ends them, the last one first."""

    def __enter__(self):
        self._place = tempfile.TemporaryDirectory(prefix="test-proxies-")
        self.directory = Path(self._place.name)
        self._running: list[Program] = []
        return self

    def __exit__(self, *_):
        for program in reversed(self._running):
            program.stop()
        self._place.cleanup()

    def start(
        self,
        name: str,
        command: list[str | Path],
        environment: dict[str, str] | None = None,
        directory: Path | None = None,
    ) -> Program:
        program = Program(name, command, environment or {}, directory or self.directory)
        self._running.append(program)
        return program

    def stop(self, program: Program) -> None:
        program.stop()
        self._running.remove(program)
