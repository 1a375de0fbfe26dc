"""Cases in a real MongoDB: what two processes at once, a crash and a rotated ring do to them."""

import asyncio
from datetime import timedelta

import pytest

from chassis.crypto import KeyRing
from chassis.errors import InvalidRecordError, TransientError
from chassis.mongo import Database
from services.tips.case_key import CaseKey
from services.tips.store.cases import Cases, Closing, Opening
from tests.doubles import NOON, OA
from tests.services.tips.officer import officer_keys
from tests.services.tips.tips_app import DESK, INTAKE, SECRETS, ManualClock

pytestmark = pytest.mark.live

OPENING = Opening("a" * 32, OA, "receipt", NOON)
DONE = Closing("a" * 32, "done", NOON + timedelta(minutes=1))


def make_store(db: Database, ring: KeyRing = INTAKE) -> Cases:
    return Cases(db, ring, SECRETS.recipients, ManualClock())


@pytest.fixture
async def cases(db: Database) -> Cases:
    store = make_store(db)
    await store.prepare()
    return store


async def key(cases: Cases, minutes: float = 0) -> CaseKey:
    return (await cases.keys({OPENING.case_id: NOON + timedelta(minutes=minutes)}))[OPENING.case_id]


async def test_opening_twice_keeps_the_first_key(cases: Cases) -> None:
    await cases.open([OPENING])
    first = await key(cases)
    await cases.open([OPENING])
    assert await key(cases) == first


async def test_two_processes_opening_the_same_case_end_up_with_one_key(db: Database, cases: Cases) -> None:
    async def opens(store: Cases) -> None:
        try:
            await store.open([OPENING])
        except TransientError:
            await store.open([OPENING])

    others = [make_store(db) for _ in range(5)]
    await asyncio.gather(*(opens(store) for store in (cases, *others)))
    assert len({(await key(store)).secret for store in (cases, *others)}) == 1


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


async def test_a_case_that_was_added_to_meanwhile_is_not_idle(cases: Cases) -> None:
    await cases.open([OPENING])
    idle = Closing(OPENING.case_id, "idle", NOON, quiet_since=NOON)
    assert await cases.close([idle], {}) == []


async def test_when_the_ring_was_rotated_past_a_case_it_goes_on_under_another_key(db: Database, cases: Cases) -> None:
    await cases.open([OPENING])
    first = await key(cases)
    rotated = make_store(db, KeyRing({"k2": b"j" * 32}))
    second = await key(rotated, minutes=1)
    assert (first.number, second.number) == (0, 1)
    assert await key(rotated, minutes=2) == second
    (document,) = await db["cases"].find().to_list(None)
    assert officer_keys(document, DESK) == {0: first, 1: second}
    assert document["openings"] == 1


async def test_two_processes_reopening_at_once_one_of_them_tries_again(db: Database, cases: Cases) -> None:
    await cases.open([OPENING])
    await cases.close([DONE], {})
    results = await asyncio.gather(key(cases), key(make_store(db)), return_exceptions=True)
    keys = {result.secret for result in results if isinstance(result, CaseKey)}
    assert len(keys) == 1
    assert all(isinstance(result, CaseKey | TransientError) for result in results)
    assert (await key(cases)).secret in keys


async def test_a_case_that_never_was_is_the_records_fault_and_not_silently_dropped(cases: Cases) -> None:
    with pytest.raises(InvalidRecordError):
        await key(cases)


async def test_a_cancelled_case_gives_no_key_and_never_opens_again(cases: Cases) -> None:
    await cases.open([OPENING])
    await cases.close([Closing(OPENING.case_id, "cancelled", NOON)], {})
    assert await cases.keys({OPENING.case_id: NOON}) == {}
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
