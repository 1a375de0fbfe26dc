"""Straight to the broker, through the spool, or not at all: bounded waits, and a citizen's order kept."""

import time
from typing import Any, cast

import pytest

from chassis.errors import TransientError
from chassis.records import OutgoingRecord
from services.gateway.decide import Outcome
from services.gateway.durable_publisher import DurablePublisher
from tests.services.gateway.memory_stores import Broker, MemorySpool


class Scene:
    def __init__(self, spool_limit: int = 100) -> None:
        self.broker, self.spool = Broker(), MemorySpool()
        self.publisher = DurablePublisher(
            self.broker, cast("Any", self.spool), 0.1, 0.1, spool_limit, direct=True, spool_up=True
        )
        self._number = 0

    async def publish(self) -> Outcome:
        self._number += 1
        return await self.publisher.publish(
            [OutgoingRecord("t", b"citizen", str(self._number).encode(), {"ce_id": b"x"})]
        )

    def sent(self) -> list[int]:
        return [int(record.value) for record in self.broker.sent]

    async def probe(self) -> None:
        await self.publisher.probe()


@pytest.fixture
def scene() -> Scene:
    return Scene()


async def test_with_the_broker_up_the_spool_is_not_touched(scene: Scene) -> None:
    assert await scene.publish() is Outcome.ACCEPTED
    assert not scene.spool.entries


async def test_a_dead_broker_costs_one_wait_and_not_one_for_each_webhook(scene: Scene) -> None:
    scene.broker.unavailable, scene.broker.slow = True, 0.1
    started = time.perf_counter()
    assert [await scene.publish() for _ in range(50)] == [Outcome.SPOOLED] * 50
    assert scene.broker.calls == 1
    assert time.perf_counter() - started < 0.3


async def test_when_the_broker_is_back_the_spool_is_drained_in_order_before_anything_new(scene: Scene) -> None:
    scene.broker.unavailable = True
    for _ in range(1_200):
        scene.publisher.spool_limit = 5_000
        await scene.publish()
    await scene.probe()
    assert scene.sent() == []  # Still away.
    scene.broker.unavailable = False
    assert await scene.publish() is Outcome.SPOOLED  # Until the spool is empty, everybody goes through it.
    await scene.probe()
    assert await scene.publish() is Outcome.ACCEPTED
    assert scene.sent() == list(range(1, 1_203))


async def test_a_crash_between_sending_and_deleting_sends_the_same_again(scene: Scene) -> None:
    scene.broker.unavailable = True
    await scene.publish()
    await scene.publish()
    scene.broker.unavailable = False
    entries = list(scene.spool.entries)
    await scene.probe()
    scene.spool.entries, scene.publisher.direct = (
        entries,
        False,
    )  # As if the process had died before it could drop them.
    await scene.probe()
    assert scene.sent() == [1, 2, 1, 2]  # Under the same ids: listeners ignore what they know.


async def test_both_away_is_refused_at_once(scene: Scene) -> None:
    scene.broker.unavailable = scene.spool.unavailable = True
    assert await scene.publish() is Outcome.UNAVAILABLE
    started = time.perf_counter()
    assert [await scene.publish() for _ in range(100)] == [Outcome.UNAVAILABLE] * 100
    assert time.perf_counter() - started < 0.05
    with pytest.raises(TransientError):
        await scene.publisher.ready()


async def test_mongodb_away_alone_hurts_nobody(scene: Scene) -> None:
    scene.spool.unavailable = True
    await scene.probe()
    assert await scene.publish() is Outcome.ACCEPTED
    await scene.publisher.ready()


async def test_after_both_were_away_a_broker_that_answers_is_enough(scene: Scene) -> None:
    scene.broker.unavailable = scene.spool.unavailable = True
    await scene.publish()
    scene.broker.unavailable = False
    await scene.probe()
    assert await scene.publish() is Outcome.ACCEPTED


async def test_a_full_spool_refuses_instead_of_growing() -> None:
    scene = Scene(spool_limit=3)
    scene.broker.unavailable = True
    assert [await scene.publish() for _ in range(5)] == [Outcome.SPOOLED] * 3 + [Outcome.UNAVAILABLE] * 2


async def test_what_another_replica_spooled_sends_this_one_the_same_way(scene: Scene) -> None:
    await scene.spool.add([OutgoingRecord("t", b"citizen", b"0", {"ce_id": b"x"})], 1)
    scene.spool.holds_lease = False  # The other one drains.
    await scene.probe()
    assert await scene.publish() is Outcome.SPOOLED
    await scene.probe()
    assert not scene.publisher.direct
    scene.spool.holds_lease = True
    await scene.probe()
    assert scene.sent() == [0, 1]
    assert scene.publisher.direct


async def test_at_the_start_nothing_goes_straight_before_the_spool_was_seen() -> None:
    scene = Scene()
    scene.publisher.direct = scene.publisher.spool_up = False
    assert await scene.publish() is Outcome.UNAVAILABLE
    await scene.probe()
    assert await scene.publish() is Outcome.ACCEPTED
