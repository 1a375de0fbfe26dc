"""Which OAs have to wait, for what, until when. Pure: the clock is an argument.

An OA whose calls fail in a row is paused for growing periods, and so is Zalo as a whole: others' messages go on, and a slow
remote side never fills all our hands with calls that hang.
"""

from dataclasses import dataclass, field

_OA_FAILURES, _OAS = 5, 5  # Unanswered calls of one OA in a row; OAs without an answer while no other was answered.
_FIRST_MS, _OA_LONGEST_MS, _ALL_LONGEST_MS = 1_000, 60_000, 15_000


@dataclass(slots=True)
class _Breaker:
    until_ms: int = 0
    reason: str = ""
    failures: int = 0


@dataclass(slots=True)
class CircuitBreakers:
    _oas: dict[str, _Breaker] = field(default_factory=dict)
    _all: _Breaker = field(default_factory=_Breaker)
    _silent: set[str] = field(default_factory=set)

    def until(self, oa_id: str, now_ms: int) -> tuple[int, str]:
        """(0, "") when calls may go; otherwise when to look again, and what this OA waits for."""
        breaker = self._oas.get(oa_id)
        latest = breaker if breaker is not None and breaker.until_ms > self._all.until_ms else self._all
        return (latest.until_ms, latest.reason) if latest.until_ms > now_ms else (0, "")

    def pause(self, oa_id: str, until_ms: int, reason: str) -> None:
        breaker = self._oas.setdefault(oa_id, _Breaker())
        breaker.until_ms, breaker.reason = max(breaker.until_ms, until_ms), reason

    def record_failure(self, oa_id: str, now_ms: int) -> None:
        """No answer from Zalo. Some in a row close the gate for a while, and each one more for twice as long."""
        self._count_failure(self._oas.setdefault(oa_id, _Breaker()), now_ms, _OA_FAILURES, _OA_LONGEST_MS)
        self._silent.add(oa_id)
        if len(self._silent) >= _OAS:
            self._count_failure(self._all, now_ms, 1, _ALL_LONGEST_MS)

    def record_answer(self, oa_id: str) -> None:
        """Zalo answered, with success or not: it can be reached."""
        self._all.failures = 0
        self._silent.clear()
        breaker = self._oas.get(oa_id)
        if breaker is not None:
            breaker.failures = 0

    def reset(self, oa_id: str) -> None:
        """What was waited for is there (an administrator has authorised the OA)."""
        self._oas.pop(oa_id, None)

    def paused_oas(self, now_ms: int) -> list[str]:
        """OAs that wait now."""
        return [oa_id for oa_id, breaker in self._oas.items() if breaker.until_ms > now_ms]

    def paused_by_reason(self, now_ms: int) -> dict[str, int]:
        """`{reason: OAs}` that wait now."""
        counts: dict[str, int] = {}
        for breaker in self._oas.values():
            if breaker.until_ms > now_ms:
                counts[breaker.reason] = counts.get(breaker.reason, 0) + 1
        return counts

    @staticmethod
    def _count_failure(breaker: _Breaker, now_ms: int, allowed: int, longest_ms: int) -> None:
        if breaker.until_ms > now_ms:
            return  # One wave of calls that hang together is one silence.
        breaker.failures += 1
        over = breaker.failures - allowed
        if over >= 0:
            breaker.until_ms = max(breaker.until_ms, now_ms + min(longest_ms, _FIRST_MS << min(over, 10)))
            breaker.reason = "unreached"
