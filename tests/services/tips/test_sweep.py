"""What time asks for, by our clock."""

from datetime import timedelta

import pytest

from chassis.blame import Transient
from contracts.floor import IDLE
from contracts.message import Attachment, Kind
from services.tips.decide import BEFORE
from tests.doubles import NOON, Trouble, heard
from tests.services.tips.room import Room

pytestmark = pytest.mark.live

PHOTO = Attachment(kind=Kind.IMAGE, url="https://photo.zdn.vn/one.jpg")


async def swept(room: Room) -> None:
    await room.house.sweeper.sweep()
    await room.house.relay.once()


async def test_a_case_nobody_finishes_is_closed_and_told_of(room: Room) -> None:
    await room.hear(heard("#tinbao"), heard("có trộm", at=NOON + timedelta(seconds=5)))
    room.watch.later(minutes=39)
    await swept(room)
    assert room.closed() == []
    room.watch.later(minutes=2)
    await swept(room)
    (closed,) = room.closed()
    assert (closed.ending, closed.pieces) == ("idle", 1)
    assert closed.occurred_at == NOON + timedelta(seconds=5) + IDLE
    assert "intake" not in await room.case()


async def test_the_reporter_is_not_written_to_out_of_the_blue(room: Room) -> None:
    """Whoever holds the phone by then need not know."""
    await room.hear(heard("#tinbao"))
    room.watch.later(hours=2)
    await swept(room)
    assert len(room.words()) == 1


async def test_sweeping_and_hearing_the_silence_tell_of_it_once(room: Room) -> None:
    await room.hear(heard("#tinbao"))
    room.watch.later(hours=1)
    await swept(room)
    await room.hear(heard("giờ làm việc", at=NOON + timedelta(hours=1)))
    await swept(room)
    assert [one.ending for one in room.closed()] == ["idle"]


async def test_a_message_that_was_long_on_its_way_opens_the_case_again_under_a_new_key(room: Room) -> None:
    """By event time the reporter was not silent: what they sent belongs to the case, though it was swept."""
    await room.hear(heard("#tinbao"), heard("một", at=NOON + timedelta(seconds=1)))
    room.watch.later(hours=3)
    await swept(room)
    await room.hear(heard("hai, gửi từ lâu", at=NOON + timedelta(minutes=5)))
    case = await room.case()
    assert (case["state"], case["openings"], len(case["keys"])) == ("open", 2, 2)
    assert [one.text for one in await room.officer_reads(case)] == ["một", "hai, gửi từ lâu"]
    await room.hear(heard("#xong", at=NOON + timedelta(minutes=6)))
    assert sorted((one.ending, one.pieces) for one in room.closed()) == [("done", 2), ("idle", 1)]
    assert len({one.id for one in room.opened()}) == 2
    assert "intake" not in await room.case()


async def test_a_photo_for_which_no_word_came_is_dropped(room: Room) -> None:
    await room.hear(heard("", kind=Kind.IMAGE, attachments=[PHOTO]))
    (kept,) = await room.db["conversations"].find().to_list(None)
    room.watch.later(seconds=BEFORE.total_seconds() - 1)
    await swept(room)
    assert (await room.db["conversations"].find_one())["s"] == kept["s"]  # type: ignore[index]  # It is there.
    room.watch.later(seconds=2)
    await swept(room)
    (relieved,) = await room.db["conversations"].find().to_list(None)
    assert relieved["pending"] is False
    assert relieved["h"] == kept["h"]
    assert len(relieved["s"]) < len(kept["s"])
    await room.hear(heard("#tinbao", at=NOON + timedelta(seconds=30)))
    assert await room.officer_reads(await room.case()) == []


async def test_a_conversation_quiet_for_long_is_forgotten_whole(room: Room) -> None:
    await room.hear(heard("#tinbao"), heard("#xong", at=NOON + timedelta(seconds=5)))
    room.watch.later(days=6.9)
    await swept(room)
    assert await room.db["conversations"].count_documents({}) == 1
    room.watch.later(days=0.2)
    await swept(room)
    assert await room.db["conversations"].count_documents({}) == 0
    assert len(await room.cases()) == 1


async def test_a_case_is_told_of_though_the_broker_was_away_at_first(room: Room) -> None:
    room.log.tell(heard("#tinbao"))
    await room.loop().turn()
    room.mouth.troubles.append(Trouble(stored=0))
    with pytest.raises(Transient):
        await room.house.relay.once()
    assert room.opened() == []
    await room.house.relay.once()
    assert len(room.opened()) == 1


async def test_two_sweepers_at_once_close_a_case_once(room: Room) -> None:
    await room.hear(heard("#tinbao"))
    room.watch.later(hours=1)
    other = Room(room.db, room.log, room.watch)
    await room.house.sweeper.sweep()
    await other.house.sweeper.sweep()
    await other.house.relay.once()
    await room.house.relay.once()
    assert len(room.closed()) == 1
