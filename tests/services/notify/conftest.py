"""The service on the real MongoDB with the fake Zalo behind it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from chassis.http import create_app
from tests.services.notify.notify_app import API_KEY, OA, OTHER_OA, NotifyApp, notify_app


@pytest.fixture
async def notify(mongo_url: str, tmp_path: Path) -> AsyncIterator[NotifyApp]:
    """One service, two OAs that allow it to send."""
    async with notify_app(mongo_url, tmp_path) as made:
        await made.authorise(OA, OTHER_OA)
        yield made


@pytest.fixture
async def web(notify: NotifyApp) -> AsyncIterator[httpx.AsyncClient]:
    """Its routes, for a client with every scope."""
    app = create_app("notify", lambda: True, {}, notify.service.service.routers)
    headers, transport = {"Authorization": f"Bearer {API_KEY}"}, httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://notify.test", headers=headers) as client:
        yield client
