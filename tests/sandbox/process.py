"""The sandbox as its own process, on free ports, stopped by its id."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.zalo import APP_SECRET, OA_KEY, ROOT

START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Running:
    process: "subprocess.Popen[str]"
    url: str
    home: Path
    ports: tuple[int, int, int]  # Plain, TLS, proxy.

    def stop(self) -> int:
        """Ask it to stop; return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(15)


def free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


def secrets(home: Path) -> Path:
    folder = home / "secrets"
    folder.mkdir(exist_ok=True)
    (folder / "zalo-app-secret").write_text(APP_SECRET)
    (folder / "zalo-oa-secret-key").write_text(OA_KEY)
    return folder


@contextmanager
def running(home: Path, *arguments: str, **environ: str) -> Iterator[Running]:
    plain, tls, proxy = free_ports(3)
    environment = {
        "HTTP_PORT": str(plain), "TLS_PORT": str(tls), "PROXY_PORT": str(proxy), "SECRETS_DIR": str(secrets(home)),
        "TLS_DIR": str(home / "tls"), "PATH": os.environ["PATH"], **environ,
    }  # fmt: skip
    command = [sys.executable, "-m", "sandbox", *arguments]
    process = subprocess.Popen(  # noqa: S603  Our own module, our own arguments.
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    made = Running(process, f"http://127.0.0.1:{plain}", home, (plain, tls, proxy))
    try:
        _until_ready(made)
        yield made
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _until_ready(made: Running) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{made.url}/ready").raise_for_status()
        except httpx.HTTPError:
            assert made.process.poll() is None, "the sandbox ended before it was ready"
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the sandbox did not become ready")
