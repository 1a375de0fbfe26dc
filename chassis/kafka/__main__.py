"""`python -m chassis.kafka`: the topics, and who may use them, before the services start. May be repeated.

With the administrator's account in KAFKA_USER; without one, on a broker that has no accounts, the topics alone.
"""

import asyncio
import os
import sys

from pydantic import Field

from chassis.errors import TransientError
from chassis.kafka.access import ensure_rights
from chassis.kafka.account import Account
from chassis.kafka.topics import ensure_topics
from chassis.settings import Settings


class TopicSettings(Settings):
    partitions: int = Field(12, ge=1, description="Of each topic. For good: more later breaks the order per citizen.")
    replicas: int = Field(1, ge=1, description="Copies of each partition; three where there are three brokers.")


def main() -> None:
    settings = TopicSettings.read(os.environ)
    try:
        asyncio.run(_prepare(settings))
    except TransientError as fault:
        sys.exit(str(fault))


async def _prepare(settings: TopicSettings) -> None:
    servers, prefix, administrator = settings.kafka_servers, settings.topic_prefix, Account.of(settings)
    await ensure_topics(servers, settings.partitions, prefix, settings.replicas, administrator)
    if administrator.user:
        await ensure_rights(servers, administrator, prefix)


if __name__ == "__main__":
    main()
