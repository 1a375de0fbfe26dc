"""Which OAs have to wait, for what, until when. Pure: the clock is an argument.

An OA whose calls fail in a row is paused for growing periods, and so is Zalo as a whole: others' messages go on, and a slow
remote side never fills all our hands with calls that hang.
"""

from dataclasses import dataclass, field

from chassis.circuit import CircuitBreaker, CircuitPolicy

_OAS = 5  # Without an answer, while no other was answered: then it is Zalo that is silent.
_OA = CircuitPolicy(failures=5, first_ms=1_000, longest_ms=60_000)
_ALL = CircuitPolicy(failures=1, first_ms=1_000, longest_ms=15_000)


@dataclass(slots=True)
class CircuitBreakers:
    _oas: dict[str, CircuitBreaker] = field(default_factory=dict)
    _all: CircuitBreaker = field(default_factory=lambda: CircuitBreaker(_ALL))
    _silent: set[str] = field(default_factory=set)

    def until(self, oa_id: str, now_ms: int) -> tuple[int, str]:
        """(0, "") when calls may go; otherwise when to look again, and what this OA waits for."""
        breaker = self._oas.get(oa_id)
        latest = breaker if breaker is not None and breaker.until_ms > self._all.until_ms else self._all
        return (latest.until_ms, latest.reason) if latest.is_open(now_ms) else (0, "")

    def pause(self, oa_id: str, until_ms: int, reason: str) -> None:
        self._of(oa_id).pause(until_ms, reason)

    def record_failure(self, oa_id: str, now_ms: int) -> None:
        """No answer from Zalo. Some in a row close the gate for a while, and each one more for twice as long."""
        self._of(oa_id).record_failure(now_ms)
        self._silent.add(oa_id)
        if len(self._silent) >= _OAS:
            self._all.record_failure(now_ms)

    def record_answer(self, oa_id: str) -> None:
        """Zalo answered, with success or not: it can be reached."""
        self._all.record_success()
        self._silent.clear()
        breaker = self._oas.get(oa_id)
        if breaker is not None:
            breaker.record_success()

    def reset(self, oa_id: str) -> None:
        """What was waited for is there (an administrator has authorised the OA)."""
        self._oas.pop(oa_id, None)

    def paused_oas(self, now_ms: int) -> list[str]:
        """OAs that wait now."""
        return [oa_id for oa_id, breaker in self._oas.items() if breaker.is_open(now_ms)]

    def paused_by_reason(self, now_ms: int) -> dict[str, int]:
        """`{reason: OAs}` that wait now."""
        counts: dict[str, int] = {}
        for breaker in self._oas.values():
            if breaker.is_open(now_ms):
                counts[breaker.reason] = counts.get(breaker.reason, 0) + 1
        return counts

    def _of(self, oa_id: str) -> CircuitBreaker:
        return self._oas.setdefault(oa_id, CircuitBreaker(_OA))
