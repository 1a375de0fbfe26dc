"""Whose claims are free at once: those of processes that ran here and run no more."""

import subprocess
import sys

from services.notify.process_id import current_process_id, dead_processes


def test_we_live() -> None:
    assert dead_processes([current_process_id()]) == []
    assert current_process_id() == current_process_id()


def test_a_process_that_ended_is_dead() -> None:
    words = "from services.notify.process_id import current_process_id; print(current_process_id())"
    completed = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)  # noqa: S603 - our words.
    worker_id = completed.stdout.strip()
    assert dead_processes([worker_id]) == [worker_id]


def test_another_process_under_our_number_was_somebody_else() -> None:
    machine, pid, born = current_process_id().split("|")
    reborn = f"{machine}|{pid}|{int(born) - 1_000}"
    assert dead_processes([reborn]) == [reborn]


def test_of_other_machines_nothing_can_be_said() -> None:
    _, pid, born = current_process_id().split("|")
    assert dead_processes([f"elsewhere/1/2|{pid}0000|{born}", "nonsense", ""]) == []
