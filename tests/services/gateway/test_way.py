"""Straight to the broker, through the spool, or not at all: bounded waits, and a citizen's order kept."""

import time
from typing import Any, cast

import pytest

from chassis.blame import Transient
from chassis.types import Utterance
from services.gateway.judge import Outcome
from services.gateway.way import Way
from tests.services.gateway.stores import Broker, MemorySpool


class Scene:
    def __init__(self, spool_limit: int = 100) -> None:
        self.broker, self.spool = Broker(), MemorySpool()
        self.way = Way(self.broker, cast("Any", self.spool), 0.1, 0.1, spool_limit, direct=True, spool_up=True)
        self._number = 0

    async def tell(self) -> Outcome:
        self._number += 1
        return await self.way.durable([Utterance("t", b"citizen", str(self._number).encode(), {"ce_id": b"x"})])

    def said(self) -> list[int]:
        return [int(one.value) for one in self.broker.said]

    async def look(self) -> None:
        await self.way._look()


@pytest.fixture
def scene() -> Scene:
    return Scene()


async def test_with_the_broker_up_the_spool_is_not_touched(scene: Scene) -> None:
    assert await scene.tell() is Outcome.ACCEPTED
    assert not scene.spool.kept


async def test_a_dead_broker_costs_one_wait_and_not_one_for_each_webhook(scene: Scene) -> None:
    scene.broker.away, scene.broker.slow = True, 0.1
    started = time.perf_counter()
    assert [await scene.tell() for _ in range(50)] == [Outcome.SPOOLED] * 50
    assert scene.broker.calls == 1
    assert time.perf_counter() - started < 0.3


async def test_when_the_broker_is_back_the_spool_is_drained_in_order_before_anything_new(scene: Scene) -> None:
    scene.broker.away = True
    for _ in range(1_200):
        scene.way.spool_limit = 5_000
        await scene.tell()
    await scene.look()
    assert scene.said() == []  # Still away.
    scene.broker.away = False
    assert await scene.tell() is Outcome.SPOOLED  # Until the spool is empty, everybody goes through it.
    await scene.look()
    assert await scene.tell() is Outcome.ACCEPTED
    assert scene.said() == list(range(1, 1_203))


async def test_a_crash_between_saying_and_dropping_says_the_same_again(scene: Scene) -> None:
    scene.broker.away = True
    await scene.tell()
    await scene.tell()
    scene.broker.away = False
    kept = list(scene.spool.kept)
    await scene.look()
    scene.spool.kept, scene.way.direct = kept, False  # As if the process had died before it could drop them.
    await scene.look()
    assert scene.said() == [1, 2, 1, 2]  # Under the same ids: listeners ignore what they know.


async def test_both_away_is_refused_at_once(scene: Scene) -> None:
    scene.broker.away = scene.spool.away = True
    assert await scene.tell() is Outcome.UNAVAILABLE
    started = time.perf_counter()
    assert [await scene.tell() for _ in range(100)] == [Outcome.UNAVAILABLE] * 100
    assert time.perf_counter() - started < 0.05
    with pytest.raises(Transient):
        await scene.way.ready()


async def test_mongodb_away_alone_hurts_nobody(scene: Scene) -> None:
    scene.spool.away = True
    await scene.look()
    assert await scene.tell() is Outcome.ACCEPTED
    await scene.way.ready()


async def test_after_both_were_away_a_broker_that_answers_is_enough(scene: Scene) -> None:
    scene.broker.away = scene.spool.away = True
    await scene.tell()
    scene.broker.away = False
    await scene.look()
    assert await scene.tell() is Outcome.ACCEPTED


async def test_a_full_spool_refuses_instead_of_growing() -> None:
    scene = Scene(spool_limit=3)
    scene.broker.away = True
    assert [await scene.tell() for _ in range(5)] == [Outcome.SPOOLED] * 3 + [Outcome.UNAVAILABLE] * 2


async def test_what_another_replica_spooled_sends_this_one_the_same_way(scene: Scene) -> None:
    await scene.spool.keep([Utterance("t", b"citizen", b"0", {"ce_id": b"x"})], 1)
    scene.spool.mine = False  # The other one drains.
    await scene.look()
    assert await scene.tell() is Outcome.SPOOLED
    await scene.look()
    assert not scene.way.direct
    scene.spool.mine = True
    await scene.look()
    assert scene.said() == [0, 1]
    assert scene.way.direct


async def test_at_the_start_nothing_goes_straight_before_the_spool_was_seen() -> None:
    scene = Scene()
    scene.way.direct = scene.way.spool_up = False
    assert await scene.tell() is Outcome.UNAVAILABLE
    await scene.look()
    assert await scene.tell() is Outcome.ACCEPTED
