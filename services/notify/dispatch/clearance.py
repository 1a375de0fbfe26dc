"""Whether a call may go now: what Zalo's rates allow, and whether its OA is being waited for."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from services.notify.decide import Again, Outcome
from services.notify.dispatch.gates import Gates
from services.notify.entry import Rank
from services.notify.metrics import RATE_LIMITED
from services.notify.rate import Rates


@dataclass(slots=True)
class Clearance:
    rates: Rates
    gates: Gates
    now_ms: Callable[[], int]

    def wait_ms(self, oa_id: str, rank: Rank) -> tuple[int, str]:
        """(0, "") when a call may go, and it is counted; otherwise how long to wait, and for what."""
        now = self.now_ms()
        until_ms, reason = self.gates.until(oa_id, now)
        if until_ms:
            return until_ms - now, reason
        wait = self.rates.take(oa_id, rank, time.monotonic())
        if not wait:
            return 0, ""
        RATE_LIMITED.labels("bucket").inc()
        return int(wait * 1_000) + 1, "rate_limited"

    def not_before_ms(self, oa_id: str) -> int:
        return self.gates.until(oa_id, self.now_ms())[0]

    def note(self, oa_id: str, outcome: Outcome) -> None:
        """What an outcome says about the way to Zalo, and about this OA."""
        if not isinstance(outcome, Again):
            self.gates.answered(oa_id)
        elif outcome.holds == "unreached" or (outcome.doubt and outcome.counted):
            self.gates.strike(oa_id, self.now_ms())
        elif outcome.holds:
            self.gates.hold(oa_id, outcome.at_ms, outcome.holds)
            if outcome.holds == "rate_limited":
                RATE_LIMITED.labels("zalo").inc()
                self.rates.exhausted(oa_id, time.monotonic())
