"""Which codec a topic is compressed with is the broker's choice: a consumer reads them all, or says which it lacks."""

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaTimeoutError, UnsupportedCodecError

from chassis.kafka.consumer import _reading_failed
from contracts import gateway
from tests.chassis.brokers import KafkaBroker
from tests.chassis.kafka.test_consumer import polled
from tests.doubles import message_received
from tests.events import encoded


@pytest.mark.live
@pytest.mark.durable
async def test_every_codec_of_kafka_is_read(broker_env: KafkaBroker) -> None:
    record = encoded(message_received(), prefix=broker_env.prefix)
    headers = list(record.headers.items())
    for codec in ("gzip", "snappy", "lz4", "zstd"):
        servers = broker_env.settings.kafka_servers
        async with AIOKafkaProducer(bootstrap_servers=servers, compression_type=codec) as producer:
            await producer.send_and_wait(
                broker_env.prefix + gateway.MESSAGES, record.value, record.key, headers=headers
            )
    consumer, values = broker_env.consumer(), list[bytes]()
    while len(values) < 4:
        values += [heard.value for heard in await polled(consumer, 30)]
    await consumer.close()
    assert values == [record.value] * 4


def test_a_codec_that_is_missing_is_not_blamed_on_the_network() -> None:
    assert "codec" in _reading_failed(UnsupportedCodecError())
    assert "KAFKA_SERVERS" not in _reading_failed(UnsupportedCodecError())
    assert "KAFKA_SERVERS" in _reading_failed(KafkaTimeoutError())
