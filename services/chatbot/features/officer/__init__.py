"""A conversation with an officer: the queue, and the handover."""
