"""A citizen's papers: sent in the chat, kept sealed, listed, sent back by a link, deleted."""

import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from chassis.daily_quota import DailyQuota
from contracts.message import Kind
from services.chatbot.dialogue.effect_runner import HANDLER_SECONDS
from services.chatbot.features.papers.effects import JPEG, MAX_PAPERS_A_DAY, PDF, KeepPaper, Paper, RejectReason
from services.chatbot.features.papers.shrink import IMAGE_BYTES
from tests.doubles import PEPPER, conversation
from tests.services.chatbot.chatbot_app import NINE_IN_THE_MORNING, ChatbotApp
from tests.services.chatbot.citizen_chat import PORTAL
from tests.services.chatbot.fake_http import FileServer, listening
from tests.services.chatbot.features.papers.paper_files import PDF_BYTES, SECRET, download, keep_paper, picture, png

pytestmark = pytest.mark.live


async def test_a_file_is_kept_named_listed_sent_back_and_deleted(
    chatbot_app: ChatbotApp, file_server: FileServer, chatbot_url: str
) -> None:
    lan = chatbot_app.citizen("lan")
    assert "đang trống" in await lan.says("#lam f_giay_to")
    assert "đặt tên" in await lan.sends(file_server.put("a", PDF_BYTES), Kind.FILE, "scan.pdf")
    assert f'Đã lưu "{SECRET}"' in await lan.says(SECRET)
    reply = await lan.presses("Kho giấy tờ")
    assert f"1. {SECRET} (PDF, 820 KB, lưu ngày 02/03/2026)" in reply
    await lan.says("1")
    assert "Đây là" in await lan.presses("Gửi cho tôi")
    assert lan.asset.name == f"{SECRET}.pdf"
    assert await download(chatbot_url, lan.asset.url) == (200, PDF_BYTES, PDF)
    await lan.says("#lam f_giay_to")
    await lan.presses(SECRET)
    await lan.presses("Xoá hẳn")
    assert "Đã xoá hẳn" in await lan.presses("Đồng ý")
    assert await chatbot_app.db.paper_chunks.count_documents({}) == 0


async def test_a_photo_goes_back_as_a_picture_zalo_takes(
    chatbot_app: ChatbotApp, file_server: FileServer, chatbot_url: str
) -> None:
    lan = chatbot_app.citizen("lan")
    await keep_paper(lan, file_server.put("a", picture(side=2_200, noise=True)), kind=Kind.IMAGE)
    await lan.says("#lam f_giay_to")
    await lan.says("1")
    await lan.presses("Gửi cho tôi")
    assert lan.parts[0].image is not None
    status, data, kind = await download(chatbot_url, lan.asset.url)
    assert (status, kind) == (200, JPEG)
    assert len(data) <= IMAGE_BYTES


async def test_without_a_name_it_has_the_files_own_and_several_may_be_sent_in_a_row(
    chatbot_app: ChatbotApp, file_server: FileServer
) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.says("#lam f_giay_to")
    await lan.sends(file_server.put("a", PDF_BYTES), Kind.FILE, "ho khau.pdf")
    assert 'Đã lưu "ho khau"' in await lan.sends(file_server.put("b", picture()), Kind.IMAGE)
    assert 'Đã lưu "Giấy tờ 09:00 02/03/2026"' in await lan.presses("Bỏ qua")


async def test_a_file_nobody_named_is_gone_after_an_hour_and_never_listed(
    chatbot_app: ChatbotApp, file_server: FileServer
) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.says("#lam f_giay_to")
    await lan.sends(file_server.put("a", PDF_BYTES), Kind.FILE)
    await lan.says("huỷ")
    assert "đang trống" in await lan.says("#lam f_giay_to")
    for collection in (chatbot_app.db.papers, chatbot_app.db.paper_chunks):
        expires = [document["expires"] async for document in collection.find({})]
        assert all(expiry < datetime.now(UTC) + timedelta(minutes=61) for expiry in expires)
        indexes = await collection.index_information()
        assert indexes["expires_1"]["expireAfterSeconds"] == 0


async def test_what_is_too_big_or_of_another_kind_or_gone_is_refused_kindly(
    chatbot_app: ChatbotApp, file_server: FileServer
) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.says("#lam f_giay_to")
    assert "tối đa 5 MB" in await lan.sends(file_server.put("a", b"%PDF-" + b"x" * (5 * 1024 * 1024)), Kind.FILE)
    assert "chỉ lưu ảnh" in await lan.sends(file_server.put("b", b"MZ program"), Kind.FILE, "giay-to.pdf")
    await lan.says("#lam f_giay_to")
    assert "chưa tải được" in await lan.sends(f"http://{file_server.host}/khong-co", Kind.FILE)
    assert "quá nhiều điểm ảnh" in await lan.sends(file_server.put("c", png(8_900)), Kind.IMAGE)
    assert await chatbot_app.db.papers.count_documents({}) == 0


async def test_no_link_makes_us_ask_a_host_of_its_own_choosing(
    chatbot_app: ChatbotApp, file_server: FileServer
) -> None:
    other = FileServer()
    async with listening(other.handle) as host:
        other.host = host
        target = other.put("secret", PDF_BYTES)
        file_server.redirects["/jump"] = target
        lan = chatbot_app.citizen("lan")
        for url in (target, f"http://{file_server.host}/jump", "file:///etc/passwd"):
            await lan.says("#lam f_giay_to")
            assert "chưa tải được" in await lan.sends(url, Kind.FILE)
    assert other.requested == []


async def test_twenty_papers_are_enough(chatbot_app: ChatbotApp, file_server: FileServer) -> None:
    lan = chatbot_app.citizen("lan")
    url = file_server.put("a", picture())
    for number in range(20):
        await keep_paper(lan, url, f"Giấy {number}", Kind.IMAGE)
    await lan.says("#lam f_giay_to")
    assert "đủ 20 giấy tờ" in await lan.sends(url)
    assert "Giấy 19" in lan.last
    await lan.says("20")
    await lan.presses("Xoá hẳn")
    await lan.presses("Đồng ý")
    assert "Đã lưu" in await keep_paper(lan, url, "Giấy mới", Kind.IMAGE)


async def test_a_message_handled_twice_keeps_one_paper(chatbot_app: ChatbotApp, file_server: FileServer) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.says("#lam f_giay_to")
    before = await chatbot_app.db.conversations.find({}).to_list(None)
    url, now = file_server.put("a", PDF_BYTES), lan.now
    for _ in range(2):
        for document in before:
            await chatbot_app.db.conversations.replace_one({"_id": document["_id"]}, document)
        lan.now = now
        await lan.sends(url, Kind.FILE, msg_id="m-2")
    assert await chatbot_app.db.papers.count_documents({}) == 1
    assert file_server.requested == ["/a"], "and fetched it once"


async def test_papers_lie_sealed_and_go_with_who_leaves(chatbot_app: ChatbotApp, file_server: FileServer) -> None:
    lan, binh = chatbot_app.citizen("lan"), chatbot_app.citizen("binh")
    await keep_paper(lan, file_server.put("a", PDF_BYTES))
    await keep_paper(binh, file_server.put("b", picture()), "Của Bình")
    dump = await chatbot_app.dump()
    for secret in (SECRET, "Bi mat cua rieng toi", "Của Bình", file_server.host):
        assert secret not in dump, secret
    await lan.leaves()
    remaining = await chatbot_app.db.papers.find({}).to_list(None)
    assert [document["conversation"] for document in remaining] == [conversation("binh", PORTAL)]
    assert await chatbot_app.db.paper_chunks.count_documents({"conversation": conversation("lan", PORTAL)}) == 0


async def test_a_file_that_comes_slowly_holds_up_nobody_beyond_a_bound(
    chatbot_app: ChatbotApp, file_server: FileServer
) -> None:
    effect_handler = chatbot_app.chatbot.effect_handlers[KeepPaper]
    file_server.slow.add("/slow")
    requests = [
        KeepPaper(uuid4(), f"c-{name}", PORTAL, NINE_IN_THE_MORNING, file_server.put(name, PDF_BYTES), name)
        for name in ("slow", "quick")
    ]
    began = time.monotonic()
    results = await effect_handler.answer(requests)
    assert time.monotonic() - began < HANDLER_SECONDS
    assert results[requests[0]] is RejectReason.GONE
    assert isinstance(results[requests[1]], Paper)


async def test_so_many_files_a_day_are_fetched_whatever_becomes_of_them_and_leaving_begins_no_new_day(
    chatbot_app: ChatbotApp, file_server: FileServer
) -> None:
    lan = chatbot_app.citizen("lan")
    await DailyQuota(chatbot_app.db.quotas, PEPPER, "papers", 0, lambda: datetime.now(UTC)).add(
        conversation("lan", PORTAL), MAX_PAPERS_A_DAY - 1
    )
    await lan.says("#lam f_giay_to")
    assert "chỉ lưu ảnh" in await lan.sends(file_server.put("b", b"MZ program"), Kind.FILE)
    for _ in range(2):
        assert "mức tối đa một ngày" in await lan.sends(file_server.put("a", PDF_BYTES), Kind.FILE)
        await lan.leaves()
        await lan.says("#lam f_giay_to")
    assert file_server.requested == ["/b"]


async def test_a_full_disk_refuses_papers_with_a_sentence_and_fetches_nothing(
    chatbot_app: ChatbotApp, file_server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.disk.LEAST_FREE_BYTES", float("inf"))
    monkeypatch.setattr("chassis.disk.LEAST_FREE_SHARE", 1.1)
    lan = chatbot_app.citizen("lan")
    await lan.says("#lam f_giay_to")
    assert "tạm hết chỗ" in await lan.sends(file_server.put("a", PDF_BYTES), Kind.FILE)
    assert file_server.requested == []
