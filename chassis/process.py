"""A service as a process: logs, signals, one task group, and a bounded stop."""

import asyncio
import gc
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable

import structlog
import uvloop

from chassis.errors import MisconfiguredError, OwnFaultError, TransientError
from chassis.log import configure
from chassis.settings import Settings

log = structlog.get_logger()

# A batch makes tens of thousands of objects and lets go of all of them: looking for cycles every 700 is wasted on it.
_COLLECT_AFTER = (20_000, 20, 50)


def run(service: str, settings: Settings, main: Callable[[], Awaitable[None]]) -> None:
    """Run `main` until it ends or SIGTERM/SIGINT comes. Exit code 0 after a signal, 1 after an error."""
    configure(service, settings.log_level)
    gc.set_threshold(*_COLLECT_AFTER)
    code = uvloop.run(_until_signalled(main, settings.stop_seconds))
    sys.exit(code)


def freeze_gc() -> None:
    """What is there now stays until the end, so the garbage collector need not look at it again and again.

    For a service that loads much before it begins: a quarter of the chatbot's CPU per message went into collections.
    """
    gc.collect()
    gc.freeze()


async def _until_signalled(main: Callable[[], Awaitable[None]], stop_seconds: float) -> int:
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(main())
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, _stop, task, stop_seconds)
    log.info("started")
    try:
        await task
    except asyncio.CancelledError:
        log.info("stopped")
        return 0
    except BaseException as fault:  # noqa: BLE001 — the last place: say why, and let whoever watches start us again.
        _log_failure(fault)
        _exit_hard_after(stop_seconds)  # A thread that hangs must not keep a stopped service from being restarted.
        return 1
    return 0


def _stop(task: "asyncio.Future[None]", stop_seconds: float) -> None:
    _exit_hard_after(stop_seconds)
    task.cancel()


def _exit_hard_after(seconds: float) -> None:
    """Nothing is lost by it, since nothing unfinished was committed."""
    timer = threading.Timer(seconds, os._exit, args=(1,))
    timer.daemon = True
    timer.start()


def _log_failure(fault: BaseException) -> None:
    inner = fault
    while isinstance(inner, BaseExceptionGroup):
        inner = inner.exceptions[0]
    log.error("failed", why=_reason(inner), exc_info=inner)


def _reason(fault: BaseException) -> str | None:
    """Returns the text to log: our own errors in full, since they name the remedy; of others what cannot quote a citizen."""
    if isinstance(fault, TransientError | OwnFaultError | MisconfiguredError):
        return str(fault)
    return fault.strerror if isinstance(fault, OSError) else None
