"""What was worked out from one edition of the content, kept as long as that edition: bounded, the longest unused goes first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

MOST = 16_384  # Answers of a few kilobytes: tens of megabytes at the very most.


@dataclass(slots=True)
class Kept(Generic[T]):
    """Only for what follows from content alone: nothing of a citizen may be in a key or a value."""

    most: int = MOST
    _known: "OrderedDict[Hashable, T]" = field(default_factory=OrderedDict)

    def of(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under `key`, made now if nothing is."""
        known = self._known.get(key)
        if known is not None:
            self._known.move_to_end(key)
            return known
        made = self._known[key] = make()
        if len(self._known) > self.most:
            self._known.popitem(last=False)
        return made

    def __len__(self) -> int:
        return len(self._known)
