"""Debian's Chromium for the tests that look at pages: headless, in Vietnamese, at the widths of a screen and of a phone."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, async_playwright

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "The browser tests drive Chromium, and there is none. Install it (`apt-get install chromium`) and run again."
WIDE, PHONE = (1366, 800), (390, 844)
TIMEOUT_MS = 15_000


def executable() -> str:
    """Fail, never skip: a page that nobody looked at is not proven."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.fail(MISSING, pytrace=False)
    return path


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    path = executable()
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def opened(browser: Browser, size: tuple[int, int] = WIDE) -> AsyncIterator[Page]:
    """A fresh page, as a phone where the size is a phone's. Fails at the end if a script on it failed."""
    width, height = size
    touch = size == PHONE
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        has_touch=touch,
        is_mobile=touch,
        reduced_motion="reduce",
    )
    context.set_default_timeout(TIMEOUT_MS)
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    try:
        yield page
    finally:
        await context.close()
    assert not faults
