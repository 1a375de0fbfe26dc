"""What a service stores of conversations, on a real MongoDB."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from bson import encode

from chassis.crypto import DecryptionError, KeyRing
from chassis.errors import TransientError
from chassis.inbox import MAX_IDS
from chassis.mongo import Database, database, ping, translate_errors
from contracts.gateway import CitizenWithdrew
from loa.testkit.servers import LiveMongo
from tests.chassis.stored_conversations import State, loaded, record_message, repository_over
from tests.doubles import OA, make_event, message_received, sealed_address

pytestmark = pytest.mark.live
WORDS = "mất căn cước ở chợ"


@pytest.fixture
async def db(mongo_url: str) -> AsyncIterator[Database]:
    async with database(mongo_url, f"memory_{uuid4().hex[:8]}") as test_db:
        yield test_db
        await test_db.client.drop_database(test_db.name)


async def test_an_unknown_conversation_is_loaded_as_new(db: Database) -> None:
    record = await loaded(repository_over(db))
    assert (record.state, record.version, record.changed) == (State(), 0, False)


async def test_state_and_words_come_back_as_they_were(db: Database) -> None:
    repository, message = repository_over(db), message_received()
    record = await loaded(repository)
    events = record_message(record, message, WORDS)
    await repository.save([record])
    reloaded = await loaded(repository)
    assert reloaded.state == State(notes=(WORDS,))
    assert reloaded.is_duplicate(message)
    assert reloaded.replay(message) == events
    assert not reloaded.is_duplicate(message_received())


async def test_the_database_holds_no_word_in_the_clear(db: Database) -> None:
    repository = repository_over(db)
    record = await loaded(repository)
    record_message(record, message_received(WORDS), WORDS)
    await repository.save([record], {"due": 1})
    document = await db["conversations"].find_one({})
    assert document is not None
    stored = encode(document)
    assert WORDS.encode() not in stored
    assert "căn".encode() not in stored
    assert (document["notes"], document["due"], document["oa"]) == (1, 1, OA)


@pytest.mark.parametrize("exists", [False, True], ids=["new conversation", "known conversation"])
async def test_the_loser_of_a_race_fails_and_nothing_of_it_is_stored(db: Database, exists: bool) -> None:
    repository = repository_over(db)
    if exists:
        before = await loaded(repository)
        record_message(before, message_received(), "before")
        await repository.save([before])
    first, second = await loaded(repository), await loaded(repository)
    record_message(first, won := message_received(), "first")
    record_message(second, lost := message_received(), "second")
    await repository.save([first])
    with pytest.raises(TransientError, match="1 conversation"):
        await repository.save([second])
    after = await loaded(repository)
    assert after.state.notes[-1] == "first"
    assert (after.is_duplicate(won), after.is_duplicate(lost)) == (True, False)
    assert after.version == first.stored_version


async def test_a_race_over_one_conversation_does_not_hold_up_the_others_and_a_second_try_settles_it(
    db: Database,
) -> None:
    repository = repository_over(db)
    ours, theirs = await loaded(repository, "901"), await loaded(repository, "901")
    other_conversation = await loaded(repository, "902")
    record_message(theirs, message_received())
    await repository.save([theirs])
    raced, beside = message_received(), message_received(user="902")
    record_message(ours, raced)
    record_message(other_conversation, beside)
    with pytest.raises(TransientError):
        await repository.save([ours, other_conversation])
    assert (await loaded(repository, "902")).is_duplicate(beside)
    once_more = await loaded(repository, "901")
    record_message(once_more, raced)
    await repository.save([once_more])
    assert len((await loaded(repository, "901")).state.notes) == 2


async def test_inbox_ids_are_bounded_and_the_newest_stay(db: Database) -> None:
    repository, events = repository_over(db), [message_received() for _ in range(MAX_IDS + 20)]
    for some in (events[:100], events[100:]):
        record = await loaded(repository)
        for event in some:
            record.record_event(event, State(), [])
        await repository.save([record])
    record = await loaded(repository)
    assert len(record.inbox) == MAX_IDS
    assert record.inbox.fields()["h"] == b"".join(event.id.bytes for event in events[20:])


async def test_a_batch_that_repeats_itself_writes_nothing(db: Database) -> None:
    repository, message = repository_over(db), message_received()
    record = await loaded(repository)
    record_message(record, message)
    await repository.save([record])
    reloaded = await loaded(repository)
    reloaded.replay(message)
    await repository.save([reloaded])
    assert (await loaded(repository)).version == 1


async def test_who_is_forgotten_begins_anew_and_nothing_said_before_is_said_again(db: Database) -> None:
    repository, message, withdrew = (
        repository_over(db),
        message_received(),
        make_event(CitizenWithdrew, address=sealed_address()),
    )
    record = await loaded(repository)
    record_message(record, message, WORDS)
    await repository.save([record])
    record = await loaded(repository)
    record.forget(withdrew, State(), [])
    await repository.save([record])
    record = await loaded(repository)
    assert record.state == State()
    assert record.outbox == {}
    assert record.is_duplicate(message)
    assert record.is_duplicate(withdrew), "delivered again it erases nothing"


async def test_a_forgotten_conversation_goes_by_itself_unless_the_citizen_returns(db: Database) -> None:
    repository = repository_over(db)
    await repository.prepare()
    assert (await db["conversations"].index_information())["gone_1"]["expireAfterSeconds"] == 7 * 86_400
    record = await loaded(repository)
    record.forget(make_event(CitizenWithdrew, address=sealed_address()), State(), [])
    await repository.save([record])
    assert await db["conversations"].count_documents({"gone": {"$exists": True}}) == 1
    record = await loaded(repository)
    record_message(record, message_received(), WORDS)
    await repository.save([record])
    assert await db["conversations"].count_documents({"gone": {"$exists": True}}) == 0


async def test_a_document_that_does_not_open_is_the_record_s_fault_and_quotes_nothing(db: Database) -> None:
    repository = repository_over(db)
    record = await loaded(repository)
    record_message(record, message_received(), WORDS)
    await repository.save([record])
    with pytest.raises(DecryptionError) as fault:
        await loaded(repository_over(db, KeyRing({"k2": b"?" * 32})))
    assert WORDS not in str(fault.value)


async def test_a_wrong_password_is_no_record_s_fault(mongo_url: str) -> None:
    wrong = mongo_url.replace("loa:", "loa:not", 1)
    async with database(wrong, "nobody") as db:
        with pytest.raises(TransientError, match="MONGO_URL"):
            await ping(db)


async def test_a_database_that_is_away_is_the_world_s_fault_within_seconds_and_the_same_client_goes_on(
    mongo: LiveMongo, db: Database
) -> None:
    repository = repository_over(db)
    record = await loaded(repository)
    record_message(record, message_received())
    mongo.kill()
    try:
        with pytest.raises(TransientError, match="MONGO_URL"):
            await repository.save([record])
        with pytest.raises(TransientError), translate_errors():
            await db["conversations"].find_one({})
    finally:
        mongo.start()
    await repository.save([record])
    assert (await loaded(repository)).version == 1
