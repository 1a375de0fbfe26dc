"""A notice when a dossier changes: pushed by another system, or by a new import; once each, and only to who asked."""

from datetime import timedelta

import pytest

from chassis.crypto import Place
from chassis.job_runner import JobWorker, job_retry_policy
from chassis.parked import ParkedStore
from services.chatbot.features.dossiers.feature import change_notices
from services.chatbot.features.dossiers.jobs import StatusChange
from tests.doubles import PEPPER, RETIRED, conversation
from tests.services.chatbot.chatbot_app import LATE, NINE_IN_THE_MORNING, ROWS, THEIRS, ChatbotApp
from tests.services.chatbot.citizen_chat import BORN_TOO, PORTAL


@pytest.mark.live
async def test_a_change_is_told_to_who_asked_and_entered_once_however_often_it_is_pushed(
    chatbot_app: ChatbotApp,
) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.proves(LATE)
    assert "Đã đăng ký" in await lan.presses("Nhận thông báo")
    change = StatusChange("mot-cua-00001", LATE, "ready", NINE_IN_THE_MORNING + timedelta(hours=1), "Mời đến nhận")
    assert await chatbot_app.changes.push(change)
    (reminder,) = await chatbot_app.send_reminders()
    assert reminder.parts[0].text == f"Hồ sơ {LATE} vừa chuyển sang: Đã có kết quả."
    assert not await chatbot_app.changes.push(change)
    assert await chatbot_app.send_reminders() == []
    assert "Đã có kết quả" in await lan.says(f"#lam f_ho_so {LATE}"), "the pushed status is newer than the import"
    reply = await lan.presses("Lịch sử")
    assert "01/02/2026: nộp hồ sơ" in reply
    assert reply.count("Đã có kết quả (Mời đến nhận)") == 1


@pytest.mark.live
async def test_a_late_change_moves_nothing_back(chatbot_app: ChatbotApp) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.proves(LATE)
    await lan.presses("Nhận thông báo")
    await chatbot_app.changes.push(
        StatusChange("mot-cua-00002", LATE, "ready", NINE_IN_THE_MORNING + timedelta(hours=2))
    )
    assert len(await chatbot_app.send_reminders()) == 1
    assert not await chatbot_app.changes.push(
        StatusChange("mot-cua-00001", LATE, "needs_more", NINE_IN_THE_MORNING + timedelta(hours=1))
    )
    assert await chatbot_app.send_reminders() == []
    assert "Tình trạng: Đã có kết quả" in await lan.says(f"#lam f_ho_so {LATE}")


@pytest.mark.live
async def test_a_new_import_that_differs_is_a_change_too(chatbot_app: ChatbotApp) -> None:
    lan, hai = chatbot_app.citizen("lan"), chatbot_app.citizen("hai")
    await lan.proves(LATE)
    await lan.presses("Nhận thông báo")
    await hai.proves(THEIRS, BORN_TOO)
    await hai.presses("Nhận thông báo")
    assert await chatbot_app.changes.sweep() == 0, "the first import is no change"
    await chatbot_app.load(
        ROWS[0].replace("Đang giải quyết", "Đã có kết quả"), *ROWS[1:], at=NINE_IN_THE_MORNING + timedelta(days=1)
    )
    assert await chatbot_app.changes.sweep() == 1
    assert await chatbot_app.changes.sweep() == 0
    (reminder,) = await chatbot_app.send_reminders()
    assert LATE in reminder.parts[0].text
    assert "Đã có kết quả" in await lan.says(f"#lam f_ho_so {LATE} lich_su")


@pytest.mark.live
async def test_an_edition_that_is_brought_back_shows_its_own_stages_and_subscribers_hear_of_it(
    chatbot_app: ChatbotApp,
) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.proves(LATE)
    await lan.presses("Nhận thông báo")
    await chatbot_app.changes.sweep()
    wrong = ROWS[0].replace("Đang giải quyết", "Đã có kết quả")
    await chatbot_app.load(wrong, *ROWS[1:], at=NINE_IN_THE_MORNING + timedelta(days=1))
    assert await chatbot_app.changes.sweep() == 1
    await chatbot_app.send_reminders()
    await chatbot_app.deps.datasets.restore("dossiers")
    assert "Đang giải quyết" in await lan.says(f"#lam f_ho_so {LATE}")
    assert await chatbot_app.changes.sweep() == 1
    (reminder,) = await chatbot_app.send_reminders()
    assert "Đang giải quyết" in reminder.parts[0].text


@pytest.mark.live
async def test_who_unsubscribes_or_leaves_is_told_nothing_more(chatbot_app: ChatbotApp) -> None:
    lan, binh = chatbot_app.citizen("lan"), chatbot_app.citizen("binh")
    for chat in (lan, binh):
        await chat.proves(LATE)
        await chat.presses("Nhận thông báo")
    assert "Đã ngừng thông báo" in await lan.says(f"#lam f_ho_so {LATE} thoi")
    await binh.leaves()
    await chatbot_app.changes.push(
        StatusChange("mot-cua-00003", LATE, "ready", NINE_IN_THE_MORNING + timedelta(hours=1))
    )
    assert await chatbot_app.send_reminders() == []


@pytest.mark.live
async def test_nothing_of_a_dossier_lies_open_in_the_database(chatbot_app: ChatbotApp) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.proves(LATE)
    await lan.presses("Nhận thông báo")
    await chatbot_app.changes.push(StatusChange("mot-cua-00001", LATE, "ready", NINE_IN_THE_MORNING, "Mời chị Một đến"))
    dump = await chatbot_app.dump()
    for secret in (LATE, "260201", "Nguyễn Thử", "000000000001", "1990", "thường trú", "chị Một"):
        assert secret not in dump, secret
    assert PEPPER.pseudonym("dossiers", LATE) in dump, "the dump does hold the rows"


@pytest.mark.live
@pytest.mark.expects_errors("item_parked")
async def test_a_subscription_under_a_retired_key_keeps_nobody_else_waiting(chatbot_app: ChatbotApp) -> None:
    for name in ("lan", "binh"):
        chat = chatbot_app.citizen(name)
        await chat.proves(LATE)
        await chat.presses("Nhận thông báo")
    sealed = RETIRED.seal(LATE.encode(), Place.stored("whatever", "it was"))
    await chatbot_app.db.watchers.update_one({"conversation": conversation("binh", PORTAL)}, {"$set": {"s": sealed}})
    await chatbot_app.changes.push(
        StatusChange("mot-cua-00004", LATE, "ready", NINE_IN_THE_MORNING + timedelta(hours=1))
    )
    job, parked = change_notices(chatbot_app.deps, chatbot_app.changes).job(), ParkedStore(chatbot_app.db)
    await JobWorker(job, parked, job_retry_policy(job)).run_once()
    assert [reminder["conversation"] for reminder in await chatbot_app.db.bells.find({}).to_list(None)] == [
        conversation("lan", PORTAL)
    ]
    assert [item.reason for item in await parked.list("dossier_notices", 10)] == ["DecryptionError"]
