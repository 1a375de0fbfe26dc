"""The service on the real MongoDB with the fake Zalo behind it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.services.notify.notify_app import OA, OTHER_OA, NotifyApp, notify_app


@pytest.fixture
async def notify(mongo_url: str, tmp_path: Path) -> AsyncIterator[NotifyApp]:
    """One service, two OAs that allow it to send."""
    async with notify_app(mongo_url, tmp_path) as made:
        await made.authorise(OA, OTHER_OA)
        yield made
