"""Apache Kafka on one machine: its jars from Maven, each with a locked digest, and one node in KRaft mode."""
