"""The topics, made before anyone reads them."""

import asyncio

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from chassis.blame import Transient
from chassis.kafka.stop import bounded
from contracts.catalogue import DEAD, TOPICS

_START_SECONDS, _STOP_SECONDS = 30.0, 5.0
_LARGEST_DEAD = {"max.message.bytes": str(2 * 1024 * 1024)}  # What is buried grows by the headers that tell why.


async def ensure_topics(servers: str, partitions: int, prefix: str = "", replicas: int = 1) -> None:
    """(11) Create every topic before anyone reads it. Raises Transient when the broker does not answer in time, or refuses."""
    wanted = [NewTopic(prefix + name, partitions, replicas) for name in TOPICS]
    wanted += [NewTopic(prefix + name, partitions, replicas, topic_configs=_LARGEST_DEAD) for name in DEAD.values()]
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    try:
        async with asyncio.timeout(_START_SECONDS):
            await admin.start()
            known = set(await admin.list_topics())
            missing = [topic for topic in wanted if topic.name not in known]
            answer = await admin.create_topics(missing) if missing else None
    except (KafkaError, TimeoutError, OSError) as fault:
        raise Transient("the broker did not create the topics: is it up at KAFKA_SERVERS?") from fault
    finally:
        await bounded(admin.close(), _STOP_SECONDS)
    for name, code, *_ in answer.topic_errors if answer else ():
        if code and for_code(code) is not TopicAlreadyExistsError:  # Another process was quicker.
            raise Transient(f"the broker refused topic {name}: {for_code(code).__name__}")
