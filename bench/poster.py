"""Posts bodies over raw sockets: closed loop for the highest rate, open loop (counted from the intended start) for latency."""

import asyncio
import gc
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Outcome:
    """`seconds` from the intended start, one for each answer; `statuses` by code, 0 for a connection that broke."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    elapsed: float = 0.0

    def count(self, status: int, seconds: float) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.seconds.append(seconds)

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.elapsed if self.elapsed else 0.0

    def quantile(self, share: float) -> float:
        """Seconds; the slowest when `share` is 1."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


class _Connection(asyncio.Protocol):
    """One kept-alive connection, one request at a time. Answers must have no body, as the webhook's have none."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(int(data[9:12]))

    def connection_lost(self, _: Exception | None) -> None:
        self._transport = None
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(0)

    async def post(self, request: bytes) -> int:
        if self._transport is None:
            return 0
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def request(body: bytes, signature: str) -> bytes:
    head = (
        "POST /webhooks/zalo HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: ZaloWebhook\r\nContent-Type: application/json\r\n"
        f"X-ZEvent-Signature: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def closed(port: int, requests: Sequence[bytes], connections: int) -> Outcome:
    """As fast as `connections` citizens who wait for each answer can."""
    pool = await _connect(port, connections)
    outcome = Outcome()
    pending = iter(requests)
    started = time.perf_counter()
    await asyncio.gather(*(_post_all(connection, pending, outcome) for connection in pool))
    outcome.elapsed = time.perf_counter() - started
    _close(pool)
    return outcome


async def _post_all(connection: _Connection, pending: Iterator[bytes], outcome: Outcome) -> None:
    for body in pending:
        started = time.perf_counter()
        outcome.count(await connection.post(body), time.perf_counter() - started)


async def open_loop(port: int, requests: Sequence[bytes], per_second: float, connections: int) -> Outcome:
    """At `per_second`, whatever the server does: a late answer counts from when its request should have started."""
    free: deque[_Connection] = deque(await _connect(port, connections))
    pool = list(free)
    outcome = Outcome()
    freed = asyncio.Event()
    started = time.perf_counter()

    async def send(connection: _Connection, body: bytes, due: float) -> None:
        outcome.count(await connection.post(body), time.perf_counter() - due)
        free.append(connection)
        freed.set()

    gc.disable()  # The generator's own pauses are not the server's.
    async with asyncio.TaskGroup() as group:
        for index, body in enumerate(requests):
            due = started + index / per_second
            ahead = due - time.perf_counter()
            if ahead > 0:
                await asyncio.sleep(ahead)
            while not free:
                freed.clear()
                await freed.wait()
            group.create_task(send(free.popleft(), body, due))
    gc.enable()
    outcome.elapsed = time.perf_counter() - started
    _close(pool)
    return outcome


async def _connect(port: int, connections: int) -> list[_Connection]:
    loop = asyncio.get_running_loop()
    pairs = [await loop.create_connection(_Connection, "127.0.0.1", port) for _ in range(connections)]
    return [connection for _, connection in pairs]


def _close(pool: Sequence[_Connection]) -> None:
    for connection in pool:
        connection.close()
