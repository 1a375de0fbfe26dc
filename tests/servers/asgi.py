"""An application of ours behind a real socket, in this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp

from chassis.http import serve


@asynccontextmanager
async def serving(app: Any, port: int) -> AsyncIterator[str]:
    """Its address, once it answers; closed in order afterwards."""
    task = asyncio.create_task(serve(app, "127.0.0.1", port))
    url = f"http://127.0.0.1:{port}"
    try:
        async with aiohttp.ClientSession() as http:
            while True:
                if task.done():
                    task.result()
                with suppress(aiohttp.ClientError):
                    async with http.get(url):
                        break
                await asyncio.sleep(0.02)
        yield url
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
