"""The topics, made before anyone reads them."""

import asyncio

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from chassis.blame import Transient
from chassis.kafka.stop import bounded_stop
from contracts.catalogue import DEAD, TOPICS

_START_SECONDS = 30.0


async def ensure_topics(servers: str, partitions: int, prefix: str = "") -> None:
    """(11) Create every topic before anyone reads it. Raises Transient when the broker does not answer in time."""
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    names = [prefix + name for name in (*TOPICS, *DEAD.values())]
    try:
        async with asyncio.timeout(_START_SECONDS):
            await admin.start()
            known = set(await admin.list_topics())
            missing = [NewTopic(name, partitions, 1) for name in names if name not in known]
            if missing:
                await admin.create_topics(missing)
    except (KafkaError, TimeoutError, OSError) as fault:
        raise Transient("the broker did not create the topics: is it up at KAFKA_SERVERS?") from fault
    finally:
        await bounded_stop(admin.close())
