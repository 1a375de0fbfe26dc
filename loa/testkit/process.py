"""A real process under test or measured: started, killed, started again, and gone with the suite, whatever ends the suite."""

import ctypes
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

from loa.runtime.ports import free_port
from loa.runtime.program import Program

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


class Running:
    """One process and its log. `kill` is kill -9; `stop` asks first."""

    def __init__(self, program: Program, log: Path) -> None:
        self.program = program
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own programs.
                self.program.argv,
                env=os.environ | dict(self.program.environment),
                cwd=self.program.directory,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=_die_with_the_suite,  # noqa: PLW1509 - one system call, no locks; nothing else outlives kill -9 of pytest.
            )
        return self

    @property
    def pid(self) -> int:
        assert self._process is not None, f"{self.program.name} was never started"
        return self._process.pid

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def signal(self, number: int) -> None:
        """Any other signal, such as SIGSTOP and SIGCONT. A process that is stopped stands still when this returns."""
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self.pid, number)
            if number == signal.SIGSTOP:  # Every thread of it; a JVM has many.
                os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.wait(10)

    def stop(self) -> int:
        """Ask, wait, insist. The exit code: negative is the signal that ended it."""
        if self.alive():
            self.signal(signal.SIGTERM)
            try:
                return self.wait(self.program.stop_seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.wait(0)

    def wait(self, seconds: float) -> int:
        assert self._process is not None
        return self._process.wait(seconds)

    def output(self) -> str:
        """Its log so far."""
        return self.log.read_text(errors="replace")


class ServiceProcess(Running):
    """A process with an HTTP port for operators and one for everybody: `python -m <module>` on free ports."""

    def __init__(self, module: str, environment: Mapping[str, str], home: Path) -> None:
        self.port = int(environment.get("HTTP_PORT") or free_port())
        self.public_port = int(environment.get("PUBLIC_PORT") or free_port())
        ports = {"HTTP_PORT": str(self.port), "PUBLIC_PORT": str(self.public_port)}
        http_settings = {"HTTP_HOST": "127.0.0.1", **ports}
        program = Program(module, (sys.executable, "-m", module), dict(environment) | http_settings)
        super().__init__(program, home / f"{module}-{self.port}.log")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def public_url(self) -> str:
        return f"http://127.0.0.1:{self.public_port}"

    def await_ready(self, seconds: float = 30, path: str = "/ready") -> Self:
        def answers() -> bool:
            if not self.alive():
                raise AssertionError(f"{self.program.name} ended by itself:\n{self.output()[-3000:]}")
            with suppress(OSError), urllib.request.urlopen(self.url + path, timeout=2) as answer:  # noqa: S310 - http, to ourselves.
                return bool(answer.status == 200)
            return False

        wait_until(answers, seconds, f"{self.program.name} is not ready:\n{self.output()[-3000:]}")
        return self


def wait_until(holds: Callable[[], bool], seconds: float, otherwise: str) -> None:
    """For things that have no other way to say that they are done."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)


def _die_with_the_suite() -> None:
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
