"""Cases in a real MongoDB: what two processes at once and a restart do to them."""

import asyncio
from datetime import timedelta

import pytest
from bson import encode

from chassis.errors import InvalidRecordError, TransientError
from chassis.mongo import Database
from services.tips.case_key import CaseKey
from services.tips.store.cases import Cases, Closing, Opening
from tests.doubles import NOON, OA
from tests.services.tips.officer import officer_keys
from tests.services.tips.tips_app import DESK, SECRETS

pytestmark = pytest.mark.live

OPENING = Opening("a" * 32, OA, "receipt", NOON)
DONE = Closing("a" * 32, "done", NOON + timedelta(minutes=1))


def make_store(db: Database) -> Cases:
    return Cases(db, SECRETS.recipients)


@pytest.fixture
async def cases(db: Database) -> Cases:
    store = make_store(db)
    await store.prepare()
    return store


async def key(cases: Cases) -> CaseKey:
    return (await cases.keys({OPENING.case_id}))[OPENING.case_id]


async def test_two_processes_opening_the_same_case_each_seal_with_a_key_that_the_officers_have(
    db: Database, cases: Cases
) -> None:
    others = [make_store(db) for _ in range(3)]
    for store in (cases, *others):
        await store.open([OPENING])
    secrets = [(await key(store)).secret for store in (cases, *others)]
    (document,) = await db["cases"].find().to_list(None)
    assert set(secrets) <= {case_key.secret for case_key in officer_keys(document, DESK).values()}
    assert [(await key(store)).secret for store in (cases, *others)] == secrets


async def test_a_key_is_in_the_database_for_the_officers_alone(db: Database, cases: Cases) -> None:
    await cases.open([OPENING])
    (document,) = await db["cases"].find().to_list(None)
    assert (await key(cases)).secret not in encode(document)
    restarted = make_store(db)
    assert (await key(restarted)).number == 1


async def test_a_key_of_a_case_that_another_process_closed_is_forgotten(db: Database, cases: Cases) -> None:
    await cases.open([OPENING])
    await make_store(db).close([DONE], {})
    await cases.let_go()
    assert not cases._held


async def test_the_officers_key_is_the_one_we_sealed_with(db: Database, cases: Cases) -> None:
    await cases.open([OPENING])
    (document,) = await db["cases"].find().to_list(None)
    assert officer_keys(document, DESK)[0] == await key(cases)


async def test_a_closed_case_is_closed_once_and_its_number_of_pieces_is_frozen(cases: Cases) -> None:
    await cases.open([OPENING])
    assert await cases.close([DONE], {OPENING.case_id: 3}) == [OPENING.case_id]
    assert await cases.close([DONE], {OPENING.case_id: 9}) == []
    summary = await cases.summary(OPENING.case_id)
    assert summary is not None
    assert (summary["state"], summary["ending"], summary["pieces"]) == ("closed", "done", 3)


async def test_two_processes_reopening_at_once_each_have_a_key_or_try_again(db: Database, cases: Cases) -> None:
    await cases.open([OPENING])
    await cases.close([DONE], {})
    results = await asyncio.gather(key(cases), key(make_store(db)), return_exceptions=True)
    keys = {result.secret for result in results if isinstance(result, CaseKey)}
    assert keys
    assert all(isinstance(result, CaseKey | TransientError) for result in results)
    again = await key(cases)  # The loser tries again, under a key of its own.
    (document,) = await db["cases"].find().to_list(None)
    assert keys | {again.secret} <= {case_key.secret for case_key in officer_keys(document, DESK).values()}


async def test_a_case_that_never_was_is_the_records_fault_and_not_silently_dropped(cases: Cases) -> None:
    with pytest.raises(InvalidRecordError):
        await key(cases)


async def test_a_cancelled_case_gives_no_key_and_never_opens_again(cases: Cases) -> None:
    await cases.open([OPENING])
    await cases.close([Closing(OPENING.case_id, "cancelled", NOON)], {})
    assert await cases.keys({OPENING.case_id}) == {}
    assert await cases.key(OPENING.case_id) is None
    await cases.open([OPENING])
    assert await cases.key(OPENING.case_id) is None


async def test_what_is_published_is_published_no_more(cases: Cases) -> None:
    await cases.open([OPENING])
    await cases.close([DONE], {})
    (document,) = await cases.unpublished()
    assert document["unsaid"] == ["opened.1", "closed.1"]
    await cases.mark_published({OPENING.case_id: ["opened.1"]})
    assert [case["unsaid"] for case in await cases.unpublished()] == [["closed.1"]]
    await cases.mark_published({OPENING.case_id: ["closed.1"]})
    assert await cases.unpublished() == []
