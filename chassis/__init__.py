"""What every service stands on: the consumer loop, jobs, Kafka, MongoDB, encryption, metrics, health. It knows no domain."""
