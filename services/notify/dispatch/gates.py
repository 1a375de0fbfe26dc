"""Which OAs have to wait, for what, until when. Pure: the clock is an argument.

An OA whose calls fail in a row is left alone for growing spells, and so is Zalo as a whole: others' messages go on, and a slow
remote side never fills all our hands with calls that hang.
"""

from dataclasses import dataclass, field

_OA_STRIKES, _OAS = 5, 5  # Silences of one OA in a row; OAs that are silent, and nobody answered in between.
_FIRST_MS, _OA_LONGEST_MS, _ALL_LONGEST_MS = 1_000, 60_000, 15_000


@dataclass(slots=True)
class _Gate:
    until_ms: int = 0
    reason: str = ""
    strikes: int = 0


@dataclass(slots=True)
class Gates:
    _oas: dict[str, _Gate] = field(default_factory=dict)
    _all: _Gate = field(default_factory=_Gate)
    _silent: set[str] = field(default_factory=set)

    def until(self, oa_id: str, now_ms: int) -> tuple[int, str]:
        """(0, "") when calls may go; otherwise when to look again, and what this OA waits for."""
        gate = self._oas.get(oa_id)
        latest = gate if gate is not None and gate.until_ms > self._all.until_ms else self._all
        return (latest.until_ms, latest.reason) if latest.until_ms > now_ms else (0, "")

    def hold(self, oa_id: str, until_ms: int, reason: str) -> None:
        gate = self._oas.setdefault(oa_id, _Gate())
        gate.until_ms, gate.reason = max(gate.until_ms, until_ms), reason

    def strike(self, oa_id: str, now_ms: int) -> None:
        """No answer from Zalo. Some in a row close the gate for a while, and each one more for twice as long."""
        self._count(self._oas.setdefault(oa_id, _Gate()), now_ms, _OA_STRIKES, _OA_LONGEST_MS)
        self._silent.add(oa_id)
        if len(self._silent) >= _OAS:
            self._count(self._all, now_ms, 1, _ALL_LONGEST_MS)

    def answered(self, oa_id: str) -> None:
        """Zalo answered, whatever it said: the way is open."""
        self._all.strikes = 0
        self._silent.clear()
        gate = self._oas.get(oa_id)
        if gate is not None:
            gate.strikes = 0

    def open(self, oa_id: str) -> None:
        """What was waited for is there (a person has authorised us)."""
        self._oas.pop(oa_id, None)

    def closed(self, now_ms: int) -> list[str]:
        """OAs that wait now."""
        return [oa_id for oa_id, gate in self._oas.items() if gate.until_ms > now_ms]

    def held(self, now_ms: int) -> dict[str, int]:
        """`{reason: OAs}` that wait now."""
        counts: dict[str, int] = {}
        for gate in self._oas.values():
            if gate.until_ms > now_ms:
                counts[gate.reason] = counts.get(gate.reason, 0) + 1
        return counts

    @staticmethod
    def _count(gate: _Gate, now_ms: int, allowed: int, longest_ms: int) -> None:
        if gate.until_ms > now_ms:
            return  # One wave of calls that hang together is one silence.
        gate.strikes += 1
        over = gate.strikes - allowed
        if over >= 0:
            gate.until_ms = max(gate.until_ms, now_ms + min(longest_ms, _FIRST_MS << min(over, 10)))
            gate.reason = "unreached"
