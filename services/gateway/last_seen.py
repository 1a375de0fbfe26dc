"""What has been seen of each OA, for the onboarding page: kept in memory at once, stored every few seconds."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from chassis.errors import TransientError
from chassis.jobs import Job, periodic
from services.gateway.decide import Outcome, Verdict
from services.gateway.store.accounts import Accounts

_RECORD_EVERY_SECONDS = 600.0  # One write per OA and event in ten minutes at most.
_FLUSH_SECONDS = 1.0
_MAX_KEYS = 200_000
REFUSED, TESTED = "refused", "tested"
_SEEN = frozenset({Outcome.ACCEPTED, Outcome.SPOOLED, Outcome.KEPT})


@dataclass(slots=True)
class LastSeen:
    store: Accounts
    _due: dict[tuple[str, str], float] = field(default_factory=dict)
    _fresh: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def record(self, verdict: Verdict) -> None:
        """Cheap: called for every webhook of an OA that we know."""
        oa_id = verdict.oa_id
        if oa_id is None:
            return
        if verdict.outcome in _SEEN:
            event = verdict.event_name
            officer = verdict.parsed is not None and verdict.parsed.officer
            key = (oa_id, f"seen.{event}#officer" if officer else f"seen.{event}")
        elif verdict.outcome is Outcome.BAD_SIGNATURE:
            key = (oa_id, REFUSED)
        else:
            return
        now = time.monotonic()
        if self._due.get(key, 0.0) > now:
            return
        if len(self._due) >= _MAX_KEYS:
            self._due.clear()
        self._due[key] = now + _RECORD_EVERY_SECONDS
        self._fresh[key] = datetime.now(UTC)

    def job(self) -> Job[None]:
        return periodic("record_last_seen", _FLUSH_SECONDS, self.flush)

    async def flush(self) -> None:
        """Raises TransientError; what could not be written is kept."""
        fresh, self._fresh = self._fresh, {}
        if not fresh:
            return
        try:
            await self.store.record_seen([(oa_id, name, at) for (oa_id, name), at in fresh.items()])
        except TransientError:
            self._fresh = {**fresh, **self._fresh}
            raise
