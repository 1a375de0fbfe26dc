"""Zalo's OpenAPI and OAuth v4: formats, calls, answers. Nothing is decided here."""
