"""Whose claims are free at once: those of processes that ran here and run no more."""

import subprocess
import sys

from services.notify.owner import dead, ourselves


def test_we_live() -> None:
    assert dead([ourselves()]) == []
    assert ourselves() == ourselves()


def test_a_process_that_ended_is_dead() -> None:
    words = "from services.notify.owner import ourselves; print(ourselves())"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)  # noqa: S603 - our words.
    owner = done.stdout.strip()
    assert dead([owner]) == [owner]


def test_another_process_under_our_number_was_somebody_else() -> None:
    machine, pid, born = ourselves().split("|")
    reborn = f"{machine}|{pid}|{int(born) - 1_000}"
    assert dead([reborn]) == [reborn]


def test_of_other_machines_nothing_can_be_said() -> None:
    _, pid, born = ourselves().split("|")
    assert dead([f"elsewhere/1/2|{pid}0000|{born}", "nonsense", ""]) == []
