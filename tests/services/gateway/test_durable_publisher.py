"""Straight to the broker, through the spool, or not at all: bounded waits, and a citizen's order kept."""

import time
from typing import Any, cast

import pytest

from chassis.errors import TransientError
from chassis.records import OutgoingRecord
from services.gateway.decide import Outcome
from services.gateway.durable_publisher import DurablePublisher
from services.gateway.spool_watch import SpoolWatch
from tests.services.gateway.memory_stores import Broker, MemorySpool


class Scene:
    def __init__(self, spool_limit: int = 100) -> None:
        self.broker, self.spool = Broker(), MemorySpool()
        self.watch = SpoolWatch(cast("Any", self.spool), 0.1, spool_limit, fresh_seconds=0, seen=True)
        self.publisher = DurablePublisher(self.broker, self.watch, 0.1, direct=True)
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
        scene.watch.limit = 5_000
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
    assert [await scene.publish() for _ in range(2)] == [Outcome.UNAVAILABLE] * 2
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
    scene.publisher.direct = scene.watch.seen = False
    assert await scene.publish() is Outcome.UNAVAILABLE
    await scene.probe()
    assert await scene.publish() is Outcome.ACCEPTED


async def test_what_waits_in_the_spool_is_not_overtaken_because_mongodb_is_away(scene: Scene) -> None:
    scene.broker.unavailable = True
    assert await scene.publish() is Outcome.SPOOLED
    scene.broker.unavailable, scene.spool.unavailable = False, True
    await scene.probe()
    assert [await scene.publish() for _ in range(3)] == [Outcome.UNAVAILABLE] * 3  # Zalo sends them again.
    scene.spool.unavailable = False
    await scene.probe()
    assert await scene.publish() is Outcome.ACCEPTED
    assert scene.sent() == [1, 5]


async def test_a_gateway_that_has_never_seen_the_spool_publishes_nothing_past_it(scene: Scene) -> None:
    scene.publisher.direct = scene.watch.seen = False
    scene.spool.unavailable = True
    await scene.probe()
    assert await scene.publish() is Outcome.UNAVAILABLE


async def test_one_slow_answer_does_not_close_the_spool(scene: Scene) -> None:
    scene.broker.unavailable = scene.spool.unavailable = True
    assert await scene.publish() is Outcome.UNAVAILABLE
    scene.spool.unavailable = False
    assert await scene.publish() is Outcome.SPOOLED


async def test_a_broker_that_is_slow_is_still_waited_for_while_the_spool_does_not_answer(scene: Scene) -> None:
    scene.broker.slow, scene.spool.unavailable = 0.15, True
    assert await scene.publish() is Outcome.ACCEPTED
    assert scene.sent() == [1]


async def test_a_spool_that_is_quicker_than_a_slow_broker_decides(scene: Scene) -> None:
    scene.broker.slow = 60
    started = time.perf_counter()
    assert await scene.publish() is Outcome.SPOOLED
    assert time.perf_counter() - started < 5
    assert scene.sent() == []


async def test_a_replica_that_publishes_directly_looks_itself_when_its_last_look_is_old(scene: Scene) -> None:
    await scene.probe()
    await scene.spool.add([OutgoingRecord("t", b"citizen", b"0", {"ce_id": b"x"})], 1)
    assert await scene.publish() is Outcome.SPOOLED
