"""Who can write to the database, and has no key: no conversation continues with a state that is not its own newest."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from chassis.crypto import DecryptionError
from chassis.mongo import Database, Document, database
from tests.chassis.stored_conversations import loaded, record_message, repository_over
from tests.doubles import conversation, message_received

pytestmark = pytest.mark.live
WORDS = "mất căn cước ở chợ"


@pytest.fixture
async def db(mongo_url: str) -> AsyncIterator[Database]:
    async with database(mongo_url, f"memory_{uuid4().hex[:8]}") as test_db:
        yield test_db
        await test_db.client.drop_database(test_db.name)


async def saved_notes(db: Database, user: str, *notes: str) -> Document:
    """The document of a conversation after these notes, one batch each."""
    repository = repository_over(db)
    for note in notes:
        record = await loaded(repository, user)
        record_message(record, message_received(user=user), note)
        await repository.save([record])
    document: Document | None = await db["conversations"].find_one({"_id": conversation(user)})
    assert document is not None
    return document


async def test_another_citizens_state_does_not_open_in_ones_own_conversation(db: Database) -> None:
    theirs = await saved_notes(db, "901", WORDS)
    await saved_notes(db, "902", "của tôi")
    await db["conversations"].update_one({"_id": conversation("902")}, {"$set": {"s": theirs["s"]}})
    with pytest.raises(DecryptionError):
        await loaded(repository_over(db), "902")


async def test_an_earlier_state_of_the_same_citizen_does_not_open_again(db: Database) -> None:
    before = await saved_notes(db, "901", WORDS)
    await saved_notes(db, "901", "và sau đó")
    await db["conversations"].update_one({"_id": conversation("901")}, {"$set": {"s": before["s"]}})
    with pytest.raises(DecryptionError):
        await loaded(repository_over(db))


async def test_a_state_that_is_restored_under_another_oa_does_not_open(db: Database) -> None:
    await saved_notes(db, "901", WORDS)
    await db["conversations"].update_one({"_id": conversation("901")}, {"$set": {"oa": "1000000000000000098"}})
    with pytest.raises(DecryptionError):
        await loaded(repository_over(db))
