"""supervisord: configured, started, and asked for states. `docs/decisions/0006-process-manager.md` says why this one."""

import configparser
import getpass
import hashlib
import os
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from loa.runtime.errors import SetupError
from loa.runtime.program import MARK, Program
from loa.runtime.settings import Settings

START_SECONDS = 10
UNSAYABLE = ('"', "'", "\\", "\n", " ;", " #")
LONGEST_SOCKET = 100  # Bytes; the kernel's limit for a socket's path is 108.
Refused = (OSError, xmlrpc.client.Error)


@dataclass(frozen=True, slots=True)
class State:
    """One process as supervisord sees it. `started` is Unix time of its latest start; 0 before the first."""

    name: str
    word: str  # RUNNING, STARTING, BACKOFF, FATAL, STOPPED, EXITED, STOPPING.
    pid: int
    started: int


class Supervisor:
    """The process manager of one state folder, whether it runs or not."""

    def __init__(self, settings: Settings) -> None:
        self._state = settings.loa_state
        self._logs = settings.logs
        self._socket = _socket(settings.loa_state)

    def start(self, programs: Iterable[Program], later: Iterable[Program]) -> None:
        """Run `programs` at once; `later` wait for `run`. Raises SetupError when supervisord itself does not come up."""
        self._logs.mkdir(parents=True, exist_ok=True)
        config = self._state / "supervisord.conf"
        config.touch(mode=0o600)
        with config.open("w") as file:
            self._render(programs, later).write(file)
        own_log = self._logs / "supervisord.err"
        with own_log.open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - the words below.
                [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(config)],
                env=os.environ | {MARK: str(self._state)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches the launcher only, which stops everything in order.
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.is_up():
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                output = own_log.read_text(errors="replace")[-500:]
                raise SetupError(f"The process manager did not start: {output}", f"Look into {self._logs}.")
            time.sleep(0.05)

    def is_up(self) -> bool:
        try:
            self._call("getState")
        except Refused:
            return False
        return True

    def run(self, name: str) -> None:
        self._call("startProcess", name, False)  # False: do not wait until it counts as running.

    def end(self, name: str) -> None:
        """Ask a process to end and wait until it has; it stays down."""
        self._call("stopProcess", name, True)

    def states(self) -> dict[str, State]:
        """By name; empty when supervisord does not run."""
        try:
            processes = self._call("getAllProcessInfo")
        except Refused:
            return {}
        return {
            process["name"]: State(process["name"], process["statename"], process["pid"], process["start"])
            for process in processes
        }

    def pid(self) -> int | None:
        try:
            return int(self._call("getPID"))
        except Refused:
            return None

    def shut_down(self) -> None:
        """Stop everything, services before the servers they need. Returns at once."""
        self._call("shutdown")

    def log_of(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def _call(self, method: str, *arguments: object) -> Any:
        transport = SupervisorTransport(None, None, f"unix://{self._socket}")
        with xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport) as server:
            return getattr(server.supervisor, method)(*arguments)

    def _render(self, programs: Iterable[Program], later: Iterable[Program]) -> configparser.RawConfigParser:
        """RawConfigParser writes what it is given; `_plain` doubles the percent signs that supervisord reads."""
        config = configparser.RawConfigParser()
        config["unix_http_server"] = {"file": _plain(str(self._socket)), "chmod": "0700"}
        config["supervisord"] = {
            "logfile": _plain(str(self._logs / "supervisord.log")),
            "pidfile": _plain(str(self._state / "supervisord.pid")),
            "user": getpass.getuser(),  # Said outright, or it warns when that is root.
            "minfds": "4096",
        }
        config["rpcinterface:supervisor"] = {
            "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
        }
        for first, group in ((True, programs), (False, later)):
            for program in group:
                config[f"program:{program.name}"] = self._section(program, first=first)
        return config

    def _section(self, program: Program, *, first: bool) -> dict[str, str]:
        return {
            "command": _plain(" ".join(_quoted(word) for word in program.argv)),
            "directory": _plain(program.directory),
            "environment": _plain(",".join(f"{name}={_quoted(value)}" for name, value in program.environment.items())),
            "priority": "100" if first else "900",  # Stopped in reverse: servers last.
            "autostart": str(first).lower(),
            "autorestart": "true",
            "startsecs": "1",
            "startretries": "20",  # Each pause is a second longer than the last: some three minutes in all.
            "stopsignal": "TERM",
            "stopwaitsecs": str(program.stop_seconds),
            "stopasgroup": "true",
            "killasgroup": "true",
            "redirect_stderr": "true",
            "stdout_logfile": _plain(_plain(str(self.log_of(program.name)))),  # Expanded twice, alone of all.
            "stdout_logfile_maxbytes": "20MB",
            "stdout_logfile_backups": "2",
        }


def _plain(text: str) -> str:
    return text.replace("%", "%%")  # supervisord expands %(name)s.


def _quoted(word: str) -> str:
    """Raises SetupError for what its configuration cannot hold: it has quotes and comments, but no escapes."""
    if any(character in word for character in UNSAYABLE):
        what = f"supervisord's configuration cannot hold {word!r}: quotes, backslashes, line ends and ' ;' have a meaning to it."
        raise SetupError(what, "Set LOA_STATE, or move the checkout, to a folder with a plainer name.")
    return f'"{word}"'


def _socket(state: Path) -> Path:
    """In the state folder where its path is short enough, else in a folder of this user's under the system's own."""
    here = state / "supervisor.sock"
    if len(os.fsencode(here)) <= LONGEST_SOCKET:
        return here
    short = Path(tempfile.gettempdir()) / f"loa-{os.getuid()}"
    short.mkdir(mode=0o700, exist_ok=True)
    if short.stat().st_uid != os.getuid():
        raise SetupError(f"{short} belongs to another user.", "Set LOA_STATE to a folder with a shorter path.")
    return short / f"{hashlib.sha256(os.fsencode(state)).hexdigest()[:16]}.sock"
