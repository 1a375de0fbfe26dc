"""Token buckets per app and per OA, taught by Zalo's X-RateLimit headers. Pure: the clock is an argument."""

from dataclasses import dataclass, field

from services.notify.delivery import LanePriority

_BURST = 0.25  # Of a minute's worth: enough for a wave, too little to fill two of Zalo's minutes at once.
_RESERVED = {
    LanePriority.URGENT: 0.0,
    LanePriority.REPLY: 0.05,
    LanePriority.BULK: 0.3,
}  # Of the bucket, left to the lanes above.
_OAS_AT_MOST = 20_000


@dataclass(slots=True)
class Bucket:
    per_minute: float
    tokens: float
    at: float  # Seconds, of whatever clock the caller uses.

    @classmethod
    def full(cls, per_minute: float, now: float) -> "Bucket":
        return cls(per_minute, max(1.0, per_minute * _BURST), now)

    @property
    def capacity(self) -> float:
        return max(1.0, self.per_minute * _BURST)

    def wait(self, priority: LanePriority, now: float) -> float:
        """Seconds until one token may be taken by this lane; 0 when now."""
        if now > self.at:
            self.tokens = min(self.capacity, self.tokens + (now - self.at) * self.per_minute / 60)
            self.at = now
        wanted = 1.0 + _RESERVED[priority] * (self.capacity - 1.0)
        return 0.0 if self.tokens >= wanted else (wanted - self.tokens) * 60 / self.per_minute

    def learn(self, limit: int, remain: int) -> None:
        """Learn what Zalo stated: the limit, and what all replicas together have left of this minute."""
        if limit != self.per_minute:
            grown = limit > self.per_minute
            self.per_minute = float(limit)
            self.tokens = self.capacity if grown else min(self.tokens, self.capacity)
        self.tokens = min(self.tokens, float(remain))


@dataclass(slots=True)
class Rates:
    app_per_minute: int
    oa_per_minute: int
    app: Bucket | None = None
    _oas: dict[str, Bucket] = field(default_factory=dict)

    def take(self, oa_id: str, priority: LanePriority, now: float) -> float:
        """0 when a call may go now, and it is counted; otherwise seconds to wait, and nothing is counted."""
        app, oa = self._app(now), self._oa(oa_id, now)
        wait = max(app.wait(priority, now), oa.wait(priority, now))
        if wait == 0:
            app.tokens -= 1
            oa.tokens -= 1
        return wait

    def learn(self, oa_id: str, limit: int, remain: int, now: float) -> None:
        """Zalo states the narrower of the two limits: it is the OA's, and the app's is no smaller."""
        if limit < 1:
            return
        self._oa(oa_id, now).learn(limit, max(0, remain))
        app = self._app(now)
        if limit > app.per_minute:
            app.learn(limit, remain)

    def exhausted(self, oa_id: str, now: float) -> None:
        """Zalo refused with -32: nothing is left of this minute for this OA."""
        self._oa(oa_id, now).tokens = 0.0

    def _app(self, now: float) -> Bucket:
        if self.app is None:
            self.app = Bucket.full(self.app_per_minute, now)
        return self.app

    def _oa(self, oa_id: str, now: float) -> Bucket:
        bucket = self._oas.get(oa_id)
        if bucket is None:
            if len(self._oas) >= _OAS_AT_MOST:
                self._oas.clear()  # They learn again within one call.
            bucket = self._oas[oa_id] = Bucket.full(self.oa_per_minute, now)
        return bucket
