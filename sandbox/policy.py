"""The platform's content policy: a list of words that a control call fills, so that -248 can be met on purpose."""

from dataclasses import dataclass, field

from sandbox.errors import ZaloError


@dataclass(slots=True)
class Policy:
    words: tuple[str, ...] = field(default=())

    def check(self, text: str) -> None:
        """Raise ZaloError -248 when a forbidden word is in `text`, in any case."""
        if self.words:
            lower = text.casefold()
            if any(word in lower for word in self.words):
                raise ZaloError(-248)
