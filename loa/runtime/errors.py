"""Errors that an operator can mend. Any other exception is a bug and keeps its traceback."""


class SetupError(Exception):
    """Something on this machine prevents it: the text says what, and names the remedy."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}\n  Remedy: {remedy}")
        self.what = what
        self.remedy = remedy
