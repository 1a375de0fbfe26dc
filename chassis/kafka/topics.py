"""The topics, made before anyone reads them."""

import asyncio
from collections.abc import Mapping

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from chassis.blame import Transient
from chassis.kafka.stop import bounded
from contracts.catalogue import DEAD, TOPICS

_START_SECONDS, _STOP_SECONDS, _LOOK_AGAIN_SECONDS = 30.0, 5.0, 0.1
_LARGEST_DEAD = {"max.message.bytes": str(2 * 1024 * 1024)}  # What is buried grows by the headers that tell why.


async def ensure_topics(servers: str, partitions: int, prefix: str = "", replicas: int = 1) -> None:
    """(11) Create every topic before anyone reads it, and see that it is there.

    Raises Transient when the broker does not answer in time, or refuses.
    """
    wanted = {prefix + name: NewTopic(prefix + name, partitions, replicas) for name in TOPICS}
    for name in DEAD.values():
        wanted[prefix + name] = NewTopic(prefix + name, partitions, replicas, topic_configs=_LARGEST_DEAD)
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    try:
        async with asyncio.timeout(_START_SECONDS):
            await admin.start()
            await _create(admin, wanted)
    except (KafkaError, TimeoutError, OSError) as fault:
        raise Transient("the broker did not create the topics: is it up at KAFKA_SERVERS?") from fault
    finally:
        await bounded(admin.close(), _STOP_SECONDS)


async def _create(admin: AIOKafkaAdminClient, wanted: Mapping[str, NewTopic]) -> None:
    missing = wanted.keys() - set(await admin.list_topics())
    answer = await admin.create_topics([wanted[name] for name in missing]) if missing else None
    for name, code, *_ in answer.topic_errors if answer else ():
        if code and for_code(code) is not TopicAlreadyExistsError:  # Another process was quicker.
            raise Transient(f"the broker refused topic {name}: {for_code(code).__name__}")
    # What the controller has made, the broker learns a moment later.
    while missing - set(await admin.list_topics()):  # noqa: ASYNC110 — a broker sends no event for it.
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
