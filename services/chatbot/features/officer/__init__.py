"""A talk with an officer: the queue, and who is in the talk."""
