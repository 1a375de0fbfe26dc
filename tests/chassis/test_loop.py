"""What the loop promises, against the log in memory and a real Kafka."""

import asyncio
import time
from collections import defaultdict

import pytest

from chassis.blame import Transient
from chassis.headers import utter
from chassis.types import Utterance
from contracts import chatbot, gateway
from contracts.catalogue import DEAD
from tests.chassis.house import House, turn_until_settled
from tests.chassis.worlds import HOUSE, World, facts, tell
from tests.doubles import Trouble, followed, heard

DEAD_TOPIC = DEAD[HOUSE]


class Crash(BaseException):
    """kill -9, as far as code between two awaits can tell."""


async def test_every_message_is_answered_once_and_settled(world: World, house: House) -> None:
    messages = [heard(user=f"90{n}") for n in range(30)]
    await tell(world, *messages)
    await turn_until_settled(house.loop(), world, 30)
    answers = await facts(world, chatbot.EVENTS)
    assert sorted(str(answer.caused_by) for answer in answers) == sorted(str(message.id) for message in messages)


async def test_what_one_citizen_said_keeps_its_order_across_batches(world: World, house: House) -> None:
    messages = [heard(user=f"90{n % 3}") for n in range(60)]
    await tell(world, *messages)
    await turn_until_settled(house.loop(world.ear(batch_records=7)), world, 60)
    asked, answered = defaultdict(list), defaultdict(list)
    for message in messages:
        asked[message.conversation].append(message.id)
    for answer in await facts(world, chatbot.EVENTS):
        answered[answer.conversation].append(answer.caused_by)
    assert answered == asked


async def test_what_nobody_asked_for_is_passed_over_unread(world: World, house: House) -> None:
    unknown = Utterance(world.prefix + gateway.MESSAGES, b"k", b"not even JSON", {"ce_type": b"citizen.danced.v9"})
    await world.put([unknown])
    await tell(world, followed(), heard())
    await turn_until_settled(house.loop(), world, 3)
    assert len(house.decided) == 1
    assert await world.records(DEAD_TOPIC) == []


async def test_the_trace_and_the_time_of_arrival_are_handed_on(world: World, house: House) -> None:
    message = heard()
    said = utter(message, "gateway", prefix=world.prefix, arrived_ms=1_772_427_600_123)
    await world.put([said])
    await turn_until_settled(house.loop(), world, 1)
    (answer,) = await world.records(chatbot.EVENTS)
    assert answer.headers["traceparent"].split(b"-")[1] == said.headers["traceparent"].split(b"-")[1]
    assert answer.headers["traceparent"].split(b"-")[2] != said.headers["traceparent"].split(b"-")[2]
    assert answer.headers["loa_arrived_ms"] == b"1772427600123"
    assert (answer.headers["ce_source"], answer.headers["ce_type"]) == (b"chatbot", b"reply.chosen.v1")


async def test_the_world_is_waited_for_and_then_the_batch_goes_on(world: World, house: House) -> None:
    house.away = 2
    house.mouth.troubles = [Trouble(), Trouble()]
    await tell(world, heard())
    await turn_until_settled(house.loop(), world, 1)
    assert house.naps.seconds == [0.2, 0.5, 0.2, 0.5]
    assert len(await facts(world, chatbot.EVENTS)) == 1


async def test_a_world_that_stays_away_stops_the_loop_and_settles_nothing(world: World, house: House) -> None:
    house.away = 4
    await tell(world, heard(), heard(user="902"))
    with pytest.raises(Transient):
        await turn_until_settled(house.loop(), world, 2)
    assert await world.settled() == 0
    await house.close()
    house.mouth = type(house.mouth)(world.mouth())
    await turn_until_settled(house.loop(), world, 2)
    assert len(await facts(world, chatbot.EVENTS)) == 2


@pytest.mark.parametrize("stored", [0, 1, None], ids=["before", "halfway", "after"])
async def test_a_crash_around_saying_repeats_the_same_words(world: World, house: House, stored: int | None) -> None:
    """Between remember and say, in the middle of it, and between say and done."""
    messages = [heard(user=f"90{n}") for n in range(3)]
    await tell(world, *messages)
    ear = world.ear()
    house.mouth.troubles = [Trouble(Crash(), stored)]
    with pytest.raises(Crash):
        await turn_until_settled(house.loop(ear), world, 3)
    await ear.close()
    await turn_until_settled(house.loop(), world, 3)
    answers = await facts(world, chatbot.EVENTS)
    assert len(house.decided) == 3, "a repeat decides nothing anew"
    assert len(answers) == 3 + (3 if stored is None else stored)
    assert {answer.caused_by for answer in answers} == {message.id for message in messages}
    assert len({answer.id for answer in answers}) == 3, "the same words have the same ids"


async def test_words_whose_acknowledgement_was_lost_are_said_again_under_the_same_ids(
    world: World, house: House
) -> None:
    house.mouth.troubles = [Trouble(stored=None)]
    await tell(world, heard())
    await turn_until_settled(house.loop(), world, 1)
    first, second = await facts(world, chatbot.EVENTS)
    assert first == second


async def test_stopping_in_the_middle_of_a_batch_loses_nothing(world: World, house: House) -> None:
    await tell(world, heard())
    reached, ear = asyncio.Event(), world.ear()
    loop = house.loop(ear)

    async def hang(batch: object) -> list[gateway.MessageReceived]:
        reached.set()
        await asyncio.sleep(60)
        raise AssertionError(batch)

    loop.handle = hang
    running = asyncio.ensure_future(loop.run())
    await asyncio.wait_for(reached.wait(), 20)
    started = time.monotonic()
    running.cancel()
    await asyncio.wait({running}, timeout=5)
    await ear.close()
    assert time.monotonic() - started < 3
    await turn_until_settled(house.loop(), world, 1)
    assert len(await facts(world, chatbot.EVENTS)) == 1
