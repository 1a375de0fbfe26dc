"""Which events are sent, and what kinds there are: the toggles of the app's webhook page."""

from dataclasses import dataclass, field

RECEIPTS = frozenset({"user_received_message", "user_seen_message"})


@dataclass(slots=True)
class EventToggles:
    """Everything is on at the start, unlike Zalo's console, where every toggle starts off: a simulator is for seeing."""

    off: set[str] = field(default_factory=set)
    off_for: dict[str, set[str]] = field(default_factory=dict)  # OA -> events off for that OA alone.
    disabled: bool = False  # After the ladder's last step, until a person enables it again.

    def is_on(self, event_name: str, oa_id: str) -> bool:
        if self.disabled or event_name in self.off:
            return False
        return not self.off_for or event_name not in self.off_for.get(oa_id, ())

    def switch(self, event_name: str, on: bool, oa_id: str | None = None) -> None:
        """Switch one event, for one OA or (None) for all."""
        target = self.off if oa_id is None else self.off_for.setdefault(oa_id, set())
        if on:
            target.discard(event_name)
        else:
            target.add(event_name)
