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


class _Line(asyncio.Protocol):
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
    lines = await _connect(port, connections)
    outcome = Outcome()
    pending = iter(requests)
    started = time.perf_counter()
    await asyncio.gather(*(_one_after_the_other(line, pending, outcome) for line in lines))
    outcome.elapsed = time.perf_counter() - started
    _close(lines)
    return outcome


async def _one_after_the_other(line: _Line, pending: Iterator[bytes], outcome: Outcome) -> None:
    for one in pending:
        started = time.perf_counter()
        outcome.count(await line.post(one), time.perf_counter() - started)


async def open_loop(port: int, requests: Sequence[bytes], per_second: float, connections: int) -> Outcome:
    """At `per_second`, whatever the server does: a late answer counts from when its request should have started."""
    free: deque[_Line] = deque(await _connect(port, connections))
    everyone = list(free)
    outcome = Outcome()
    back = asyncio.Event()
    started = time.perf_counter()

    async def send(line: _Line, one: bytes, due: float) -> None:
        outcome.count(await line.post(one), time.perf_counter() - due)
        free.append(line)
        back.set()

    gc.disable()  # The generator's own pauses are not the server's.
    async with asyncio.TaskGroup() as group:
        for nth, one in enumerate(requests):
            due = started + nth / per_second
            ahead = due - time.perf_counter()
            if ahead > 0:
                await asyncio.sleep(ahead)
            while not free:
                back.clear()
                await back.wait()
            group.create_task(send(free.popleft(), one, due))
    gc.enable()
    outcome.elapsed = time.perf_counter() - started
    _close(everyone)
    return outcome


async def _connect(port: int, connections: int) -> list[_Line]:
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(_Line, "127.0.0.1", port) for _ in range(connections)]
    return [line for _, line in made]


def _close(lines: Sequence[_Line]) -> None:
    for line in lines:
        line.close()
