"""Start everything on this machine, seed the demonstration province, and stay until Ctrl-C."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Annotated

import typer

from loa.runtime import launch, prometheus, seed, watch
from loa.runtime.services import services
from loa.runtime.settings import Settings


def command(
    detach: Annotated[bool, typer.Option("--detach", help="Return once all is ready; `loa down` stops it.")] = False,
) -> None:
    """Start everything, and stop it all at the end, unless detached."""
    settings = Settings.read(os.environ)
    began = time.monotonic()
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    try:
        running = launch.start(settings, services(settings), report)
        with leaving_nothing(settings):
            seed.seed_demo(settings, report)
            print(welcome(settings, time.monotonic() - began), flush=True)
            if detach:
                return
            watch.until_stopped(running, report)
            launch.stop(settings)
    except KeyboardInterrupt:
        pass
    report("Everything that was started is stopped.")


@contextmanager
def leaving_nothing(settings: Settings) -> Iterator[None]:
    """Whatever ends the stay early, Ctrl-C or trouble, ends all that was started."""
    try:
        yield
    except BaseException:
        report("Stopping …")
        launch.stop(settings)
        raise


def report(sentence: str) -> None:
    print(sentence, flush=True)


def welcome(settings: Settings, seconds: float) -> str:
    """Where to go now."""
    rows = [
        ("Play a citizen", settings.sandbox_port, "/"),
        ("Gateway's page", settings.gateway_port, "/"),
        ("Gateway", settings.gateway_internal_port, "/openapi.json"),
        ("Chatbot", settings.chatbot_internal_port, "/openapi.json"),
        ("Tips", settings.tips_port, "/openapi.json"),
        ("Notify", settings.notify_internal_port, "/openapi.json"),
        ("Auditor", settings.auditor_port, "/openapi.json"),
    ]
    if prometheus.installed():
        rows.append(("Prometheus", settings.prometheus_port, "/"))
    lines = [f"  {what:<15} http://127.0.0.1:{port}{path}" for what, port, path in rows]
    return "\n".join([f"\nLoa is up after {seconds:.0f} s.", *lines, "\nStop with Ctrl-C here, or `make down`.\n"])


def _as_ctrl_c(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
