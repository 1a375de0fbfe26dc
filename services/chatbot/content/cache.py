"""Results that follow from one edition of the content. They live as long as the edition; the least recently used go first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

MAX_ITEMS = 16_384  # Answers of a few kilobytes: tens of megabytes at the very most.


@dataclass(slots=True)
class ContentCache(Generic[T]):
    """For results that follow from content alone: nothing about a citizen may be in a key or a value."""

    max_items: int = MAX_ITEMS
    _items: "OrderedDict[Hashable, T]" = field(default_factory=OrderedDict)

    def get_or_make(self, key: Hashable, make: Callable[[], T]) -> T:
        """Returns the value cached under `key`; makes and caches it when there is none."""
        cached = self._items.get(key)
        if cached is not None:
            self._items.move_to_end(key)
            return cached
        value = self._items[key] = make()
        if len(self._items) > self.max_items:
            self._items.popitem(last=False)
        return value

    def __len__(self) -> int:
        return len(self._items)
