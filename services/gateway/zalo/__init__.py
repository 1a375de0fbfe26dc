"""Zalo's language, read: bytes in, what they mean out. Pure; no clock, no network, no storage."""
