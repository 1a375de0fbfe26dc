"""Saying to a real Kafka that is away, frozen or back again: bounded in time, and nothing left behind."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from chassis.blame import Transient
from chassis.kafka import KafkaMouth
from chassis.types import Utterance
from contracts import chatbot
from loa.runtime.ports import free_port
from tests.chassis.worlds import OnKafka

LATE_SECONDS = 1.5  # For what is given half a second, on a machine that has other things to do.

pytestmark = [pytest.mark.live, pytest.mark.durable]
Freeze = Callable[[], AbstractContextManager[None]]


@pytest.fixture
async def mouth(world: OnKafka) -> AsyncIterator[KafkaMouth]:
    one = world.mouth()
    yield one
    await one.close()


def word(world: OnKafka, value: bytes = b"{}", key: bytes = b"k") -> Utterance:
    return Utterance(world.prefix + chatbot.EVENTS, key, value, {})


async def refused_after(mouth: KafkaMouth, said: Utterance, limit: float) -> float:
    started = time.monotonic()
    with pytest.raises(Transient):
        await mouth.say([said], timeout_seconds=limit)
    return time.monotonic() - started


async def test_a_mouth_that_times_out_gets_a_new_producer_and_the_word_is_said(
    world: OnKafka, mouth: KafkaMouth, frozen: Freeze
) -> None:
    await mouth.say([word(world, b"before")])
    old = mouth._producer
    with frozen():
        assert await refused_after(mouth, word(world, b"lost"), 0.5) < LATE_SECONDS
        assert await refused_after(mouth, word(world, b"lost"), 0.5) < LATE_SECONDS, "nor while it is made anew"
    await mouth.say([word(world, b"after")])
    assert mouth._producer is not old
    values = [record.value for record in await world.records(chatbot.EVENTS)]
    assert values[0] == b"before"
    assert values[-1] == b"after", "what was given up does not arrive behind what was said later"


async def test_a_broker_that_is_not_there_is_told_in_time() -> None:
    mouth = KafkaMouth(f"127.0.0.1:{free_port()}")
    assert await refused_after(mouth, Utterance("t", b"k", b"v", {}), 0.5) < LATE_SECONDS
    await mouth.close()


async def test_abandoned_and_closed_producers_leave_no_task_behind(world: OnKafka, frozen: Freeze) -> None:
    """One that lived on would hold sockets for ever, and deliver what was taken back."""
    before, mouth = asyncio.all_tasks(), world.mouth()
    await mouth.say([word(world)])
    with frozen():
        for _ in range(3):
            await refused_after(mouth, word(world), 0.2)
        started = time.monotonic()
        await mouth.close()
        assert time.monotonic() - started < 7
    await asyncio.sleep(0.2)
    assert asyncio.all_tasks() - before == set()


async def test_who_waits_in_vain_for_its_turn_takes_nobody_s_producer_away(
    mouth: KafkaMouth, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many webhooks at once: the impatient ones must not break the one that is being said."""
    producer: Any = object()

    async def slow(*_: object) -> None:
        await asyncio.sleep(1)

    mouth._producer = producer
    monkeypatch.setattr(mouth, "_send", slow)  # Only the turns are looked at.
    patient = asyncio.ensure_future(mouth.say([Utterance("t", b"k", b"v", {})]))
    await asyncio.sleep(0)
    assert await refused_after(mouth, Utterance("t", b"k", b"v", {}), 0.05) < 0.8
    await patient
    assert mouth._producer is producer
    mouth._producer = None


async def test_large_words_and_many_words_arrive_in_order(world: OnKafka, mouth: KafkaMouth) -> None:
    """Larger than one produce batch, and more than are handed to the client at once."""
    large = [word(world, bytes([65 + n]) * 300_000) for n in range(4)]
    many = [word(world, str(n).encode()) for n in range(6_000)]
    await mouth.say([*large, *many])
    values = [record.value for record in await world.records(chatbot.EVENTS)]
    assert values == [one.value for one in (*large, *many)]


async def test_a_topic_that_does_not_exist_is_told_in_time(mouth: KafkaMouth) -> None:
    assert await refused_after(mouth, Utterance("no.such.topic", b"k", b"v", {}), 0.5) < LATE_SECONDS


async def test_look_raises_while_the_broker_is_frozen_and_is_calm_when_it_is_back(
    mouth: KafkaMouth, frozen: Freeze
) -> None:
    await mouth.look()
    with frozen(), pytest.raises(Transient, match="KAFKA_SERVERS"):
        await mouth.look(0.3)
    await mouth.look()
