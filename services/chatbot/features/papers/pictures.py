"""Has pictures made smaller by a process of their own (`shrink.py`): one at a time, with bounded memory and time.

The picture's sender chooses what it unpacks to: 1.4 MB of PNG may be 320 MB in memory. Here, only its bytes lie.
"""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from services.chatbot.features.papers import shrink
from services.chatbot.features.papers.shrink import IMAGE_BYTES

_COMMAND = (sys.executable, "-I", str(Path(shrink.__file__).resolve()))
SECONDS = 8.0  # Beyond its own bound of CPU: for a process that waits instead of working.


@dataclass(frozen=True, slots=True)
class PictureShrinker:
    command: tuple[str, ...] = _COMMAND
    seconds: float = SECONDS
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    async def small_enough(self, data: bytes) -> bytes | None:
        """Returns the picture itself when Zalo takes it as it is, else a smaller JPEG; None when there is none to be had."""
        if len(data) <= IMAGE_BYTES:
            return data
        async with self._turn:
            return await self._run(data)

    async def _run(self, data: bytes) -> bytes | None:
        process = await asyncio.create_subprocess_exec(*self.command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={})
        try:
            async with asyncio.timeout(self.seconds):
                small = await _answer(process, data)
                return small if 0 < len(small) <= IMAGE_BYTES and await process.wait() == 0 else None
        except TimeoutError:
            return None
        finally:
            if process.returncode is None:
                process.kill()
                await process.communicate()  # Its end is told only after what it wrote has been read.


async def _answer(process: Process, data: bytes) -> bytes:
    """What the process says to the picture; no more of it than a picture may have."""
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the process was started without pipes")
    process.stdin.write(data)
    with suppress(ConnectionError):  # It ended without reading to the end: what it says then is no picture.
        await process.stdin.drain()
    process.stdin.close()
    try:
        return await process.stdout.readexactly(IMAGE_BYTES + 1)
    except asyncio.IncompleteReadError as end:
        return end.partial
