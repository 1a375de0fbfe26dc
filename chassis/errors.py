"""Whose fault it is decides what happens next. Four names are enough; anything else is a bug in us.

Their texts are ours, name the remedy and quote nobody: they are the only ones an operator gets to read in the log.
"""


class InvalidRecordError(Exception):
    """The record is at fault: it can never succeed. It is buried and the line moves on."""


class TransientError(Exception):
    """The world is at fault: try the same again, and if the world stays down, stop."""


class TooManyDeadLettersError(Exception):
    """We are at fault: records do not all go bad at once. Stop before we bury the whole topic."""


class MisconfiguredError(ValueError):
    """The operator's turn: a setting or a secret is not as it must be. Said before anything connects."""
