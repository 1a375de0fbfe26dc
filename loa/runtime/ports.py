"""Ports: which are free, and who holds those that are not."""

import socket
import time
from collections.abc import Mapping
from contextlib import suppress

import psutil

from loa.runtime.errors import SetupError

_HANDED_OUT: set[int] = set()  # A port is free again until its server listens: the kernel may return it twice.


def free_port() -> int:
    """Returns a TCP port of 127.0.0.1 that was free a moment ago, and that this process has not returned before."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if port not in _HANDED_OUT:
            _HANDED_OUT.add(port)
            return port


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # A port in TIME_WAIT is free to a server.
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def await_listening(port: int, seconds: float) -> None:
    """Raises SetupError when nothing listens in time."""
    deadline = time.monotonic() + seconds
    while True:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if time.monotonic() > deadline:
            raise SetupError(
                f"Nothing listens on port {port} after {seconds:g} s.", "`loa status` says where logs are."
            )
        time.sleep(0.05)


def owner(port: int) -> str | None:
    """Returns the listening process as "name (pid n)", or None where this user may not see it."""
    with suppress(psutil.Error):  # Not allowed, or gone meanwhile.
        for connection in psutil.net_connections("tcp"):
            listens = connection.status == psutil.CONN_LISTEN and tuple(connection.laddr)[1:2] == (port,)
            if listens and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (pid {connection.pid})"
    return None


def require_free(ports: Mapping[str, int]) -> None:
    """`ports` maps a setting to its port. Raises SetupError naming every taken port, its owner and its setting."""
    twice = sorted(name for name, port in ports.items() if list(ports.values()).count(port) > 1)
    if twice:
        raise SetupError(f"{' and '.join(twice)} name the same port.", "Give each its own.")
    taken = {name: port for name, port in ports.items() if not is_free(port)}
    if not taken:
        return
    names = {name: owner(port) or "a process of another user" for name, port in taken.items()}
    lines = [f"Port {port} ({name}) is taken by {names[name]}." for name, port in taken.items()]
    moves = " ".join(f"{name}={free_port()}" for name in taken)
    raise SetupError("\n".join(lines), f"Stop what holds it (ours: `make down`), or move us: `make up {moves}`.")
