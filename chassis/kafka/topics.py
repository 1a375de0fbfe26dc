"""The topics, made before anyone reads them."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, NodeNotReadyError, TopicAlreadyExistsError, for_code

from chassis.errors import TransientError
from chassis.kafka.shutdown import bounded
from contracts.catalogue import DEAD, KEPT_FOREVER, TOPICS

_START_SECONDS, _STOP_SECONDS, _LOOK_AGAIN_SECONDS = 30.0, 5.0, 0.1
_LARGEST_DEAD = {"max.message.bytes": str(2 * 1024 * 1024)}  # A dead letter grows by the headers that say why.

_FOREVER = {"retention.ms": "-1", "retention.bytes": "-1"}


async def ensure_topics(servers: str, partitions: int, prefix: str = "", replicas: int = 1) -> None:
    """(11) Create every topic before anyone reads it, and see that it is there.

    Raises TransientError when the broker does not answer in time, or refuses.
    """
    wanted = {
        prefix + name: NewTopic(
            prefix + name, partitions, replicas, topic_configs=_FOREVER if name in KEPT_FOREVER else None
        )
        for name in TOPICS
    }
    for name in DEAD.values():
        wanted[prefix + name] = NewTopic(prefix + name, partitions, replicas, topic_configs=_LARGEST_DEAD)
    admin, refusals = AIOKafkaAdminClient(bootstrap_servers=servers), set[str]()
    try:
        async with asyncio.timeout(_START_SECONDS):
            await admin.start()
            # What the controller has made, the broker learns a moment later; one just started refuses for a moment.
            while missing := wanted.keys() - set(await admin.list_topics()):
                with suppress(NodeNotReadyError):  # One that was frozen or restarted has no leader for a moment.
                    refusals = await _create(admin, [wanted[name] for name in missing])
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    except (KafkaError, TimeoutError, OSError) as fault:
        why = f"refused topics ({', '.join(sorted(refusals))})" if refusals else "did not create the topics"
        raise TransientError(
            f"the broker {why}: is it up at KAFKA_SERVERS, with enough brokers for the copies?"
        ) from fault
    finally:
        await bounded(admin.close(), _STOP_SECONDS)


async def _create(admin: AIOKafkaAdminClient, topics: Sequence[NewTopic]) -> set[str]:
    """The names of what the broker has against it."""
    response = await admin.create_topics(topics)
    faults = {for_code(code) for _, code, *_ in response.topic_errors if code}
    return {fault.__name__ for fault in faults - {TopicAlreadyExistsError}}  # Another process may be quicker.
