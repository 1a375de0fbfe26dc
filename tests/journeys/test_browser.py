"""A person opens the page, plays a citizen, asks the police OA, and reads the right answer: the whole way, in a browser."""

import pytest
from playwright.async_api import Browser, Page, expect

from loa.testkit.system import FullSystem
from tests.browser import PHONE, WIDE, chromium, opened

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.timeout(180)]

OA = "Công an Quận 12"
QUESTION = "làm căn cước cần giấy tờ gì"
ANSWER_MS = 30_000


async def ask_question(page: Page, sandbox: str, name: str) -> None:
    """From the bare address to the question."""
    await page.goto(sandbox)
    await page.get_by_label("Họ và tên").fill(name)
    await page.get_by_role("button", name="Tạo người dân").click()
    await page.get_by_role("button", name=OA).click()
    box = page.get_by_label(f"Tin nhắn gửi {OA}")
    await box.fill(QUESTION)
    await box.press("Enter")


async def read_and_tap(page: Page) -> None:
    """The answer, its ticks, a button under it, and the next answer."""
    mine, theirs = page.locator(".line.mine"), page.locator(".line.theirs")
    await expect(mine.locator(".tick").first).to_have_text("OA đã nhận", timeout=ANSWER_MS)
    answer = theirs.first
    await expect(answer.locator(".text")).to_contain_text("CC01", timeout=ANSWER_MS)
    assert "căn cước" in (await answer.locator(".text").inner_text()).casefold()
    await expect(answer.locator(".tick")).to_have_text("Đã xem")
    await answer.get_by_role("button", name="Lệ phí").click()
    await expect(theirs.nth(1).locator(".text")).to_contain_text("phí", timeout=ANSWER_MS)
    await expect(theirs.nth(1).locator(".tick")).to_have_text("Đã xem")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["screen", "phone"])
async def test_a_question_about_the_identity_card_is_answered_on_the_page(
    system: FullSystem, size: tuple[int, int]
) -> None:
    browser: Browser
    async with chromium() as browser, opened(browser, size) as page:
        await ask_question(page, system.sandbox, "Nguyễn Thị Thử")
        await read_and_tap(page)
        assert await page.evaluate("document.documentElement.scrollWidth") == size[0]
