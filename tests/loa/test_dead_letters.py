"""`loa dead`: what a service put aside is listed, shown without its secrets, and published once more as it was."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from typer.testing import CliRunner

from chassis.dead_letters import DeadLetter, DeadLetters
from chassis.publisher import Publisher
from chassis.records import OutgoingRecord, Record
from contracts import audit, gateway
from contracts.catalogue import DEAD
from loa.commands.dead import app
from tests.chassis.brokers import SERVICE, KafkaBroker
from tests.doubles import message_received
from tests.events import encoded

pytestmark = [pytest.mark.live, pytest.mark.durable]

FIRST, SECOND = (message_received(user=user) for user in ("901", "902"))


@pytest.fixture
async def dead_broker(kafka: object, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[KafkaBroker]:
    """A broker on which two messages were put aside by the chatbot."""
    broker = await KafkaBroker(kafka.servers).prepare()  # type: ignore[attr-defined]
    monkeypatch.setenv("KAFKA_SERVERS", broker.settings.kafka_servers)
    monkeypatch.setenv("TOPIC_PREFIX", broker.prefix)
    producer = broker.producer()
    letters = [DeadLetter(_arrived(encoded(event, prefix=broker.prefix), 7), "ValueError") for event in (FIRST, SECOND)]
    await DeadLetters(Publisher(SERVICE, broker.prefix, producer)).send(letters)
    yield broker
    await producer.close()
    await broker.close()


def _arrived(record: OutgoingRecord, offset: int) -> Record:
    return Record(record.topic, 2, offset, record.key, record.value, record.headers)


async def loa(*words: str) -> str:
    result = await asyncio.to_thread(CliRunner().invoke, app, words)
    assert result.exit_code == 0, result.output
    return result.output


async def ids() -> list[str]:
    lines = [line.split() for line in (await loa("list", SERVICE)).splitlines()]
    return [words[1] for words in lines if words[:1] == [SERVICE]]


async def test_a_redriven_record_is_back_on_its_topic_as_it_was_and_waits_no_more(dead_broker: KafkaBroker) -> None:
    first, second = await ids()
    listed = await loa("list")
    assert "ValueError" in listed
    assert "gateway.messages 2/7" in listed
    assert "message.received.v1" in await loa("redrive", SERVICE, "--dry-run")
    assert await dead_broker.records(gateway.MESSAGES) == []

    await loa("redrive", SERVICE, first)
    assert await ids() == [second]
    (redriven,) = await dead_broker.records(gateway.MESSAGES)
    (put_aside,) = [
        record for record in await dead_broker.records(DEAD[SERVICE]) if f"{record.partition}/{record.offset}" == first
    ]
    assert (redriven.key, redriven.value) == (put_aside.key, put_aside.value)
    assert redriven.headers == {name: value for name, value in put_aside.headers.items() if "dead" not in name}

    await loa("redrive", SERVICE)
    assert len(await dead_broker.records(gateway.MESSAGES)) == 2
    assert "no dead letters" in await loa("list")
    assert "nothing to redrive" in await loa("redrive", SERVICE)
    assert [record.key for record in await dead_broker.records(audit.EVENTS)].count(redriven.key) == 1


async def test_a_dead_letter_is_shown_without_what_is_sealed(dead_broker: KafkaBroker) -> None:
    first = (await ids())[0]
    shown = await loa("show", SERVICE, first)
    assert "loa_dead_why: ValueError" in shown
    event = FIRST if str(FIRST.id) in shown else SECOND
    assert f"conversation: {event.conversation}" in shown
    assert event.body not in shown
    assert event.address not in shown
    assert len(await dead_broker.records(DEAD[SERVICE])) == 2
