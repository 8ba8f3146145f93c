"""The recipes beside this directory, and how each proxy is started with one."""

import os
import re
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from .programs import Program, Programs
from .wire import Connection

RECIPES = Path(__file__).parent.parent

# Debian's own nginx.conf in small: what a file in conf.d is included by.
NGINX_MAIN = """
daemon off;
pid nginx.pid;
error_log stderr warn;
%s
events {}
http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxied;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include token-gate.conf;
}
""" % ("user root;" if os.getuid() == 0 else "")


@dataclass(frozen=True)
class Proxy:
    """A program and its recipe. `{}` in the command is the directory of the configuration."""

    name: str
    recipe: str
    command: list[str]
    version: str
    environment: dict[str, str] = field(default_factory=dict)
    # Cases that no configuration of this proxy can pass, and why.
    limits: dict[str, str] = field(default_factory=dict)

    def version_number(self, binaries: Path) -> str:
        told = subprocess.run([binaries / self.name, self.version], capture_output=True, text=True, timeout=20)
        return re.search(r"\d+\.\d+\.\d+", told.stdout + told.stderr).group()

    def start(self, programs: Programs, binaries: Path, ports: dict[str, int], options: bool) -> Program:
        """Starts the proxy with its recipe, of which only the ports are changed.

        With `options` it is the recipe with all that it offers: lines that end with `# preflight` are taken in,
        those that end with `# token` are left out.
        """
        directory = programs.directory / f"{self.name}{'-options' if options else ''}"
        directory.mkdir()
        for source in (RECIPES / self.recipe).iterdir():
            if source.suffix != ".md":
                (directory / source.name).write_text(configured(source.read_text(), ports, options))
        (directory / "nginx.conf").write_text(NGINX_MAIN)
        command = [word.replace("{}", str(directory)) for word in self.command]
        environment = self.environment | {"HOME": str(directory), "XDG_CONFIG_HOME": str(directory)}
        program = programs.start(self.name, [binaries / self.name, *command], environment, directory)
        program.wait_for(ports["listen"])
        await_configuration(ports["listen"])
        return program


def await_configuration(port: int) -> None:
    """Waits until a proxy leads to the gate; Traefik listens before it has read its routes."""
    for _ in range(200):
        with Connection(port) as connection:
            if connection.request(["GET / HTTP/1.1", "Host: app.example"]).status == 401:
                return
        time.sleep(0.05)


def configured(text: str, ports: dict[str, int], options: bool) -> str:
    for written, role in (("8000", "listen"), ("8080", "gate"), ("9000", "app")):
        text = re.sub(rf"\b{written}\b", str(ports[role]), text)
    if options:
        text = re.sub(r"(?m)^( *|\t*)#(.*) # preflight$", r"\1\2", text)
        text = re.sub(r"(?m)^.* # token$\n", "", text)
    return text


PROXIES = [
    Proxy(
        "nginx",
        "nginx",
        ["-p", "{}", "-e", "stderr", "-c", "{}/nginx.conf"],
        "-v",
        limits={
            "forged field that the gate does not send": "nginx replaces the fields that the recipe names, no others",
        },
    ),
    Proxy(
        "caddy-2.6",
        "caddy",
        ["run", "--config", "{}/Caddyfile", "--adapter", "caddyfile"],
        "version",
        {"CADDY_ADMIN": "127.0.0.1:0"},
    ),
    Proxy(
        "caddy",
        "caddy",
        ["run", "--config", "{}/Caddyfile", "--adapter", "caddyfile"],
        "version",
        {"CADDY_ADMIN": "127.0.0.1:0"},
    ),
    Proxy(
        "traefik",
        "traefik",
        ["--configFile={}/traefik.yml"],
        "version",
    ),
    Proxy(
        "envoy",
        "envoy",
        ["-c", "{}/envoy.yaml", "--disable-hot-restart", "--concurrency", "1", "--log-level", "warning"],
        "--version",
    ),
]
