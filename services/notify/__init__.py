"""Everything that goes out: a ledger in MongoDB is the queue of record, Zalo's OpenAPI the way, one message per entry."""
