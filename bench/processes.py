"""Services as processes of a bench, and the CPU time they use."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp
import psutil

from loa.runtime.ports import free_port

READY_SECONDS = 60


def cpu_seconds(pid: int) -> float:
    """Returns user and system time together, of all threads."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


@dataclass
class ServiceProcess:
    """A started process with an HTTP port."""

    name: str
    url: str
    public_url: str
    process: asyncio.subprocess.Process
    _cpu_at: float = field(default=0.0)

    @property
    def port(self) -> int:
        return urlsplit(self.public_url).port or 0

    @property
    def cpu_seconds(self) -> float:
        return cpu_seconds(self.process.pid)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """The process stands still meanwhile. For seconds, not minutes: its consumer group waits for ten."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def mark(self) -> None:
        self._cpu_at = self.cpu_seconds

    @property
    def cpu_since_mark(self) -> float:
        return self.cpu_seconds - self._cpu_at


@asynccontextmanager
async def service_process(name: str, env: Mapping[str, str], module: str = "") -> AsyncIterator[ServiceProcess]:
    """Runs `python -m services.<name>` (or `module`) on a free port; yields once it is ready."""
    port = free_port()
    public_port = port if module else free_port()  # The bare servers have one port.
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module or f"services.{name}",
        env={**os.environ, **env, "HTTP_PORT": str(port), "PUBLIC_PORT": str(public_port)},
        stdout=asyncio.subprocess.DEVNULL,
    )
    service = ServiceProcess(name, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{public_port}", process)
    try:
        await _wait_until_ready(service)
        yield service
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _wait_until_ready(service: ServiceProcess) -> None:
    async with aiohttp.ClientSession() as http:
        for _ in range(READY_SECONDS * 10):
            if service.process.returncode is not None:
                raise RuntimeError(f"{service.name} ended with {service.process.returncode} before it was ready")
            try:
                async with http.get(f"{service.url}/ready") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
    raise RuntimeError(f"{service.name} was not ready within {READY_SECONDS} s")
