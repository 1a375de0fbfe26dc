"""A citizen's conversation, as a person plays it in a browser."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser import opened
from tests.sandbox.page.conftest import OA, Fake

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

BUTTONS = [
    {"title": "Lệ phí", "type": "oa.query.show", "payload": "#le_phi"},
    {"title": "Nơi nộp", "type": "oa.query.hide", "payload": "#noi_nop"},
    {"title": "Trang web", "type": "oa.open.url", "payload": {"url": "https://example.vn/"}},
    {"title": "Gọi trực ban", "type": "oa.open.phone", "payload": {"phone_code": "0900000113"}},
    {"title": "Bẫy", "type": "oa.open.url", "payload": {"url": "javascript:document.title='x'"}},
]


def with_buttons(text: str) -> dict[str, object]:
    return {"text": text, "attachment": {"type": "template", "payload": {"buttons": BUTTONS}}}


async def write(page: Page, text: str) -> None:
    box = page.get_by_label("Tin nhắn gửi Công an Quận 12")
    await box.fill(text)
    await box.press("Enter")


async def test_from_the_empty_page_to_an_acknowledged_message(fake: Fake, browser: Browser) -> None:
    async with opened(browser) as page:
        await page.goto(fake.url)
        await page.get_by_label("Họ và tên").fill("Phạm Văn Nháp")
        await page.get_by_role("button", name="Tạo người dân").click()
        await page.get_by_role("button", name="Công an Quận 12").click()
        await page.get_by_role("button", name="Quan tâm", exact=True).click()
        await expect(page.get_by_role("button", name="Đang quan tâm")).to_be_visible()
        await write(page, "Xin chào")
        line = page.locator(".line.mine")
        await expect(line.locator(".text")).to_have_text("Xin chào")
        await expect(line.locator(".tick")).to_have_text("OA đã nhận")
    assert fake.gateway.names() == ["follow", "user_send_text"]


async def test_shift_enter_makes_a_line_and_an_empty_message_is_not_sent(fake: Fake, browser: Browser) -> None:
    async with opened(browser) as page:
        await page.goto(fake.page(fake.citizen()))
        box = page.get_by_label("Tin nhắn gửi Công an Quận 12")
        await box.press("Enter")
        await box.type("một")
        await box.press("Shift+Enter")
        await box.type("hai")
        await page.get_by_role("button", name="Gửi tin nhắn").click()
        await expect(page.locator(".line.mine .text")).to_have_text("một\nhai")
        await expect(box).to_have_value("")
    assert fake.gateway.last("user_send_text")["message"]["text"] == "một\nhai"
    assert fake.gateway.names() == ["user_send_text"]


async def test_buttons_send_open_or_tell_what_the_phone_would_do(fake: Fake, browser: Browser) -> None:
    citizen = fake.citizen()
    fake.says(citizen, "chào")
    fake.oa_says(citizen, with_buttons("Bạn cần gì?"))
    async with opened(browser) as page:
        await page.goto(fake.page(citizen))
        await page.get_by_role("button", name="Lệ phí").click()
        await expect(page.locator(".line.mine .text").last).to_have_text("#le_phi")
        await page.get_by_role("button", name="Nơi nộp").click()
        await expect(page.get_by_role("link", name="Trang web")).to_have_attribute("href", "https://example.vn/")
        await expect(page.get_by_role("link", name="Trang web")).to_have_attribute("target", "_blank")
        await page.get_by_role("button", name="Gọi trực ban").click()
        await expect(page.get_by_role("dialog")).to_contain_text("0900000113")
        await page.get_by_role("button", name="Đóng", exact=True).click()
        await page.get_by_role("button", name="Bẫy").click()
        await expect(page.get_by_text("không mở được")).to_be_visible()
        assert await page.title() == "Zalo giả lập của Loa"
        assert await page.locator(".line.mine .text").all_inner_texts() == ["chào", "#le_phi"]
    sent = [event["message"]["text"] for event in fake.gateway.received if event["event_name"] == "user_send_text"]
    assert sent == ["chào", "#le_phi", "#noi_nop"]


async def test_a_message_is_seen_when_somebody_looks_and_not_before(fake: Fake, browser: Browser) -> None:
    citizen = fake.citizen()
    fake.says(citizen, "chào")
    fake.oa_says(citizen, {"text": "Chào bạn"})
    assert "user_seen_message" not in fake.gateway.names()
    async with opened(browser) as page:
        await page.goto(f"{fake.url}/chat/?mo={citizen}")
        await expect(page.get_by_role("button", name="Công an Quận 12").get_by_label("1 tin chưa đọc")).to_be_visible()
        await page.get_by_role("button", name="Công an Quận 12").click()
        await expect(page.locator(".line.theirs .tick")).to_have_text("Đã xem")
        fake.oa_says(citizen, {"text": "Còn gì nữa không?"})
        await expect(page.locator(".line.theirs .tick").last).to_have_text("Đã xem")
    assert all(message["seen"] for message in fake.history(citizen) if message["from_oa"])


async def test_words_are_never_markup(fake: Fake, browser: Browser) -> None:
    citizen, evil = (
        fake.citizen("<img src=x onerror=document.title='x'>"),
        "<script>document.title='x'</script>{{7*7}} </p>",
    )
    fake.says(citizen, evil)
    fake.oa_says(citizen, {"text": evil})
    async with opened(browser) as page:
        await page.goto(fake.page(citizen))
        await expect(page.locator(".line .text")).to_have_text([evil, evil])
        assert await page.title() == "Zalo giả lập của Loa"


@pytest.mark.parametrize(("status", "why"), [(503, "mã 503"), (404, "mã 404")])
async def test_what_the_gateway_did_not_acknowledge_is_told_until_it_does(
    fake: Fake, browser: Browser, status: int, why: str
) -> None:
    fake.gateway.status = status
    async with opened(browser) as page:
        await page.goto(fake.page(fake.citizen()))
        await write(page, "Có ai không?")
        await expect(page.get_by_role("alert").filter(has_text=why)).to_be_visible()
        await expect(page.locator(".line.mine .tick")).to_have_text("OA chưa nhận được")
        fake.gateway.status = 200
        await expect(page.locator(".line.mine .tick")).to_have_text("OA đã nhận", timeout=20_000)


async def test_reactions_quotes_calls_details_and_withdrawal(fake: Fake, browser: Browser) -> None:
    citizen = fake.citizen()
    fake.says(citizen, "chào")
    asks = {"template_type": "request_user_info", "elements": [{"title": "Liên hệ", "subtitle": "Để cán bộ gọi lại"}]}
    fake.oa_says(citizen, {"attachment": {"type": "template", "payload": asks}})
    async with opened(browser) as page:
        await page.goto(fake.page(citizen))
        theirs = page.locator(".line.theirs")
        await theirs.get_by_role("button", name="Bày tỏ cảm xúc hoặc trả lời").click()
        await theirs.get_by_role("button", name="Yêu thích").click()
        await expect(theirs.locator(".reaction")).to_have_attribute("title", "Yêu thích")
        await theirs.get_by_role("button", name="Bày tỏ cảm xúc hoặc trả lời").click()
        await theirs.get_by_role("button", name="Trả lời", exact=True).click()
        await write(page, "Vâng")
        await expect(page.locator(".line.mine .quote")).to_have_text("[Yêu cầu cung cấp thông tin]")
        await theirs.get_by_role("button", name="Cung cấp thông tin").click()
        await page.get_by_label("Số điện thoại").fill("0900000001")
        await page.get_by_role("button", name="Gửi", exact=True).click()
        await expect(page.get_by_text("Bạn đã cung cấp thông tin")).to_be_visible()
        await page.get_by_role("button", name="Gọi OA").click()
        await page.get_by_role("button", name="Gọi", exact=True).click()
        await expect(page.get_by_text("Cuộc gọi thoại · 1 phút")).to_be_visible()
        await page.get_by_role("button", name="Thêm lựa chọn").click()
        await page.get_by_role("menuitem", name="Rút lại sự đồng ý").click()
        await page.get_by_role("button", name="Rút lại", exact=True).click()
        await expect(page.get_by_text("Bạn đã rút lại sự đồng ý")).to_be_visible()
        await expect(page.locator(".line")).to_have_count(0)
    wanted = ["user_reacted_message", "user_send_text", "user_submit_info", "user_call_oa", "user_withdraw"]
    names = [name for name in fake.gateway.names() if name in wanted]
    assert names == ["user_send_text", *wanted]
    assert fake.gateway.last("user_submit_info")["info"]["phone"] == "0900000001"
    assert fake.gateway.last("user_call_oa")["talk_time"] == 60_000
    assert fake.gateway.last("user_withdraw")["oa_id"] == OA


async def test_the_end_of_a_long_conversation_is_shown_and_older_messages_on_request(
    fake: Fake, browser: Browser
) -> None:
    citizen = fake.citizen()
    for index in range(60):
        fake.says(citizen, f"câu {index}")
    async with opened(browser) as page:
        await page.goto(fake.page(citizen))
        await expect(page.locator(".line")).to_have_count(40)
        await expect(page.get_by_text("câu 59", exact=True).last).to_be_in_viewport()
        await page.get_by_role("button", name="Xem tin cũ hơn").click()
        await expect(page.locator(".line")).to_have_count(60)
