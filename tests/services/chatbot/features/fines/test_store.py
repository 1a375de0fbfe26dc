"""Fines are told to who can prove the plate, and guessing leads nowhere."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chassis.mongo import Database
from loa.clients.imports import ChatbotClient
from services.chatbot.features.fines.effects import FindFines
from services.chatbot.features.fines.feature import FinesSource, limit_proofs
from services.chatbot.features.fines.store import Fines
from services.chatbot.lookups.proof_limits import MAX_ON_THING, ProofLimiter
from services.chatbot.lookups.result import MAX_BY_PERSON, WINDOW_MINUTES, Locked, LookupResult
from services.chatbot.lookups.store.attempts import Attempts
from services.chatbot.lookups.store.datasets import Datasets
from services.chatbot.lookups.store.proofs import Proofs
from services.chatbot.metrics import PROOFS
from tests.doubles import BODIES, PEPPER
from tests.services.chatbot.features.import_files import load

pytestmark = pytest.mark.live

FINE_FILE = """biển số,loại xe,số khung,căn cước,thời gian,địa điểm,hành vi,đơn vị,điện thoại
51F-123.45,ô tô,RLHJF1234AB56789,,08:15 01/02/2026,Ngã tư Thử,Vượt đèn đỏ,Đội CSGT Thử,0280000000
51F-123.45,ô tô,RLHJF1234AB56789,,09:15 02/02/2026,Cầu Thử,Quá tốc độ,Đội CSGT Thử,0280000000
không phải biển,ô tô,123456,,08:15,ở đâu,gì đó,ai,0
"""


async def limited(db: Database, source: FinesSource) -> ProofLimiter:
    """The source as one process has it, behind the limits."""
    attempts, proofs = Attempts(db.attempts, timedelta(minutes=WINDOW_MINUTES)), Proofs(db.proofs)
    await attempts.prepare()
    await proofs.prepare()
    return limit_proofs(attempts, proofs, PEPPER, source)


@pytest.fixture
async def limiter(db: Database, import_client: ChatbotClient, datasets: Datasets, tmp_path: Path) -> ProofLimiter:
    path = tmp_path / "phat.csv"
    path.write_text(FINE_FILE, encoding="utf-8")
    outcome = await load(import_client, "fines", path)
    assert [bad["line"] for bad in outcome.bad] == [4]
    return await limited(db, Fines(datasets, BODIES, PEPPER))


def counted() -> dict[str, float]:
    return {outcome: PROOFS.labels("fines", outcome)._value.get() for outcome in ("proven", "failed", "locked")}


@dataclass(slots=True)
class WrongEverywhere:
    """A source that knows no proof; it counts what it was asked."""

    asked: int = 0

    async def answer(self, queries: Sequence[FindFines]) -> Mapping[FindFines, None]:
        self.asked += len(queries)
        return dict.fromkeys(queries)


async def find(limiter: ProofLimiter, query: FindFines) -> Any:
    return (await limiter.answer([query]))[query]


def fines_query(proof: str, attempt: int = 0, person: str = "p1", oa: str = "") -> FindFines:
    """Of a person, whose conversation is another with each OA."""
    return FindFines(f"attempt-{person}-{oa}-{attempt}", f"{person} with {oa}", person, "51F12345", proof, "oto")


async def strangers_guess(limiter: ProofLimiter, how_often: int) -> None:
    """Each with as many accounts as they need."""
    for number in range(how_often):
        await find(limiter, fines_query("00000", person=f"stranger{number // MAX_BY_PERSON}", attempt=number))


async def test_fines_are_told_to_who_knows_the_chassis_number(limiter: ProofLimiter) -> None:
    result = await find(limiter, fines_query("56789"))
    assert isinstance(result, LookupResult)
    assert [fine.offence for fine in result.value] == ["Vượt đèn đỏ", "Quá tốc độ"]


async def test_a_wrong_proof_and_an_unknown_plate_are_answered_alike(limiter: ProofLimiter) -> None:
    assert await find(limiter, fines_query("00000")) is None
    assert await find(limiter, FindFines("x", "c1", "p1", "99Z99999", "00000", "oto")) is None


async def test_guessing_locks_the_guesser_with_every_oa_and_for_every_plate_but_not_the_owner(
    limiter: ProofLimiter,
) -> None:
    for attempt in range(MAX_BY_PERSON):
        await find(limiter, fines_query("00000", attempt, oa=f"oa{attempt}"))
    assert isinstance(await find(limiter, fines_query("56789", 9, oa="another")), Locked)
    assert isinstance(await find(limiter, FindFines("y", "c1", "p1", "99Z99999", "00000", "oto")), Locked)
    assert isinstance(await find(limiter, fines_query("56789", 9, "owner")), LookupResult)


async def test_many_guessers_lock_a_plate_for_strangers_and_never_for_who_has_proven_it(limiter: ProofLimiter) -> None:
    await find(limiter, fines_query("56789", person="owner"))
    await strangers_guess(limiter, MAX_ON_THING)
    assert isinstance(await find(limiter, fines_query("56789", 1, "newcomer")), Locked)
    assert isinstance(await find(limiter, fines_query("56789", 1, "owner")), LookupResult)
    for attempt in range(MAX_BY_PERSON):
        await find(limiter, fines_query("00000", attempt + 2, "owner"))
    assert isinstance(await find(limiter, fines_query("56789", 9, "owner")), Locked), (
        "a guess is a guess, whoever makes it"
    )


async def test_who_withdraws_is_forgotten_as_an_owner_and_not_as_a_guesser(db: Database, limiter: ProofLimiter) -> None:
    await find(limiter, fines_query("56789"))
    for attempt in range(MAX_BY_PERSON):
        await find(limiter, fines_query("00000", attempt + 1))
    await Proofs(db.proofs).forget("p1 with ")
    assert await db.proofs.count_documents({}) == 0
    assert isinstance(await find(limiter, fines_query("56789", 9)), Locked)


async def test_proofs_are_counted_by_how_they_went(limiter: ProofLimiter) -> None:
    before = counted()
    await find(limiter, fines_query("56789"))
    await strangers_guess(limiter, 1)
    for attempt in range(MAX_BY_PERSON + 1):
        await find(limiter, fines_query("00000", attempt + 1))
    after = counted()
    assert [after[outcome] - before[outcome] for outcome in before] == [1, 1 + MAX_BY_PERSON, 1]


async def test_guesses_at_the_same_moment_see_each_other(limiter: ProofLimiter) -> None:
    guesses = [fines_query(f"{number:05d}", number) for number in range(20)]
    answers = await limiter.answer(guesses)
    assert sum(answer is None for answer in answers.values()) <= MAX_BY_PERSON


async def test_guesses_at_the_same_moment_in_two_processes_see_each_other(db: Database) -> None:
    source = WrongEverywhere()
    processes = [await limited(db, source) for _ in range(2)]
    guesses = [fines_query(f"{number:05d}", number) for number in range(20)]
    await asyncio.gather(processes[0].answer(guesses[:10]), processes[1].answer(guesses[10:]))
    assert source.asked <= MAX_BY_PERSON


async def test_another_source_does_not_begin_to_count_anew(db: Database, limiter: ProofLimiter) -> None:
    elsewhere = await limited(db, WrongEverywhere())
    for attempt in range(MAX_BY_PERSON):
        await find(elsewhere, fines_query("00000", attempt))
    assert isinstance(await find(limiter, fines_query("56789", 9)), Locked)


async def test_asking_again_after_a_crash_counts_as_one_attempt(limiter: ProofLimiter) -> None:
    for _ in range(10):
        await find(limiter, fines_query("00000"))
    assert isinstance(await find(limiter, fines_query("56789", 1)), LookupResult)


async def test_no_plate_number_or_offence_lies_open_in_the_database(db: Database, limiter: ProofLimiter) -> None:
    await find(limiter, fines_query("56789"))
    dump = repr([await db[name].find({}).to_list(None) for name in await db.list_collection_names()])
    for secret in ("51F12345", "123.45", "56789", "Vượt đèn đỏ"):
        assert secret not in dump
