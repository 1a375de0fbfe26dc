"""One webhook, one attempt: signed as Zalo signs it, posted over connections that are kept alive."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.signing import mac
from sandbox.wire import Wire, connect, request

DEADLINE_SECONDS = 2.0  # Zalo waits this long for HTTP 200.
IDLE_SECONDS = 2.0  # Below what servers allow, so that no request meets a connection that is being closed.
OK = 200
NO_ANSWER = 0  # The connection failed or the deadline passed.
NOT_SENT = -1  # Switched off, disabled, or no URL.
ALWAYS = {"User-Agent": "ZaloWebhook", "Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt: the HTTP status, 0 without an answer, -1 when it was not sent."""

    status: int
    elapsed_ms: float


OnOutcome = Callable[[Outcome], None]  # Called after every attempt of one webhook, the retries included.


class FirstOutcome:
    """Called after every attempt; keeps the outcome of the first."""

    def __init__(self, also: OnOutcome = lambda _: None) -> None:
        self.outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._also = also

    def __call__(self, outcome: Outcome) -> None:
        self._also(outcome)
        if not self.outcome.done():
            self.outcome.set_result(outcome)


@dataclass(slots=True, repr=False)
class WebhookSender:
    """Whoever calls `post` bounds how many are under way at once: `connections` is for them to keep."""

    url: str
    secret_key: str
    connections: int = 128
    secret_by_oa: dict[str, str] = field(default_factory=dict)  # After a rotation of one OA alone.
    _idle: "deque[Wire]" = field(default_factory=deque)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def signature(self, event: dict[str, Any], body: bytes, oa_id: str) -> str:
        """The header's value for exactly these bytes."""
        secret = self.secret_by_oa.get(oa_id, self.secret_key)
        return mac(str(event.get("app_id", "")), body, str(event.get("timestamp", "")), secret)

    async def post(self, body: bytes, headers: dict[str, str]) -> Outcome:
        """Never raises for the receiver's sake: no answer is an outcome too."""
        if not self.url:
            return Outcome(NOT_SENT, 0.0)
        begun = time.perf_counter()
        wire: Wire | None = None
        status = NO_ANSWER
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                wire = self._take_idle() or await connect(self.url)
                status = await wire.exchange(request(self.url, body, ALWAYS | headers))
        except (TimeoutError, OSError):
            if wire is not None:
                wire.close()  # Half an exchange may still arrive: never mistake it for the next answer.
        if wire is not None:
            self._return_idle(wire)
        return Outcome(status, round((time.perf_counter() - begun) * 1000, 3))

    def _take_idle(self) -> Wire | None:
        """The connection used last, unless it has been idle for too long: then all others have, too."""
        while self._idle:
            wire = self._idle.pop()
            if wire.usable and wire.url == self.url and time.monotonic() - wire.idle_since < IDLE_SECONDS:
                return wire
            wire.close()
        return None

    def _return_idle(self, wire: Wire) -> None:
        if wire.usable:
            wire.idle_since = time.monotonic()
            self._idle.append(wire)
        else:
            wire.close()
