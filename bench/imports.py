"""A million exam scores through the real `loa import`: rows per second, and what it takes of memory at most."""

import asyncio
import os
import random
import sys
import time
from pathlib import Path

import psutil

from bench.environment import Environment
from bench.processes import service_process
from bench.rows import Row, at_most

ROWS = 1_000_000
BOUND_MB = 500  # Neither side may hold the file: it is 27 MB of text, and as Python objects it would be far over this.


def score_file(path: Path, rows: int) -> Path:
    """Candidate numbers in order, marks from a seed; as provinces publish them: no names, empty where not taken."""
    chance = random.Random(2026)
    with path.open("w", encoding="utf-8") as file:
        file.write("so_bao_danh,toan,ngu_van,vat_li,hoa_hoc\n")
        for number in range(rows):
            marks = ",".join(f"{chance.randrange(41) / 4:g}" if chance.random() > 0.2 else "" for _ in range(4))
            file.write(f"{37_000_000 + number},{marks}\n")
    return path


async def measure(environment: Environment) -> list[Row]:
    path = score_file(environment.home / "diem.csv", ROWS)
    state = environment.home / "operator"
    state.mkdir(exist_ok=True)
    (state / "secrets").symlink_to(environment.home / "service-secrets")
    async with service_process(
        "chatbot", environment.service_env(MONGO_DATABASE="bench_imports", CONTENT_DIR="content")
    ) as service:
        before = psutil.Process(service.process.pid).memory_info().rss
        started = time.perf_counter()
        command = await _import(path, service.url, state)
        peaks = await _peaks([command.pid, service.process.pid], command)
        seconds = time.perf_counter() - started
    if command.returncode:
        raise RuntimeError("the import failed")
    grown = (peaks[service.process.pid] - before) / 1e6
    return [
        Row(
            "import of a million scores",
            ROWS / seconds,
            "rows/s",
            note=f"{seconds:.0f} s with the real command, over HTTP",
        ),
        at_most("import: the command's memory", peaks[command.pid] / 1e6, "MB", BOUND_MB, "highest resident size"),
        at_most("import: the chatbot's growth", grown, "MB", BOUND_MB, "highest resident size above the start"),
    ]


async def _import(path: Path, url: str, state: Path) -> asyncio.subprocess.Process:
    """The operator's command, started."""
    words = ("loa", "import", "scores", str(path), "--source", "Sở Thử nghiệm", "--url", url)
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *words),
        env={**os.environ, "LOA_STATE": str(state)},
        stdout=asyncio.subprocess.DEVNULL,
    )


async def _peaks(pids: list[int], command: asyncio.subprocess.Process) -> dict[int, int]:
    """The highest resident size of each while the command runs, looked at ten times a second."""
    peaks = dict.fromkeys(pids, 0)
    while command.returncode is None:
        for pid in pids:
            try:
                peaks[pid] = max(peaks[pid], psutil.Process(pid).memory_info().rss)
            except psutil.Error:  # Gone between two looks.
                continue
        try:
            await asyncio.wait_for(command.wait(), 0.1)
        except TimeoutError:
            continue
    return peaks
