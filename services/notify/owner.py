"""Who claims an entry. A claim of a process that has died on this very machine is free at once, not only when it lapses."""

import os
import socket
from collections.abc import Iterable
from pathlib import Path

import psutil

_FIELDS = 3


def _machine() -> str:
    """Our kernel's boot and this container's process ids: where both are equal, a process id means the same process."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:13]
    namespace = Path("/proc/self/ns/pid").readlink().name.strip("pid:[]")
    return f"{socket.gethostname()}/{boot}/{namespace}"


def _born(process: psutil.Process) -> int:
    return int(process.create_time() * 1_000)


def ourselves() -> str:
    """`machine|process id|start`: unique for ever."""
    process = psutil.Process()
    return f"{_machine()}|{process.pid}|{_born(process)}"


def dead(owners: Iterable[str]) -> list[str]:
    """Those of `owners` that ran on this machine and run no more. Of other machines nothing can be said."""
    machine = _machine()
    return [owner for owner in owners if _is_dead(owner, machine)]


def _is_dead(owner: str, machine: str) -> bool:
    told = owner.split("|")
    if len(told) != _FIELDS or told[0] != machine or not told[1].isdigit():
        return False
    pid = int(told[1])
    if pid == os.getpid() and owner != ourselves():
        return True
    try:
        process = psutil.Process(pid)
        return process.status() == psutil.STATUS_ZOMBIE or str(_born(process)) != told[2]
    except psutil.NoSuchProcess:
        return True
    except psutil.AccessDenied:
        return False
