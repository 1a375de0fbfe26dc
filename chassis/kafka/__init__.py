"""The only rooms that know it is Kafka.

Each of aiokafka's known pitfalls has its answer here, under its number in `docs/decisions/0004-kafka-client.md`.
"""

from chassis.kafka.ear import KafkaEar, ear
from chassis.kafka.mouth import KafkaMouth, mouth
from chassis.kafka.topics import ensure_topics

__all__ = ["KafkaEar", "KafkaMouth", "ear", "ensure_topics", "mouth"]
