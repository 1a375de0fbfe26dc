"""`python -m chassis.kafka`: create missing topics before the services start. May be repeated."""

import asyncio
import os
import sys

from pydantic import Field

from chassis.errors import TransientError
from chassis.kafka.topics import ensure_topics
from chassis.settings import Settings


class TopicSettings(Settings):
    partitions: int = Field(12, ge=1, description="Of each topic. For good: more later breaks the order per citizen.")
    replicas: int = Field(1, ge=1, description="Copies of each partition; three where there are three brokers.")


def main() -> None:
    settings = TopicSettings.read(os.environ)
    creation = ensure_topics(settings.kafka_servers, settings.partitions, settings.topic_prefix, settings.replicas)
    try:
        asyncio.run(creation)
    except TransientError as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main()
