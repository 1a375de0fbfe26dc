"""Whose fault it is decides what happens next. Four names are enough; anything else is a bug in us.

Their texts are ours, name the remedy and quote nobody: they are the only ones an operator gets to read in the log.
"""


class Poison(Exception):  # noqa: N818 — it names the record's state, not an error of ours.
    """The record is at fault: it can never succeed. It is buried and the line moves on."""


class Transient(Exception):  # noqa: N818 — likewise: the world's state.
    """The world is at fault: try the same again, and if the world stays down, stop."""


class TooManyBuried(Exception):  # noqa: N818 — likewise.
    """We are at fault: records do not all go bad at once. Stop before we bury the whole topic."""


class Misconfigured(ValueError):  # noqa: N818 — likewise.
    """The operator's turn: a setting or a secret is not as it must be. Said before anything connects."""
