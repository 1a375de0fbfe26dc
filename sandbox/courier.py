"""One webhook, one attempt: signed as Zalo signs it, posted over connections that are kept alive."""

import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import aiohttp

from sandbox.signing import mac

DEADLINE_SECONDS = 2.0  # Zalo waits this long for HTTP 200.
OK = 200
NO_ANSWER = 0  # The connection failed or the deadline passed.
NOT_SENT = -1  # Switched off, disabled, or no URL.


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt: the HTTP status, 0 without an answer, -1 when it was not sent."""

    status: int
    elapsed_ms: float


@dataclass(slots=True, repr=False)
class Courier:
    """Open it with `async with`."""

    url: str
    secret_key: str
    connections: int = 128
    secret_by_oa: dict[str, str] = field(default_factory=dict)  # After a rotation of one OA alone.
    _session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self.connections, keepalive_timeout=60),
            timeout=aiohttp.ClientTimeout(total=DEADLINE_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "ZaloWebhook", "Content-Type": "application/json"},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()

    def signature(self, event: dict[str, Any], body: bytes, oa_id: str) -> str:
        """The header's value for exactly these bytes."""
        secret = self.secret_by_oa.get(oa_id, self.secret_key)
        return mac(str(event.get("app_id", "")), body, str(event.get("timestamp", "")), secret)

    async def post(self, body: bytes, headers: dict[str, str]) -> Outcome:
        """Never raises for the receiver's sake: no answer is an outcome too."""
        if self._session is None or not self.url:
            return Outcome(NOT_SENT, 0.0)
        begun = time.perf_counter()
        try:
            async with self._session.post(self.url, data=body, headers=headers) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            status = NO_ANSWER
        return Outcome(status, round((time.perf_counter() - begun) * 1000, 3))
