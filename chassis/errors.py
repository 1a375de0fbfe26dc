"""Whose fault an error is decides what happens next. Four classes are enough; any other exception is a bug in this code.

Their texts name the remedy and quote no input: they are the only exception texts that are logged.
"""


class InvalidRecordError(Exception):
    """The record is at fault: it can never succeed. It is dead-lettered alone, and processing goes on."""


class TransientError(Exception):
    """A dependency is at fault: try the same again; if the dependency stays away, stop."""


class TooSlowError(TransientError):
    """An attempt was cut off: the dependency is slow, or what was attempted never ends."""


class OwnFaultError(Exception):
    """Our own code is at fault: a message that is known to be good fails as well. Stop; nothing is dead-lettered for it."""


class MisconfiguredError(ValueError):
    """The operator must act: a setting or a secret is not as it must be. Raised before anything connects."""
