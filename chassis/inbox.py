"""Which events a conversation has received: what tells a repeat from news.

`{h: ids, 16 bytes each, ht: the events' times in seconds, 4 bytes each}`, in the order in which they were received.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from contracts.event import Event
from contracts.gateway import CitizenWithdrew

MAX_IDS = 1_024  # Nobody types this much in the two hours for which Zalo redelivers at the longest.
REDELIVERED_SECONDS = 2 * 3_600
_ID_BYTES, _TIME_BYTES = 16, 4
_LATEST_SECONDS = 0xFFFF_FFFF


@dataclass(slots=True)
class Inbox:
    """Who floods an OA is not heard while what would be forgotten for it could still be delivered again, and handled twice."""

    _times: dict[bytes, int] = field(default_factory=dict)  # Event id: the event's time in seconds.
    changed: bool = False

    @classmethod
    def unpack(cls, document: Mapping[str, Any]) -> Self:
        """Ids that were stored without a time are as old as can be."""
        packed, times = document["h"], document.get("ht", b"")
        ids = [packed[at : at + _ID_BYTES] for at in range(0, len(packed), _ID_BYTES)]
        seconds = [int.from_bytes(times[at : at + _TIME_BYTES]) for at in range(0, len(times), _TIME_BYTES)]
        return cls(dict(zip(ids, [0] * (len(ids) - len(seconds)) + seconds, strict=True)))

    def __len__(self) -> int:
        return len(self._times)

    def __contains__(self, event: Event) -> bool:
        """Whether it was received, or may have been and is forgotten. A withdrawal is always heard."""
        if event.id.bytes in self._times:
            return True
        if len(self._times) < MAX_IDS or isinstance(event, CitizenWithdrew):
            return False
        return _seconds(event) < self._next_forgotten() + REDELIVERED_SECONDS

    def add(self, event: Event) -> None:
        self._times[event.id.bytes] = _seconds(event)
        self.changed = True

    def fields(self) -> dict[str, bytes]:
        """What is stored: the newest."""
        newest = list(self._times.items())[-MAX_IDS:]
        return {
            "h": b"".join(event_id for event_id, _ in newest),
            "ht": b"".join(seconds.to_bytes(_TIME_BYTES) for _, seconds in newest),
        }

    def _next_forgotten(self) -> int:
        """Returns the time of the event that one more would push out."""
        return list(self._times.values())[-MAX_IDS]


def _seconds(event: Event) -> int:
    """Within what is stored: a broken clock upstream may claim any year."""
    return min(max(0, int(event.occurred_at.timestamp())), _LATEST_SECONDS)
