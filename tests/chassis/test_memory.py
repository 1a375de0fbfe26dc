"""What a house remembers, on a real MongoDB."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from bson import encode
from pydantic import BaseModel, ConfigDict

from chassis.blame import Transient
from chassis.memory import HEARD_AT_MOST, Memories, Memory
from chassis.mongo import Database, blame, database, ping
from chassis.sealing import NotOurs, Ring
from contracts.chatbot import ReplyChosen
from contracts.event import Event
from tests.doubles import BODIES, OA, conversation, heard
from tests.servers.live import LiveMongo

pytestmark = pytest.mark.live
WORDS = "mất căn cước ở chợ"


class State(BaseModel):
    model_config = ConfigDict(frozen=True)
    notes: tuple[str, ...] = ()


@pytest.fixture
async def db(mongo_url: str) -> AsyncIterator[Database]:
    async with database(mongo_url, f"memory_{uuid4().hex[:8]}") as one:
        yield one
        await one.client.drop_database(one.name)


def over(db: Database, ring: Ring = BODIES) -> Memories[State]:
    return Memories(db["conversations"], State, ring, lambda state: {"notes": len(state.notes)})


async def recalled(memories: Memories[State], user: str = "901") -> Memory[State]:
    name = conversation(user)
    return (await memories.recall({name: OA}))[name]


def answer(cause: Event, nth: int = 0) -> ReplyChosen:
    return ReplyChosen.because(cause, nth, outcome="answer", body="b1.sealed", address="a1.sealed")


def take(memory: Memory[State], event: Event, note: str = "") -> list[Event]:
    said: list[Event] = [answer(event)]
    memory.keep(event, State(notes=(*memory.state.notes, note)), said)
    return said


async def test_who_was_never_heard_of_is_remembered_as_new(db: Database) -> None:
    memory = await recalled(over(db))
    assert (memory.state, memory.version, memory.changed) == (State(), 0, False)


async def test_state_and_words_come_back_as_they_were(db: Database) -> None:
    memories, message = over(db), heard()
    memory = await recalled(memories)
    said = take(memory, message, WORDS)
    await memories.remember([memory])
    again = await recalled(memories)
    assert again.state == State(notes=(WORDS,))
    assert again.knows(message)
    assert again.again(message) == said
    assert not again.knows(heard())


async def test_the_database_holds_no_word_in_the_clear(db: Database) -> None:
    memories = over(db)
    memory = await recalled(memories)
    take(memory, heard(WORDS), WORDS)
    await memories.remember([memory], {"due": 1})
    document = await db["conversations"].find_one({})
    assert document is not None
    stored = encode(document)
    assert WORDS.encode() not in stored
    assert "căn".encode() not in stored
    assert (document["notes"], document["due"], document["oa"]) == (1, 1, OA)


@pytest.mark.parametrize("known", [False, True], ids=["new conversation", "known conversation"])
async def test_the_loser_of_a_race_fails_and_nothing_of_it_is_stored(db: Database, known: bool) -> None:
    memories = over(db)
    if known:
        before = await recalled(memories)
        take(before, heard(), "before")
        await memories.remember([before])
    first, second = await recalled(memories), await recalled(memories)
    take(first, won := heard(), "first")
    take(second, lost := heard(), "second")
    await memories.remember([first])
    with pytest.raises(Transient, match="1 conversation"):
        await memories.remember([second])
    after = await recalled(memories)
    assert after.state.notes[-1] == "first"
    assert (after.knows(won), after.knows(lost)) == (True, False)
    assert after.version == first.stored_version


async def test_a_race_over_one_conversation_does_not_hold_up_the_others_and_a_second_try_settles_it(
    db: Database,
) -> None:
    memories = over(db)
    ours, theirs = await recalled(memories, "901"), await recalled(memories, "901")
    neighbour = await recalled(memories, "902")
    take(theirs, heard())
    await memories.remember([theirs])
    raced, beside = heard(), heard(user="902")
    take(ours, raced)
    take(neighbour, beside)
    with pytest.raises(Transient):
        await memories.remember([ours, neighbour])
    assert (await recalled(memories, "902")).knows(beside)
    once_more = await recalled(memories, "901")
    take(once_more, raced)
    await memories.remember([once_more])
    assert len((await recalled(memories, "901")).state.notes) == 2


async def test_heard_ids_are_bounded_and_the_newest_stay(db: Database) -> None:
    memories, events = over(db), [heard() for _ in range(HEARD_AT_MOST + 20)]
    for some in (events[:100], events[100:]):
        memory = await recalled(memories)
        for event in some:
            memory.keep(event, State(), [])
        await memories.remember([memory])
    memory = await recalled(memories)
    assert len(memory.heard) == HEARD_AT_MOST
    assert [memory.knows(events[at]) for at in (0, 19, 20, -1)] == [False, False, True, True]


async def test_a_batch_that_repeats_itself_writes_nothing(db: Database) -> None:
    memories, message = over(db), heard()
    memory = await recalled(memories)
    take(memory, message)
    await memories.remember([memory])
    again = await recalled(memories)
    again.again(message)
    await memories.remember([again])
    assert (await recalled(memories)).version == 1


async def test_forgetting_is_complete_and_may_be_repeated(db: Database) -> None:
    memories = over(db)
    memory = await recalled(memories)
    take(memory, heard(), WORDS)
    await memories.remember([memory])
    await memories.forget(memory.conversation)
    await memories.forget(memory.conversation)
    assert (await recalled(memories)).version == 0


async def test_a_document_that_does_not_open_is_the_record_s_fault_and_quotes_nothing(db: Database) -> None:
    memories = over(db)
    memory = await recalled(memories)
    take(memory, heard(), WORDS)
    await memories.remember([memory])
    with pytest.raises(NotOurs) as fault:
        await recalled(over(db, Ring({"b1": b"?" * 32})))
    assert WORDS not in str(fault.value)


async def test_a_wrong_password_is_no_record_s_fault(mongo_url: str) -> None:
    wrong = mongo_url.replace("loa:", "loa:not", 1)
    async with database(wrong, "nobody") as db:
        with pytest.raises(Transient, match="MONGO_URL"):
            await ping(db)


async def test_a_database_that_is_away_is_the_world_s_fault_within_seconds_and_the_same_client_goes_on(
    mongo: LiveMongo, db: Database
) -> None:
    memories = over(db)
    memory = await recalled(memories)
    take(memory, heard())
    mongo.kill()
    try:
        with pytest.raises(Transient, match="MONGO_URL"):
            await memories.remember([memory])
        with pytest.raises(Transient), blame():
            await db["conversations"].find_one({})
    finally:
        mongo.start()
    await memories.remember([memory])
    assert (await recalled(memories)).version == 1
