"""A house as a process: logs, signals, one task group, and a stop that is bounded."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable

import structlog
import uvloop

from chassis.blame import TooManyBuried, Transient
from chassis.log import configure
from chassis.settings import Settings

log = structlog.get_logger()


def run(house: str, settings: Settings, main: Callable[[], Awaitable[None]]) -> None:
    """Run `main` until it ends or SIGTERM/SIGINT comes. Exit code 0 after a signal, 1 when the world or we failed."""
    configure(house, settings.log_level)
    code = uvloop.run(_until_told(main, settings.stop_seconds))
    sys.exit(code)


async def _until_told(main: Callable[[], Awaitable[None]], stop_seconds: float) -> int:
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(main())
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, _stop, task, stop_seconds)
    log.info("started")
    try:
        await task
    except asyncio.CancelledError:
        log.info("stopped")
        return 0
    except BaseException as fault:  # noqa: BLE001 — the last place: say why, and let whoever watches start us again.
        _tell(fault)
        return 1
    return 0


def _stop(task: "asyncio.Future[None]", stop_seconds: float) -> None:
    """Cancel, and if that hangs, leave hard: nothing is lost by it, since nothing unfinished was committed."""
    timer = threading.Timer(stop_seconds, os._exit, args=(1,))
    timer.daemon = True
    timer.start()
    task.cancel()


def _tell(fault: BaseException) -> None:
    inner = fault
    while isinstance(inner, BaseExceptionGroup) and inner.exceptions:
        inner = inner.exceptions[0]
    ours = isinstance(inner, Transient | TooManyBuried | OSError | ValueError)
    why = str(inner) if ours and not isinstance(inner, UnicodeError) else None  # Our own sentences name the remedy.
    log.error("failed", why=why, exc_info=inner)
