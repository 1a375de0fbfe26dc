"""Zalo's OpenAPI and OAuth v4 as they are: shapes, calls, answers. No decision of ours is taken here."""
