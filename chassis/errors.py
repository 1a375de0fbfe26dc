"""Whose fault an error is decides what happens next. Four classes are enough; any other exception is a bug in this code.

Their texts name the remedy and quote no input: they are the only exception texts that are logged.
"""


class InvalidRecordError(Exception):
    """The record is at fault: it can never succeed. It is dead-lettered alone, and processing goes on."""


class TransientError(Exception):
    """A dependency is at fault: try the same again; if the dependency stays away, stop."""


class TooManyDeadLettersError(Exception):
    """Our own code is at fault: records do not all go bad at once. Stop before the whole topic is dead-lettered."""


class MisconfiguredError(ValueError):
    """The operator must act: a setting or a secret is not as it must be. Raised before anything connects."""
