"""Every kind of message that a citizen can send, with real bytes where there are any."""

import io
import wave
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, expect

from tests.browser import opened
from tests.sandbox.page.conftest import Fake

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]


def picture(form: str) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("red", "blue")]
    frames[0].save(out, form, **({"save_all": True, "append_images": frames[1:]} if form == "GIF" else {}))
    return out.getvalue()


def recording() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8_000)
        sound.writeframes(bytes(16_000))
    return out.getvalue()


FILES = {
    "image": ("Ảnh", "anh.png", picture("PNG")),
    "gif": ("Ảnh động", "dong.gif", picture("GIF")),
    "audio": ("Giọng nói", "noi.wav", recording()),
    "video": ("Video", "phim.mp4", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"),
    "file": ("Tệp", "Đơn đề nghị.pdf", b"%PDF-1.4\n%%EOF\n"),
}


async def attach(page: Page, name: str) -> None:
    button = page.get_by_role("button", name="Gửi nội dung khác")
    if await button.get_attribute("aria-expanded") == "false":
        await button.click()
    await page.get_by_role("button", name=name, exact=True).click()


async def choose(page: Page, name: str, path: Path) -> None:
    async with page.expect_file_chooser() as chooser:
        await attach(page, name)
    await (await chooser.value).set_files(path)


@pytest.mark.parametrize("kind", FILES)
async def test_a_file_arrives_as_its_kind_with_the_very_bytes(
    fake: Fake, browser: Browser, tmp_path: Path, kind: str
) -> None:
    name, file, data = FILES[kind]
    (tmp_path / file).write_bytes(data)
    async with opened(browser) as page:
        await page.goto(fake.page(fake.citizen()))
        await choose(page, name, tmp_path / file)
        await expect(page.locator(f".line.mine .kind-{kind}")).to_be_visible()
        await expect(page.locator(".line.mine .tick")).to_have_text("OA đã nhận")
    attachment = fake.gateway.last(f"user_send_{kind}")["message"]["attachments"][0]
    assert attachment["type"] == kind
    assert fake.bytes_at(attachment["payload"]["url"]) == data
    if kind == "file":
        assert (attachment["payload"]["name"], attachment["payload"]["size"]) == (file, str(len(data)))


async def test_what_is_too_large_or_of_another_kind_is_refused_with_the_reason(
    fake: Fake, browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "to.bin").write_bytes(bytes(9 * 1024 * 1024))
    (tmp_path / "gia.png").write_bytes(b"no picture")
    async with opened(browser) as page:
        await page.goto(fake.page(fake.citizen()))
        await choose(page, "Tệp", tmp_path / "to.bin")
        await expect(page.get_by_text("không quá 8 MB")).to_be_visible()
        await choose(page, "Ảnh", tmp_path / "gia.png")
        await expect(page.get_by_text("Tệp này không phải là ảnh.")).to_be_visible()
        await expect(page.locator(".line")).to_have_count(0)
    assert fake.gateway.names() == []


async def test_a_place_a_link_a_card_and_a_sticker(fake: Fake, browser: Browser) -> None:
    async with opened(browser) as page:
        await page.goto(fake.page(fake.citizen()))
        send = page.get_by_role("button", name="Gửi", exact=True)
        await attach(page, "Vị trí")
        await page.get_by_label("Vĩ độ").fill("10.5")
        await page.get_by_label("Kinh độ").fill("106.25")
        await send.click()
        await expect(page.locator(".kind-location")).to_contain_text("10.50000° B, 106.25000° Đ")
        await attach(page, "Vị trí")
        await page.get_by_label("Dùng vị trí mẫu").select_option(label="Hồ Hoàn Kiếm, Hà Nội")
        await send.click()
        await expect(page.locator(".kind-location").last).to_contain_text("21.02880° B")
        await attach(page, "Liên kết")
        await page.get_by_label("Địa chỉ").fill("https://example.vn/tin")
        await send.click()
        await expect(page.locator(".kind-link a")).to_have_attribute("href", "https://example.vn/tin")
        await attach(page, "Danh thiếp")
        await page.get_by_label("Số điện thoại trên danh thiếp").fill("0900000002")
        await send.click()
        await expect(page.locator(".kind-business_card")).to_contain_text("0900000002")
        await attach(page, "Nhãn dán")
        await page.get_by_role("button", name="Cười to").click()
        await expect(page.locator(".kind-sticker img")).to_have_js_property("naturalWidth", 130)
    events = [event for event in fake.gateway.received if event["event_name"] != "oa_send_text"]
    assert [event["event_name"].removeprefix("user_send_") for event in events] == [
        "location", "location", "link", "business_card", "sticker",
    ]  # fmt: skip
    assert events[0]["message"]["attachments"][0]["payload"]["coordinates"] == {
        "latitude": "10.5",
        "longitude": "106.25",
    }


async def test_a_page_among_the_files_runs_no_script(fake: Fake, browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "trang.html").write_text("<title>yên</title><script>document.title = 'x'</script>")
    async with opened(browser) as page:
        await page.goto(fake.page(fake.citizen()))
        await choose(page, "Tệp", tmp_path / "trang.html")
        await expect(page.locator(".line.mine .kind-file")).to_be_visible()
        await page.goto(await page.locator(".line.mine .kind-file a").get_attribute("href") or "")
        assert await page.title() == "yên"
