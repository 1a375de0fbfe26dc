"""Sends everything that goes out: a ledger in MongoDB is the queue, one document per message, sent through Zalo's OpenAPI."""
