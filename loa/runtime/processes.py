"""Which processes on this machine Loa started: those with its mark in their environment, and no other."""

import os
from contextlib import suppress
from pathlib import Path

import psutil

from loa.runtime.program import MARK

GRACE_SECONDS = 15


def of(state: Path) -> list[psutil.Process]:
    """Everything that was started for this state folder and still runs, its supervisor first."""
    processes = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):  # Another user's, or gone meanwhile.
            mine = process.pid != os.getpid() and process.environ().get(MARK) == str(state)
            if mine and process.status() != psutil.STATUS_ZOMBIE:
                processes.append(process)
    return sorted(processes, key=lambda process: process.create_time())


def end(state: Path, grace_seconds: float = GRACE_SECONDS) -> int:
    """Ask what is left to end, then insist. How many there were. The supervisor goes first: it starts the rest again."""
    processes = of(state)
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _, deaf = psutil.wait_procs(processes, timeout=grace_seconds)
    for process in deaf:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(deaf, timeout=5)
    return len(processes)
