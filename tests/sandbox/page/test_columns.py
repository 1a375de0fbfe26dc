"""Several people beside each other, officers, other browsers, and a phone's width."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser import PHONE, opened
from tests.sandbox.page.conftest import OA, PORTAL, Fake

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]


async def test_two_citizens_and_an_officer_see_each_others_words_at_once(fake: Fake, browser: Browser) -> None:
    first, second = fake.citizen("Trần Văn Mẫu"), fake.citizen("Đỗ Văn Giả")
    async with opened(browser) as page:
        await page.goto(f"{fake.url}/chat/?mo={first}_{OA}.{second}_{PORTAL}")
        columns = page.locator(".person")
        await expect(columns).to_have_count(2)
        await columns.nth(0).get_by_label("Tin nhắn gửi").fill("Tôi cần gặp cán bộ")
        await columns.nth(0).get_by_label("Tin nhắn gửi").press("Enter")
        await page.get_by_role("button", name="Thêm cán bộ OA").click()
        await page.get_by_role("dialog").get_by_role("button", name="Công an Quận 12").click()
        officer = columns.nth(2)
        await officer.get_by_role("button", name="Trần Văn Mẫu").click()
        await expect(officer.locator(".line.theirs .text")).to_have_text("Tôi cần gặp cán bộ")
        await officer.get_by_label("Mã cán bộ").fill("900000000000000007")
        await officer.get_by_label("Mã cán bộ").press("Tab")
        await officer.get_by_label("Tin nhắn gửi Trần Văn Mẫu").fill("Tôi đây")
        await officer.get_by_label("Tin nhắn gửi Trần Văn Mẫu").press("Enter")
        await expect(columns.nth(0).locator(".line.theirs")).to_contain_text("Cán bộ · Công an Quận 12")
        await expect(columns.nth(0).locator(".line.theirs .text")).to_have_text("Tôi đây")
        await expect(officer.locator(".line.mine .tick")).to_have_text("Đã xem")
        await expect(columns.nth(1).locator(".line")).to_have_count(0)
        await page.reload()
        await expect(page.locator(".person")).to_have_count(3)
        await expect(page.locator(".person").nth(2).locator(".line")).to_have_count(2)
    assert fake.gateway.last("oa_send_text")["sender"] == {"id": OA, "admin_id": "900000000000000007"}


async def test_two_browsers_show_the_same_conversation_live(fake: Fake, browser: Browser) -> None:
    citizen = fake.citizen()
    async with opened(browser) as here, opened(browser) as there:
        await here.goto(fake.page(citizen))
        await there.goto(fake.page(citizen))
        await expect(there.get_by_label("Tin nhắn gửi")).to_be_visible()
        await here.get_by_label("Tin nhắn gửi").fill("Xin chào")
        await here.get_by_label("Tin nhắn gửi").press("Enter")
        await expect(there.locator(".line.mine .text")).to_have_text("Xin chào")
        await expect(there.locator(".line.mine .tick")).to_have_text("OA đã nhận")


async def test_on_a_phone_one_person_is_shown_at_a_time_and_nothing_overflows(fake: Fake, browser: Browser) -> None:
    first, second = fake.citizen("Trần Văn Mẫu"), fake.citizen("Đỗ Văn Giả")
    fake.says(second, "chào")
    async with opened(browser, PHONE) as page:
        await page.goto(f"{fake.url}/chat/?mo={first}.{second}_{OA}")
        await expect(page.locator(".person:visible")).to_have_count(1)
        fake.oa_says(second, {"text": "Chào bạn"})
        await expect(page.locator(".tab").nth(1).get_by_label("1 tin chưa đọc")).to_be_visible()
        assert not fake.history(second)[-1]["seen"], "it is on the page, but not on the screen"
        await page.locator(".tab").nth(1).click()
        await expect(page.locator(".person:visible .line.theirs .tick")).to_have_text("Đã xem")
        await page.get_by_role("button", name="Về danh sách OA").locator("visible=true").click()
        await expect(page.locator(".person:visible").get_by_role("button", name="Cổng DVC")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") == PHONE[0]


async def test_the_keyboard_alone_is_enough(fake: Fake, browser: Browser) -> None:
    async with opened(browser) as page:
        await page.goto(f"{fake.url}/chat/?mo={fake.citizen()}")
        await page.get_by_label("Tìm trong official account").focus()
        await page.keyboard.type("dien tu")
        await expect(page.locator(".roll li")).to_have_count(1)
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("Tin nhắn gửi Chính quyền điện tử Sông Lam")).to_be_focused()
        await page.keyboard.type("Xin chào")
        await page.keyboard.press("Enter")
        await expect(page.locator(".line.mine .tick")).to_have_text("OA đã nhận")


async def test_everything_that_can_be_pressed_has_a_name_and_every_picture_words(fake: Fake, browser: Browser) -> None:
    citizen = fake.citizen()
    fake.says(citizen, "chào")
    async with opened(browser) as page:
        await page.goto(fake.page(citizen))
        await page.get_by_role("button", name="Gửi nội dung khác").click()
        await expect(page.get_by_role("group", name="Nội dung có thể gửi")).to_be_visible()
        nameless = await page.evaluate(
            """[...document.querySelectorAll('button, a[href], input:not([type=file]), textarea, select')]
               .filter((e) => e.checkVisibility() && !e.labels?.length && !e.ariaLabel && !e.innerText?.trim())
               .map((e) => e.outerHTML)"""
        )
        assert nameless == []
        assert await page.locator("img:not([alt])").count() == 0
        assert await page.locator("html").get_attribute("lang") == "vi"


async def test_the_page_needs_nothing_from_outside(fake: Fake, browser: Browser) -> None:
    urls: list[str] = []
    async with opened(browser) as page:
        page.on("request", lambda request: urls.append(request.url))
        await page.goto(fake.page(fake.citizen()))
        await expect(page.get_by_label("Tin nhắn gửi")).to_be_visible()
    assert urls
    assert [url for url in urls if not url.startswith((fake.url, "data:", "blob:"))] == []


async def test_an_address_beside_the_page_is_answered_as_before(fake: Fake) -> None:
    assert fake.http.get("/sandbox/nothing").json() == {"detail": "Not Found"}
    assert fake.http.delete("/sandbox/oas").status_code == 405
    assert fake.http.get("/").headers["location"] == "/chat/"


async def test_a_lost_connection_is_told_in_vietnamese(fake: Fake) -> None:
    assert "Mất kết nối" in fake.http.get("/chat/").text
