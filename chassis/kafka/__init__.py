"""The only package that knows Kafka's client.

Each of aiokafka's known pitfalls has its answer here, under its number in `docs/decisions/0004-kafka-client.md`.
"""

from chassis.kafka.access import ensure_rights
from chassis.kafka.account import NOBODY, Account
from chassis.kafka.consumer import KafkaConsumer, open_consumer
from chassis.kafka.groups import GroupWatch, is_read, read_whole
from chassis.kafka.lag import unfinished
from chassis.kafka.producer import KafkaProducer, open_producer
from chassis.kafka.table import KafkaTable
from chassis.kafka.topics import ensure_dead_topic, ensure_topics

__all__ = [
    "NOBODY",
    "Account",
    "GroupWatch",
    "KafkaConsumer",
    "KafkaProducer",
    "KafkaTable",
    "ensure_dead_topic",
    "ensure_rights",
    "ensure_topics",
    "is_read",
    "open_consumer",
    "open_producer",
    "read_whole",
    "unfinished",
]
