"""Whom the loop blames, and what becomes of a bad record, against the log in memory and a real Kafka."""

from collections.abc import Sequence

import pytest

from chassis.blame import TooManyBuried
from chassis.headers import utter
from chassis.types import Heard, Record, Utterance
from contracts import chatbot, gateway
from contracts.catalogue import DEAD
from contracts.event import Event
from tests.chassis.house import PLANTED, House, turn_until_settled
from tests.chassis.worlds import HOUSE, World, facts, tell
from tests.doubles import followed, heard, reply

DEAD_TOPIC = DEAD[HOUSE]


def garbage(world: World, key: bytes, value: bytes = b"\xff{") -> Utterance:
    return Utterance(world.prefix + gateway.MESSAGES, key, value, {"ce_type": b"message.received.v1", "x": b"y"})


@pytest.mark.parametrize("kind", ["unreadable", "unbearable"])
async def test_a_bad_record_is_buried_alone_and_its_neighbours_go_on(world: World, house: House, kind: str) -> None:
    messages = [heard(user=f"90{n}") for n in range(9)]
    bad = utter(messages[4], "gateway", prefix=world.prefix) if kind == "unbearable" else garbage(world, b"k")
    house.bad = {messages[4].id} if kind == "unbearable" else set()
    words = [utter(message, "gateway", prefix=world.prefix) for message in messages]
    words[4] = bad
    await world.put(words)
    await turn_until_settled(house.loop(), world, 9)

    assert len(await facts(world, chatbot.EVENTS)) == 8
    (buried,) = await world.records(DEAD_TOPIC)
    assert (buried.key, buried.value) == (bad.key, bad.value)
    assert bad.headers.items() <= buried.headers.items()
    (origin,) = [record for record in await world.records(gateway.MESSAGES) if record.value == bad.value]
    assert _grave(buried) == (kind_of_fault(kind), origin.topic, origin.partition, origin.offset)
    assert PLANTED.encode() not in b"".join(buried.headers.values())


async def test_what_came_earlier_is_on_the_log_before_the_rest_of_a_failed_batch_is_handled(
    world: World, house: House
) -> None:
    """Memory relies on it: a later record proves that the words of an earlier one need not be kept."""
    messages = [heard(user="901") for _ in range(4)]
    house.bad = {messages[3].id}
    on_the_log: dict[int, int] = {}

    async def handle(batch: Sequence[Heard]) -> Sequence[Event]:
        at = [message.id for message in messages].index(batch[0].event.id)
        on_the_log[at] = len(await world.records(chatbot.EVENTS))
        return await house.handle(batch)

    await tell(world, *messages)
    loop = house.loop()
    loop.handle = handle
    await turn_until_settled(loop, world, 4)
    assert on_the_log == {0: 0, 2: 2, 3: 3}


def kind_of_fault(kind: str) -> str:
    return {"unreadable": "ValidationError", "unbearable": "ValueError"}[kind]


def _grave(buried: Record) -> tuple[str, str, int, int]:
    why, topic, partition, offset = (
        buried.headers[f"loa_dead_{name}"].decode() for name in ("why", "topic", "partition", "offset")
    )
    return why, topic, int(partition), int(offset)


async def test_when_everyone_goes_bad_nothing_is_buried_and_the_loop_stops(world: World, house: House) -> None:
    messages = [heard(user=f"90{n}") for n in range(12)]
    house.bad = {message.id for message in messages}
    await tell(world, *messages)
    with pytest.raises(TooManyBuried):
        await turn_until_settled(house.loop(), world, 12)
    assert await world.records(DEAD_TOPIC) == []
    assert await world.settled() == 0


async def test_one_citizen_saying_bad_things_does_not_stop_the_house(world: World, house: House) -> None:
    bad = [heard(user="901") for _ in range(15)]
    house.bad = {message.id for message in bad}
    await tell(world, *bad, heard(user="902"))
    await turn_until_settled(house.loop(), world, 16)
    assert len(await world.records(DEAD_TOPIC)) == 15
    assert len(house.decided) == 1


async def test_records_passed_over_do_not_hide_that_everything_goes_bad(world: World, house: House) -> None:
    bad = [heard(user=f"90{n}") for n in range(4)]
    house.bad = {message.id for message in bad}
    loop = house.loop(burials=4)
    with pytest.raises(TooManyBuried):  # noqa: PT012 — one by one, each in its own batch beside one that is nobody's.
        for n, message in enumerate(bad):
            await tell(world, message, followed(user=f"80{n}"))
            await turn_until_settled(loop, world, 2 * (n + 1))
    assert len(await world.records(DEAD_TOPIC)) == 3


async def test_a_fact_of_another_house_with_the_same_name_is_not_taken_for_ours(world: World, house: House) -> None:
    """The topic decides what may be said on it: a reply on the gateway's topic is nobody's fact."""
    await world.put([Utterance(world.prefix + gateway.MESSAGES, b"k", reply().model_dump_json().encode(), {})])
    await turn_until_settled(house.loop(), world, 1)
    assert len(await world.records(DEAD_TOPIC)) == 1
