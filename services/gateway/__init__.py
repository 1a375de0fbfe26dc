"""Zalo's door: it proves who knocks, seals what is said, and answers once the fact is durable."""
