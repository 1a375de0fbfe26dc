"""The fake Zalo behind a real socket, in the test's own process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from loa.runtime.ports import free_port
from sandbox.app import build
from sandbox.platform import Platform
from tests.zalo import SECRETS, settings


class _Server(uvicorn.Server):
    def install_signal_handlers(self) -> None:
        """Signals are pytest's."""


@asynccontextmanager
async def platform_at(**more: Any) -> AsyncIterator[tuple[Platform, str]]:
    """The fake Zalo and its address."""
    port = free_port()
    platform = Platform.build(settings(public_url=f"http://127.0.0.1:{port}", **more), SECRETS)
    config = uvicorn.Config(
        build(platform), port=port, log_level="error", access_log=False, timeout_graceful_shutdown=1
    )
    server = _Server(config)
    serving = asyncio.ensure_future(server.serve())
    while not server.started:
        assert not serving.done(), "the fake Zalo did not start"
        await asyncio.sleep(0.01)
    try:
        yield platform, f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving
