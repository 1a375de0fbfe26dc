"""Who claims an entry. A claim of a process that has died on this very machine is free at once, not only when it lapses."""

import os
import socket
from collections.abc import Iterable
from pathlib import Path

import psutil

from contracts.text import read_number

_FIELD_COUNT = 3


def _machine() -> str:
    """Our kernel's boot and this container's process ids: where both are equal, a process id means the same process."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:13]
    namespace = Path("/proc/self/ns/pid").readlink().name.strip("pid:[]")
    return f"{socket.gethostname()}/{boot}/{namespace}"


def _started_ms(process: psutil.Process) -> int:
    return int(process.create_time() * 1_000)


def current_process_id() -> str:
    """`machine|process id|start`: unique for ever."""
    process = psutil.Process()
    return f"{_machine()}|{process.pid}|{_started_ms(process)}"


def dead_processes(worker_ids: Iterable[str]) -> list[str]:
    """Returns those of `owners` that ran on this machine and no longer run. Nothing is known of other machines."""
    machine = _machine()
    return [worker_id for worker_id in worker_ids if _is_dead(worker_id, machine)]


def _is_dead(worker_id: str, machine: str) -> bool:
    fields = worker_id.split("|")
    pid = read_number(fields[1]) if len(fields) == _FIELD_COUNT else None
    if pid is None or fields[0] != machine:
        return False
    if pid == os.getpid() and worker_id != current_process_id():
        return True
    try:
        process = psutil.Process(pid)
        return process.status() == psutil.STATUS_ZOMBIE or str(_started_ms(process)) != fields[2]
    except psutil.NoSuchProcess:
        return True
    except psutil.AccessDenied:
        return False
