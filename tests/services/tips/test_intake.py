"""The whole house, from a message on the log to what a reporter reads and what an officer can open."""

from datetime import datetime, timedelta

import pytest

from chassis.blame import Transient
from contracts.event import Event
from contracts.floor import IDLE
from contracts.gateway import CitizenWithdrew
from contracts.message import Address, Attachment, Kind, Lane
from contracts.tips import EVENTS, TipClosed, TipOpened, TipsForgot
from tests.doubles import ADDRESSES, NOON, OA, Trouble, conversation, fact, heard, sealed_address
from tests.services.tips.room import Room, ids

pytestmark = pytest.mark.live

CODE = r"TB-[2-9A-Z]{4}-[2-9A-Z]{4}"


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def story(user: str = "9000000000000000001", start: float = 0) -> list[Event]:
    """A tip as it is told: opened, three messages, closed."""
    photo = Attachment(kind=Kind.IMAGE, url="https://photo.zdn.vn/one.jpg")
    place = Attachment(kind=Kind.LOCATION, latitude=16.05, longitude=108.2)
    return [
        heard("#tinbao", user=user, msg_id=f"{user}-{start}-0", at=at(start)),
        heard("có đánh bạc ở chợ", user=user, msg_id=f"{user}-{start}-1", at=at(start + 5)),
        heard("", user=user, msg_id=f"{user}-{start}-2", at=at(start + 9), kind=Kind.IMAGE, attachments=[photo]),
        heard("", user=user, msg_id=f"{user}-{start}-3", at=at(start + 12), kind=Kind.LOCATION, attachments=[place]),
        heard("#xong", user=user, msg_id=f"{user}-{start}-4", at=at(start + 20)),
    ]


def withdrew(user: str = "9000000000000000001", name: str = "withdraw", seconds: float = 60) -> CitizenWithdrew:
    return fact(CitizenWithdrew, user=user, name=name, at=at(seconds), address=sealed_address(user))


async def test_a_tip_is_taken_thanked_for_and_lies_open_to_the_officer_alone(room: Room) -> None:
    await room.hear(*story())
    greeting, first, media, done = room.words()
    assert greeting.startswith("Cảm ơn quý vị đã tin báo. Mã biên nhận: TB-")
    assert first.startswith("Đã nhận nội dung")
    assert media.startswith("Đã nhận tư liệu")
    assert "đã được ghi nhận" in done
    case = await room.case()
    spoken = await room.officer_reads(case)
    assert [one.text for one in spoken] == ["có đánh bạc ở chợ", "", ""]
    assert spoken[2].attachments[0].latitude == 16.05


async def test_replies_go_first_and_back_to_who_wrote(room: Room) -> None:
    await room.hear(*story())
    for reply in room.replies():
        assert reply.lane is Lane.URGENT
        assert reply.conversation == conversation()
        opened = Address.model_validate_json(ADDRESSES.open(reply.address, OA, "address"))
        assert opened.user_id == "9000000000000000001"


async def test_the_case_is_told_of_when_it_opens_and_when_it_ends(room: Room) -> None:
    await room.hear(*story())
    case = await room.case()
    (opened,), (closed,) = room.opened(), room.closed()
    assert opened.case_id == closed.case_id == case["_id"]
    assert (closed.ending, closed.pieces, closed.occurred_at) == ("done", 3, at(20))
    assert case["unsaid"] == []


async def test_nothing_on_the_log_leads_from_the_citizen_to_the_case(room: Room) -> None:
    events = story()
    await room.hear(*events)
    about: list[TipOpened | TipClosed] = [*room.opened(), *room.closed()]
    assert len(about) == 2
    for told in about:
        assert told.conversation == told.case_id != conversation()
        assert told.caused_by is None
        assert told.id not in {event.id for event in events}
    case_id = (await room.case())["_id"]
    assert all(case_id not in reply.model_dump_json() for reply in room.replies())


async def test_once_closed_we_ourselves_can_not_open_it_any_more(room: Room) -> None:
    await room.hear(*story()[:-1])
    assert "intake" in await room.case()
    await room.hear(story()[-1])
    case = await room.case()
    assert "intake" not in case
    assert len(await room.officer_reads(case)) == 3


async def test_huy_destroys_every_key_and_leaves_nothing_to_read(room: Room) -> None:
    await room.hear(*story()[:-1], heard("#huy", at=at(20)))
    case = await room.case()
    assert case["state"] == "cancelled"
    assert not {"keys", "intake", "receipt"} & case.keys()
    for left in ("pieces", "media", "chunks", "reporters"):
        assert await room.db[left].count_documents({}) == 0
    assert [(one.ending, one.pieces) for one in room.closed()] == [("cancelled", 3)]
    assert room.words()[-1].startswith("Đã huỷ tin báo")


async def test_a_cancelled_case_is_not_brought_back_by_hearing_its_story_again(room: Room) -> None:
    await room.hear(*story()[:-1], heard("#huy", at=at(20)))
    await room.db["conversations"].delete_many({})
    await room.hear(*story()[:-1])
    assert (await room.case())["state"] == "cancelled"
    assert await room.db["pieces"].count_documents({}) == 0


async def test_the_chatbots_talk_leaves_nothing_behind(room: Room) -> None:
    await room.hear(heard("làm căn cước cần gì"), heard("cảm ơn"), heard("#lam f_don_vi"))
    assert room.log.facts(EVENTS) == []
    assert await room.dump() == b""


async def test_tips_answers_with_nobody_else_alive_and_many_at_once(room: Room) -> None:
    users = [f"90000000000000001{nth:02}" for nth in range(20)]
    interleaved = [event for turn in zip(*(story(user) for user in users), strict=True) for event in turn]
    await room.hear(*interleaved)
    assert len(await room.cases()) == 20
    assert len(room.words()) == 80
    for case in await room.cases():
        assert len(await room.officer_reads(case)) == 3


async def test_a_photo_sent_before_the_word_is_in_the_case(room: Room) -> None:
    photo = Attachment(kind=Kind.IMAGE, url="https://photo.zdn.vn/before.jpg")
    await room.hear(heard("", at=at(-300), kind=Kind.IMAGE, attachments=[photo]))
    assert b"before.jpg" not in await room.dump()
    await room.hear(heard("#tinbao", at=at(0)))
    assert "1 tư liệu" in room.words()[0]
    (spoken,) = await room.officer_reads(await room.case())
    assert spoken.attachments[0].url == "https://photo.zdn.vn/before.jpg"


async def test_silence_by_event_time_closes_the_case_without_a_word(room: Room) -> None:
    await room.hear(*story()[:2], heard("giờ làm việc", at=at(5) + IDLE + timedelta(seconds=1)))
    assert [one.ending for one in room.closed()] == ["idle"]
    assert room.closed()[0].occurred_at == at(5) + IDLE
    assert len(room.words()) == 2


async def test_a_repeat_is_answered_with_the_same_ids_and_stored_once(room: Room) -> None:
    events = story()
    await room.hear(*events)
    before = ids(room.replies())
    await room.hear(*events)
    again = ids(room.replies())
    assert set(again) == set(before)
    assert await room.db["pieces"].count_documents({}) == 3
    assert len(room.closed()) == 1


async def test_the_whole_log_heard_anew_says_the_same_words_under_the_same_ids(room: Room) -> None:
    users = [f"90000000000000002{nth:02}" for nth in range(5)]
    events = [event for user in users for event in (*story(user), *story(user, start=100)[:3])]
    await room.hear(*events)
    first = [(one.id, one.type, one.conversation) for one in room.log.facts(EVENTS)]
    words = dict(zip(ids(room.replies()), room.words(), strict=True))
    await room.db.client.drop_database(room.db.name)
    anew = Room(room.db)
    await anew.house.prepare()
    await anew.hear(*events)
    assert sorted(first) == sorted((one.id, one.type, one.conversation) for one in anew.log.facts(EVENTS))
    assert dict(zip(ids(anew.replies()), anew.words(), strict=True)) == words


async def test_killed_between_remembering_and_saying_it_says_the_same_afterwards(room: Room) -> None:
    events = story()
    await room.hear(events[0])
    room.log.tell(*events[1:])
    room.mouth.troubles.append(Trouble(stored=0))
    with pytest.raises(Transient):
        await room.loop().turn()
    assert len(room.words()) == 1
    assert await room.db["pieces"].count_documents({}) == 3
    stored = {key for doc in await room.db["conversations"].find().to_list(None) for key in doc["o"]}
    assert stored == {event.id.hex for event in (events[1], events[2], events[4])}
    returned = await room.die_and_return()
    await returned.settle()
    assert [text.split(" ")[0:2] for text in returned.words()] == [
        ["Cảm", "ơn"],
        ["Đã", "nhận"],
        ["Đã", "nhận"],
        ["Tin", "báo"],
    ]
    assert len(set(ids(returned.replies()))) == 4
    assert await returned.db["pieces"].count_documents({}) == 3
    assert [one.ending for one in returned.closed()] == ["done"]


async def test_said_in_part_and_killed_it_says_nothing_under_another_id(room: Room) -> None:
    room.log.tell(*story())
    room.mouth.troubles.append(Trouble(stored=2))
    with pytest.raises(Transient):
        await room.loop().turn()
    returned = await room.die_and_return()
    await returned.settle()
    assert len(set(ids(returned.replies()))) == 4
    assert len(returned.replies()) == 6


async def test_killed_before_the_case_was_told_of_the_next_process_tells_of_it(room: Room) -> None:
    room.log.tell(*story())
    await room.loop().turn()
    assert (room.opened(), room.closed()) == ([], [])
    returned = await room.die_and_return()
    await returned.house.relay.once()
    assert [len(returned.opened()), len(returned.closed())] == [1, 1]
    await returned.house.relay.once()
    assert [len(returned.opened()), len(returned.closed())] == [1, 1]


async def test_a_person_who_withdraws_is_no_longer_tied_to_the_case_that_stays(room: Room) -> None:
    await room.hear(*story())
    assert await room.db["reporters"].count_documents({}) == 1
    await room.hear(withdrew())
    assert await room.db["reporters"].count_documents({}) == 0
    assert [one.conversation for one in room.log.facts(EVENTS) if isinstance(one, TipsForgot)] == [conversation()]
    case = await room.case()
    assert case["state"] == "closed"
    assert len(await room.officer_reads(case)) == 3


async def test_withdrawing_in_the_middle_ends_the_talk_and_the_case_closes_by_itself(room: Room) -> None:
    await room.hear(*story()[:3], withdrew(), heard("giờ làm việc", at=at(70)))
    assert len(room.words()) == 3
    room.watch.later(hours=1)
    await room.house.sweeper.sweep()
    await room.house.relay.once()
    assert [one.ending for one in room.closed()] == ["idle"]


async def test_a_tip_opened_after_withdrawing_in_the_same_batch_keeps_its_reporter(room: Room) -> None:
    await room.hear(*story(), withdrew(), *story(start=100))
    assert await room.db["reporters"].count_documents({}) == 1
    assert len(await room.cases()) == 2


async def test_withdrawing_once_more_is_harmless_and_says_the_same(room: Room) -> None:
    await room.hear(*story(), withdrew())
    await room.hear(withdrew())
    forgot = [one.id for one in room.log.facts(EVENTS) if isinstance(one, TipsForgot)]
    assert len(set(forgot)) == 1


async def test_a_form_about_the_reporter_lies_with_the_reporter_and_not_in_the_case(room: Room) -> None:
    await room.hear(story()[0], heard("Nguyễn Văn Giả, 0900000000", kind=Kind.INFO, at=at(5)))
    assert await room.officer_reads(await room.case()) == []
    (reporter,) = await room.db["reporters"].find().to_list(None)
    (sealed,) = reporter["told"].values()
    assert "Nguyễn Văn Giả" in ADDRESSES.open(sealed, OA, f"reporter of {reporter['_id']}").decode()


async def test_a_body_that_does_not_open_is_buried_and_its_neighbours_go_on(room: Room) -> None:
    broken = heard("#tinbao", user="9000000000000000777").model_copy(update={"body": "b1.AAAA"})
    await room.hear(*story(), broken, *story("9000000000000000888"))
    assert len(room.log.records("tips.dead")) == 1
    assert len(await room.cases()) == 2
