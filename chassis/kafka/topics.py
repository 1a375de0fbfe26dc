"""The topics, made before anyone reads them."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from chassis.errors import TransientError
from chassis.kafka.account import NOBODY, Account
from chassis.kafka.shutdown import bounded
from chassis.settings import Settings
from contracts.catalogue import COMPACTED_HOURS, DEAD, KEPT_FOREVER, KEPT_HOURS, READERS, TOPICS

log = structlog.get_logger()

_START_SECONDS, _STOP_SECONDS, _LOOK_AGAIN_SECONDS = 30.0, 5.0, 0.1
_LARGEST_DEAD = {"max.message.bytes": str(2 * 1024 * 1024)}  # A dead letter grows by the headers that say why.

_FOREVER = {"retention.ms": "-1", "retention.bytes": "-1"}
_HOUR_MS = 3_600_000
_SEGMENT_MS = 1_800_000  # What has expired goes when its segment is whole: within half an hour, however little comes.


async def ensure_topics(
    servers: str, partitions: int, prefix: str = "", replicas: int = 1, administrator: Account = NOBODY
) -> None:
    """(11) Create every topic before anyone reads it, and see that it is there.

    Raises TransientError when the broker does not answer in time, or refuses.
    """
    wanted = {
        prefix + name: NewTopic(prefix + name, partitions, replicas, topic_configs=_configs(name)) for name in TOPICS
    }
    for name in DEAD.values():
        wanted[prefix + name] = _dead_topic(prefix + name, partitions, replicas)
    refusals: set[str] = set()
    try:
        async with asyncio.timeout(_START_SECONDS):
            # What the controller has made, the broker learns a moment later.
            while await _missing(servers, administrator, wanted, refusals):  # noqa: ASYNC110 - a broker tells nobody when it is ready.
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    except (KafkaError, TimeoutError, OSError) as fault:
        why = f"refused topics ({', '.join(sorted(refusals))})" if refusals else "did not create the topics"
        raise TransientError(
            f"the broker {why}: is it up at KAFKA_SERVERS, with enough brokers for the copies?"
        ) from fault


def _configs(name: str) -> dict[str, str] | None:
    """Returns how long a topic keeps its records, where it is not as long as the broker keeps any."""
    if name in KEPT_FOREVER:
        return _FOREVER
    hours = KEPT_HOURS.get(name) or COMPACTED_HOURS.get(name)
    if hours is None:
        return None
    policy = "compact,delete" if name in COMPACTED_HOURS else "delete"
    return {"cleanup.policy": policy, "retention.ms": str(hours * _HOUR_MS), "segment.ms": str(_SEGMENT_MS)}


async def ensure_dead_topic(settings: Settings, service: str) -> None:
    """Create a service's dead-letter topic if it is missing, with the partitions and copies of what the service reads.

    Raises TransientError when the broker does not answer, or does not let the service create it.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka_servers, **Account.of(settings).client_options())
    try:
        async with asyncio.timeout(_START_SECONDS):
            await admin.start()
            (read,) = await admin.describe_topics([settings.topic_prefix + READERS[service][0]])
            copies = len(read["partitions"][0]["replicas"]) if read["partitions"] else 1
            refusals = await _create(
                admin, [_dead_topic(settings.topic_prefix + DEAD[service], len(read["partitions"]) or 1, copies)]
            )
    except (KafkaError, TimeoutError, OSError) as fault:
        raise TransientError(f"the broker did not look for {DEAD[service]} ({type(fault).__name__})") from fault
    finally:
        await bounded(admin.close(), _STOP_SECONDS)
    if refusals:
        raise TransientError(f"the broker refused {DEAD[service]} ({', '.join(sorted(refusals))}): create it by hand")


def _dead_topic(name: str, partitions: int, replicas: int) -> NewTopic:
    return NewTopic(name, partitions, replicas, topic_configs=_LARGEST_DEAD)


async def _missing(servers: str, administrator: Account, wanted: Mapping[str, NewTopic], refusals: set[str]) -> int:
    """Returns how many topics were not there a moment ago, and asks for these.

    The client is a new one for each look: what aiokafka has once learned from a broker that had just started (no brokers,
    no controller) it does not forget by itself. A broker that has no leader for a moment lacks all of them.
    Raises KafkaError when nobody answers at `servers`.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=servers, **administrator.client_options())
    await admin.start()
    try:
        missing = wanted.keys() - set(await admin.list_topics())
        if missing:
            answer = await _create(admin, [wanted[name] for name in missing])
            refusals.clear()
            refusals |= answer
        return len(missing)
    except KafkaError as fault:
        log.info("broker_not_ready", fault=type(fault).__name__)
        return len(wanted)
    finally:
        await bounded(admin.close(), _STOP_SECONDS)


async def _create(admin: AIOKafkaAdminClient, topics: Sequence[NewTopic]) -> set[str]:
    """The names of what the broker has against it."""
    response = await admin.create_topics(topics)
    faults = {for_code(code) for _, code, *_ in response.topic_errors if code}
    return {fault.__name__ for fault in faults - {TopicAlreadyExistsError}}  # Another process may be quicker.
