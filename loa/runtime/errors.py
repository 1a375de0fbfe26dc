"""What an operator can put right. Everything else is a fault of ours and keeps its traceback."""


class SetupError(Exception):
    """Something on this machine stands in the way: says what it is, and what removes it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}\n  Remedy: {remedy}")
        self.what = what
        self.remedy = remedy
