"""Answers to what decisions ask: ports with an embedded and an HTTP adapter each, and the understanding."""
