"""When a claim lapses is told by one clock for all processes."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from chassis.mongo import database
from services.notify.store.clock import LedgerClock

SERVER_MS = 1_790_000_000_000


@dataclass
class Scene:
    """A machine and a server, each with its own clock; the server takes `slow_ms` to answer."""

    monotonic_ms: int = 5_000
    server_ms: int = SERVER_MS
    slow_ms: int = 0
    clock: LedgerClock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = LedgerClock(cast("Any", self), lambda: self.monotonic_ms)

    def pass_time(self, ms: int) -> None:
        self.monotonic_ms += ms
        self.server_ms += ms

    async def command(self, _: str) -> dict[str, Any]:
        self.pass_time(self.slow_ms // 2)
        answer = {"localTime": datetime.fromtimestamp(self.server_ms / 1_000, UTC)}
        self.pass_time(self.slow_ms // 2)
        return answer


async def test_it_is_the_servers_time_whatever_the_machine_believes() -> None:
    scene = Scene(slow_ms=40)
    await scene.clock.prepare()
    assert scene.clock.now_ms() == scene.server_ms
    scene.pass_time(7_000)
    assert scene.clock.now_ms() == scene.server_ms


async def test_a_slow_answer_is_better_than_none_and_worse_than_an_earlier_one() -> None:
    scene = Scene(slow_ms=3_000)
    await scene.clock.synchronise()
    assert abs(scene.clock.now_ms() - scene.server_ms) <= 1_500
    before = scene.clock.now_ms() - scene.server_ms
    scene.server_ms += 60_000
    await scene.clock.synchronise()
    assert scene.clock.now_ms() - scene.server_ms == before - 60_000, "it was not believed"
    scene.slow_ms = 0
    await scene.clock.synchronise()
    assert scene.clock.now_ms() == scene.server_ms


async def test_a_real_server_tells_its_time(mongo_url: str) -> None:
    async with database(mongo_url, "clock") as db:
        clock = LedgerClock(db)
        clock._start_ms += 3_600_000  # This machine's clock is an hour ahead.
        await clock.prepare()
    assert abs(clock.now_ms() - time.time() * 1_000) < 30_000
