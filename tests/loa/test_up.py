"""`loa up` as a person types it: the real services, in a terminal, until Ctrl-C. On Tansu, which the journeys leave out."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from loa.runtime import processes
from loa.runtime.ports import free_port, is_free
from loa.runtime.settings import ROOT, Settings
from loa.testkit.process import wait_until

START_SECONDS = 150

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]


@dataclass
class Terminal:
    """A process with a terminal of its own, so that Ctrl-C is Ctrl-C."""

    pid: int
    screen: int
    shown: str = ""

    def sees(self, words: str) -> bool:
        """Whether `words` were ever shown. Fails when the process ends without them."""
        if not select.select([self.screen], [], [], 0.2)[0]:
            return words in self.shown
        try:
            self.shown += os.read(self.screen, 65_536).decode(errors="replace")
        except OSError:  # How Linux says that nobody holds the other end any more.
            assert words in self.shown, self.shown
        return words in self.shown

    def types(self, keys: bytes) -> None:
        os.write(self.screen, keys)

    def exit_code(self) -> int:
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    ports = {name: str(free_port()) for name in Settings.read({}).ports()}
    return {**os.environ, **ports, "LOA_STATE": str(tmp_path_factory.mktemp("up") / "state"), "BROKER": "tansu"}


@pytest.fixture(scope="module")
def terminal(environment: dict[str, str]) -> Iterator[Terminal]:
    pid, screen = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.execve(sys.executable, [sys.executable, "-m", "loa", "up"], environment)  # noqa: S606 - no shell is wanted.
    yield Terminal(pid, screen)
    processes.end(Path(environment["LOA_STATE"]))
    os.close(screen)


def loa(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Another terminal, which was told where the state is and nothing of the ports."""
    inherited = {name: value for name, value in environment.items() if not name.endswith("_PORT")}
    command = [sys.executable, "-m", "loa", *words]
    return subprocess.run(command, cwd=ROOT, env=inherited, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - ours.


def test_it_ends_in_printed_addresses(terminal: Terminal, environment: dict[str, str]) -> None:
    wait_until(lambda: terminal.sees("Stop with Ctrl-C"), START_SECONDS, "no addresses were printed")
    assert "Broker: Tansu (BROKER asks for it" in terminal.shown
    assert "5 Official Accounts are registered" in terminal.shown
    assert f"http://127.0.0.1:{environment['SANDBOX_PORT']}/" in terminal.shown


@pytest.mark.usefixtures("terminal")
def test_a_question_is_answered(environment: dict[str, str]) -> None:
    result = loa(environment, "say", "làm căn cước cần giấy tờ gì", "--oa", "Quận 12", "--wait", "30")
    assert result.returncode == 0, result.stdout + result.stderr
    assert re.search("căn cước", result.stdout.split("\n", 1)[1], re.IGNORECASE)


@pytest.mark.usefixtures("terminal")
def test_status_tells_that_all_is_well(environment: dict[str, str]) -> None:
    result = loa(environment, "status")
    assert result.returncode == 0, result.stdout
    assert {"gateway", "chatbot", "tips", "notify", "auditor", "sandbox", "mongo", "broker"} <= set(
        result.stdout.split()
    )


@pytest.mark.usefixtures("terminal")
def test_seeding_again_does_no_harm(environment: dict[str, str]) -> None:
    assert loa(environment, "seed").returncode == 0
    assert loa(environment, "say", "xin chào", "--wait", "30").returncode == 0


def test_a_service_that_is_killed_comes_back_and_the_person_is_told(
    terminal: Terminal, environment: dict[str, str]
) -> None:
    status = loa(environment, "status").stdout
    pid = int(re.search(r"gateway\s+RUNNING\s+(\d+)", status)[1])  # type: ignore[index]  # None fails the test.
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: terminal.sees("gateway had died and was started again"), 30, "nobody was told")
    wait_until(lambda: loa(environment, "status").returncode == 0, 60, "it is not well again")


def test_ctrl_c_stops_everything_that_was_started(terminal: Terminal, environment: dict[str, str]) -> None:
    terminal.types(b"\x03")
    time.sleep(0.3)
    terminal.types(b"\x03")  # An impatient hand.
    wait_until(lambda: terminal.sees("Everything that was started is stopped."), 90, "it did not stop")
    assert terminal.exit_code() == 0
    settings = Settings.read({name: environment[name] for name in ("LOA_STATE", *Settings.read({}).ports())})
    assert not processes.of(settings.loa_state)
    assert all(is_free(port) for port in settings.ports().values())
