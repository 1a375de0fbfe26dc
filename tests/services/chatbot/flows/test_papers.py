"""A citizen's papers: sent in the chat, kept sealed, listed, sent back by a link, deleted."""

import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from contracts.message import Kind
from services.chatbot.drive import PORT_SECONDS
from services.chatbot.filekinds import IMAGE_BYTES
from services.chatbot.papers import JPEG, PDF, KeepPaper, NotKept, Paper
from tests.doubles import conversation
from tests.services.chatbot.files import PDF_BYTES, SECRET, get, keeps, picture
from tests.services.chatbot.office import NINE, PORTAL, Office
from tests.services.chatbot.webs import Shelf, listening

pytestmark = pytest.mark.live


async def test_a_file_is_kept_named_listed_sent_back_and_deleted(office: Office, shelf: Shelf, door: str) -> None:
    lan = office.citizen("lan")
    assert "đang trống" in await lan.says("#lam f_giay_to")
    assert "đặt tên" in await lan.sends(shelf.put("a", PDF_BYTES), Kind.FILE, "scan.pdf")
    assert f'Đã lưu "{SECRET}"' in await lan.says(SECRET)
    told = await lan.taps("Kho giấy tờ")
    assert f"1. {SECRET} (PDF, 820 KB, lưu ngày 02/03/2026)" in told
    await lan.says("1")
    assert "Đây là" in await lan.taps("Gửi cho tôi")
    assert lan.asset.name == f"{SECRET}.pdf"
    assert await get(door, lan.asset.url) == (200, PDF_BYTES, PDF)
    await lan.says("#lam f_giay_to")
    await lan.taps(SECRET)
    await lan.taps("Xoá hẳn")
    assert "Đã xoá hẳn" in await lan.taps("Đồng ý")
    assert await office.db.paper_chunks.count_documents({}) == 0


async def test_a_photo_goes_back_as_a_picture_zalo_takes(office: Office, shelf: Shelf, door: str) -> None:
    lan = office.citizen("lan")
    await keeps(lan, shelf.put("a", picture(side=2_200, noise=True)), kind=Kind.IMAGE)
    await lan.says("#lam f_giay_to")
    await lan.says("1")
    await lan.taps("Gửi cho tôi")
    assert lan.parts[0].image is not None
    status, data, kind = await get(door, lan.asset.url)
    assert (status, kind) == (200, JPEG)
    assert len(data) <= IMAGE_BYTES


async def test_without_a_name_it_has_the_files_own_and_several_may_be_sent_in_a_row(
    office: Office, shelf: Shelf
) -> None:
    lan = office.citizen("lan")
    await lan.says("#lam f_giay_to")
    await lan.sends(shelf.put("a", PDF_BYTES), Kind.FILE, "ho khau.pdf")
    assert 'Đã lưu "ho khau"' in await lan.sends(shelf.put("b", picture()), Kind.IMAGE)
    assert 'Đã lưu "Giấy tờ 09:00 02/03/2026"' in await lan.taps("Bỏ qua")


async def test_a_file_nobody_named_is_gone_after_an_hour_and_never_listed(office: Office, shelf: Shelf) -> None:
    lan = office.citizen("lan")
    await lan.says("#lam f_giay_to")
    await lan.sends(shelf.put("a", PDF_BYTES), Kind.FILE)
    await lan.says("huỷ")
    assert "đang trống" in await lan.says("#lam f_giay_to")
    for collection in (office.db.papers, office.db.paper_chunks):
        expires = [one["expires"] async for one in collection.find({})]
        assert all(expiry < datetime.now(UTC) + timedelta(minutes=61) for expiry in expires)
        indexes = await collection.index_information()
        assert indexes["expires_1"]["expireAfterSeconds"] == 0


async def test_what_is_too_big_or_of_another_kind_or_gone_is_refused_kindly(office: Office, shelf: Shelf) -> None:
    lan = office.citizen("lan")
    await lan.says("#lam f_giay_to")
    assert "tối đa 5 MB" in await lan.sends(shelf.put("a", b"%PDF-" + b"x" * (5 * 1024 * 1024)), Kind.FILE)
    assert "chỉ lưu ảnh" in await lan.sends(shelf.put("b", b"MZ program"), Kind.FILE, "giay-to.pdf")
    await lan.says("#lam f_giay_to")
    assert "chưa tải được" in await lan.sends(f"http://{shelf.host}/khong-co", Kind.FILE)
    assert await office.db.papers.count_documents({}) == 0


async def test_no_link_makes_us_ask_a_host_of_its_own_choosing(office: Office, shelf: Shelf) -> None:
    other = Shelf()
    async with listening(other.handle) as inside:
        other.host = inside
        target = other.put("secret", PDF_BYTES)
        shelf.redirects["/jump"] = target
        lan = office.citizen("lan")
        for url in (target, f"http://{shelf.host}/jump", "file:///etc/passwd"):
            await lan.says("#lam f_giay_to")
            assert "chưa tải được" in await lan.sends(url, Kind.FILE)
    assert other.asked == []


async def test_twenty_papers_are_enough(office: Office, shelf: Shelf) -> None:
    lan = office.citizen("lan")
    url = shelf.put("a", picture())
    for number in range(20):
        await keeps(lan, url, f"Giấy {number}", Kind.IMAGE)
    await lan.says("#lam f_giay_to")
    assert "đủ 20 giấy tờ" in await lan.sends(url)
    assert "Giấy 19" in lan.last
    await lan.says("20")
    await lan.taps("Xoá hẳn")
    await lan.taps("Đồng ý")
    assert "Đã lưu" in await keeps(lan, url, "Giấy mới", Kind.IMAGE)


async def test_a_message_handled_twice_keeps_one_paper(office: Office, shelf: Shelf) -> None:
    lan = office.citizen("lan")
    await lan.says("#lam f_giay_to")
    before = await office.db.conversations.find({}).to_list(None)
    url, now = shelf.put("a", PDF_BYTES), lan.now
    for _ in range(2):
        for document in before:
            await office.db.conversations.replace_one({"_id": document["_id"]}, document)
        lan.now = now
        await lan.sends(url, Kind.FILE, msg_id="m-2")
    assert await office.db.papers.count_documents({}) == 1
    assert shelf.asked == ["/a"], "and fetched it once"


async def test_papers_lie_sealed_and_go_with_who_leaves(office: Office, shelf: Shelf) -> None:
    lan, binh = office.citizen("lan"), office.citizen("binh")
    await keeps(lan, shelf.put("a", PDF_BYTES))
    await keeps(binh, shelf.put("b", picture()), "Của Bình")
    dump = await office.dump()
    for secret in (SECRET, "Bi mat cua rieng toi", "Của Bình", shelf.host):
        assert secret not in dump, secret
    await lan.leaves()
    left = await office.db.papers.find({}).to_list(None)
    assert [one["conversation"] for one in left] == [conversation("binh", PORTAL)]
    assert await office.db.paper_chunks.count_documents({"conversation": conversation("lan", PORTAL)}) == 0


async def test_a_file_that_comes_slowly_holds_up_nobody_beyond_a_bound(office: Office, shelf: Shelf) -> None:
    keeping = office.wired.ports[KeepPaper]
    shelf.slow.add("/slow")
    asked = [
        KeepPaper(uuid4(), f"c-{name}", PORTAL, NINE, shelf.put(name, PDF_BYTES), name) for name in ("slow", "quick")
    ]
    began = time.monotonic()
    kept = await keeping.answer(asked)
    assert time.monotonic() - began < PORT_SECONDS
    assert kept[asked[0]] is NotKept.GONE
    assert isinstance(kept[asked[1]], Paper)
