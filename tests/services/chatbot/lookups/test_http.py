"""A province's own system in every mood: waited for within a bound, never believed unread, bridged by what was last known."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from chassis.mongo import Database
from services.chatbot.features.scores.effects import FindScore, Score, ScoresHaveNames
from services.chatbot.features.scores.remote import RemoteScores, remote_scores
from services.chatbot.lookups.http import BATCH_SECONDS, CALL_SECONDS, CIRCUIT, CONCURRENCY, RemoteSystem
from services.chatbot.lookups.result import LookupResult
from services.chatbot.lookups.store.last_known import StaleCache
from tests.services.chatbot.fake_http import FakeSystem

pytestmark = pytest.mark.live

QUERY = FindScore("37000001")
BAD = ("slow", "failing", "garbage", "huge", "forbidden", "moved")


@pytest.fixture
def scores(remote: RemoteSystem, stale_cache: StaleCache) -> RemoteScores:
    return remote_scores(remote, stale_cache)


def queries(count: int) -> list[FindScore]:
    return [FindScore(f"37{number:06d}") for number in range(count)]


async def test_an_answer_names_its_source_and_its_age(scores: RemoteScores, system: FakeSystem) -> None:
    result = (await scores.find.answer([QUERY]))[QUERY]
    assert result == LookupResult(
        Score("Kỳ thi thử", {"Toán": 8.5}), "Sở Thử nghiệm", datetime(2026, 3, 2, 1, tzinfo=UTC)
    )
    assert system.requests == [("/find", {"number": "37000001", "name": ""})], "in the body: no address carries it"
    assert system.authorization == "Bearer a-token-of-this-test"
    assert (await scores.named.answer([ScoresHaveNames()]))[ScoresHaveNames()] is False


async def test_what_the_source_does_not_know_is_no_outage(scores: RemoteScores, remote: RemoteSystem) -> None:
    stranger = FindScore("99000001")
    for _ in range(CIRCUIT.failures + 1):
        assert await scores.find.answer([stranger]) == {stranger: None}
    assert not remote.breaker.is_open(remote.now_ms())


@pytest.mark.parametrize("mood", BAD)
async def test_a_source_in_a_bad_mood_is_away_in_bounded_time(
    scores: RemoteScores, system: FakeSystem, mood: str
) -> None:
    system.mood = mood
    began = time.monotonic()
    assert await scores.find.answer([QUERY]) == {}, "left out: the citizen is told that the source is away"
    assert time.monotonic() - began < CALL_SECONDS + 1


@pytest.mark.parametrize("mood", BAD)
async def test_while_it_is_away_the_last_known_answer_is_told_as_such(
    scores: RemoteScores, system: FakeSystem, mood: str
) -> None:
    fresh = (await scores.find.answer([QUERY]))[QUERY]
    system.mood = mood
    stale = (await scores.find.answer([QUERY]))[QUERY]
    assert stale == LookupResult(fresh.value, fresh.source, fresh.as_of, stale=True)


async def test_what_is_known_is_forgotten_after_a_day(scores: RemoteScores, system: FakeSystem, db: Database) -> None:
    await scores.find.answer([QUERY])
    await db.last_known.update_many({}, {"$set": {"at": datetime.now(UTC) - timedelta(hours=24, seconds=1)}})
    system.mood = "failing"
    assert await scores.find.answer([QUERY]) == {}
    indexes = await db.last_known.index_information()
    assert indexes["at_1"]["expireAfterSeconds"] == 24 * 3600


async def test_after_five_failures_it_is_left_alone_and_then_tried_again(
    scores: RemoteScores, remote: RemoteSystem, system: FakeSystem
) -> None:
    clock = [0]
    remote.now_ms = lambda: clock[0]
    await scores.find.answer([QUERY])
    system.mood = "failing"
    for _ in range(CIRCUIT.failures):
        await scores.find.answer([QUERY])
    request_count = len(system.requests)
    assert (await scores.find.answer([QUERY]))[QUERY].stale
    assert len(system.requests) == request_count, "nobody asked it"
    clock[0] += CIRCUIT.first_ms
    system.mood = "good"
    assert not (await scores.find.answer([QUERY]))[QUERY].stale
    assert not remote.breaker.is_open(remote.now_ms())


async def test_a_batch_is_asked_in_parallel_and_never_more_than_sixteen_at_once(
    scores: RemoteScores, system: FakeSystem
) -> None:
    system.seconds = 0.1
    batch = queries(80)
    began = time.monotonic()
    results = await scores.find.answer(batch)
    assert len(results) == 80
    assert all(result is not None for result in results.values())
    assert system.most_at_once == CONCURRENCY
    assert time.monotonic() - began < 80 * 0.1


async def test_what_a_slow_source_answered_in_time_is_not_lost_with_the_rest(
    scores: RemoteScores, system: FakeSystem
) -> None:
    system.seconds = 1.0
    began = time.monotonic()
    results = await scores.find.answer(queries(100))
    assert time.monotonic() - began < BATCH_SECONDS + 0.4, "less than the bound within which a batch may be held up"
    assert CONCURRENCY <= len(results) < 100


async def test_an_answer_about_somebody_else_is_not_believed(scores: RemoteScores, system: FakeSystem) -> None:
    system.answers["/find"] = lambda _: {
        "source": "Sở Thử nghiệm",
        "as_of": "2026-03-02T08:00:00+07:00",
        "number": "37999999",
        "exam": "Kỳ thi thử",
        "marks": {"Toán": 1},
    }
    assert await scores.find.answer([QUERY]) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"as_of": "hôm qua"},
        {"as_of": "2026-03-02T08:00:00"},
        {"marks": {"Toán": 11}},
        {"marks": {"Toán": "mười"}},
        {"marks": {f"Môn {number}": 5 for number in range(31)}},
        {"exam": "x" * 301},
        {"source": ""},
    ],
)
async def test_an_answer_out_of_shape_is_none(
    scores: RemoteScores, system: FakeSystem, wrong: dict[str, object]
) -> None:
    good = system.answers["/find"]
    system.answers["/find"] = lambda body: {**good(body), **wrong}
    assert await scores.find.answer([QUERY]) == {}


async def test_what_is_known_lies_sealed(scores: RemoteScores, db: Database) -> None:
    await scores.find.answer([QUERY])
    dump = repr(await db.last_known.find({}).to_list(None))
    for secret in ("37000001", "Toán", "8.5", "Kỳ thi"):
        assert secret not in dump, secret
