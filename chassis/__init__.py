"""What every house stands on: the loop, Kafka, Mongo, sealing, metrics, health. No word of the domain lives here."""
