"""A citizen's messages keep their order over several replicas of the gateway, whichever of them loses the broker."""

import asyncio
import random
from typing import Any, cast
from uuid import UUID

import pytest

from chassis.records import OutgoingRecord
from services.gateway.decide import Outcome
from services.gateway.durable_publisher import DurablePublisher
from services.gateway.group_commit import GroupCommit
from services.gateway.spool_watch import SpoolWatch
from tests.services.gateway.memory_stores import Broker, MemorySpool


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_follows_an_acknowledgement_follows_it_on_the_log_too(seed: int) -> None:
    """Two replicas, each of which loses the broker now and then; one citizen, who waits for each tick before writing on."""
    dice, spool, log = random.Random(seed), MemorySpool(), Broker()
    brokers, publishers, replicas = [Broker(), Broker()], list[DurablePublisher](), list[GroupCommit]()
    for broker in brokers:
        broker.sent = log.sent
        watch = SpoolWatch(cast("Any", spool), 0.1, 10_000, fresh_seconds=0.01, seen=True)
        publishers.append(DurablePublisher(broker, watch, 0.02, direct=True))
        replicas.append(GroupCommit(publishers[-1].publish, 100, watch.fresh_seconds))
    tasks = [asyncio.create_task(_keep_checking(publisher, dice)) for publisher in publishers]
    tasks += [asyncio.create_task(replica.run()) for replica in replicas]
    for number in range(150):
        dice.choice(brokers).unavailable = dice.random() < 0.3
        record = OutgoingRecord("t", b"citizen", str(number).encode(), {"ce_id": b"x"})
        while await dice.choice(replicas).submit(UUID(int=number), record) is Outcome.UNAVAILABLE:  # noqa: ASYNC110 - as Zalo does.
            await asyncio.sleep(0.001)
    for broker in brokers:
        broker.unavailable = False
    async with asyncio.timeout(60):
        while spool.entries:  # noqa: ASYNC110 - a spool tells nobody.
            await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
    assert list(dict.fromkeys(int(record.value) for record in log.sent)) == list(range(150))


async def _keep_checking(publisher: DurablePublisher, dice: random.Random) -> None:
    while True:
        await publisher.probe()
        await asyncio.sleep(dice.uniform(0.001, 0.02))
