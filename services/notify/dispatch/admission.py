"""Whether a call may go now: what Zalo's rates allow, and whether its OA is being waited for."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from services.notify.decide import Retry, SendOutcome
from services.notify.delivery import LanePriority
from services.notify.dispatch.circuit import CircuitBreakers
from services.notify.metrics import RATE_LIMITED
from services.notify.rate import Rates


@dataclass(slots=True)
class Admission:
    rates: Rates
    breakers: CircuitBreakers
    now_ms: Callable[[], int]

    def wait_ms(self, oa_id: str, priority: LanePriority) -> tuple[int, str]:
        """(0, "") when a call may go, and it is counted; otherwise how long to wait, and for what."""
        now = self.now_ms()
        until_ms, reason = self.breakers.until(oa_id, now)
        if until_ms:
            return until_ms - now, reason
        wait = self.rates.take(oa_id, priority, time.monotonic())
        if not wait:
            return 0, ""
        RATE_LIMITED.labels("bucket").inc()
        return int(wait * 1_000) + 1, "rate_limited"

    def not_before_ms(self, oa_id: str) -> int:
        return self.breakers.until(oa_id, self.now_ms())[0]

    def record(self, oa_id: str, outcome: SendOutcome) -> None:
        """Learn from an outcome whether Zalo can be reached, and whether this OA may send."""
        if not isinstance(outcome, Retry):
            self.breakers.record_answer(oa_id)
        elif outcome.pause_reason == "unreached" or (outcome.uncertain and outcome.counted):
            self.breakers.record_failure(oa_id, self.now_ms())
        elif outcome.pause_reason:
            self.breakers.pause(oa_id, outcome.at_ms, outcome.pause_reason)
            if outcome.pause_reason == "rate_limited":
                RATE_LIMITED.labels("zalo").inc()
                self.rates.exhausted(oa_id, time.monotonic())
