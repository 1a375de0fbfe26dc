"""Talking with the bot without Kafka and MongoDB: the real decisions, with everything they ask answered from memory."""
