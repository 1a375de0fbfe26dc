"""What a durable webhook costs the gateway, against a bare server that reads the same body: `python -m bench.webhook`."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from bench import citizens, poster
from bench.environment import Environment, ServiceProcess, bench_environment, service_process
from bench.rows import Row, at_most
from loa.clients.registry import Registry

ROUNDS, PER_ROUND, WARM_UP, CONNECTIONS = 5, 12_000, 3_000, 128
SHARE, OPEN_SECONDS = 0.7, 15
LIVE_SECONDS = 5  # A change of the registry is live within this.


@dataclass(frozen=True, slots=True)
class Cost:
    cpu_us: float  # Of the server's process, per webhook.
    per_second: float


async def measure(environment: Environment) -> list[Row]:
    """Alternating rounds on bodies of the same kind, so that a busy moment of the machine touches both."""
    async with service_process("bare", {}, "bench.plain_server") as plain, gateway(environment) as durable:
        for server in (plain, durable):
            await _round(server, WARM_UP)
        pairs = [(await _round(plain, PER_ROUND), await _round(durable, PER_ROUND)) for _ in range(ROUNDS)]
        rate = statistics.median(cost.per_second for _, cost in pairs)
        calm = await poster.open_loop(
            port(durable), citizens.requests(int(rate * SHARE * OPEN_SECONDS)), rate * SHARE, 4 * CONNECTIONS
        )
    assert set(calm.statuses) == {200}, calm.statuses
    return _rows(pairs, rate, calm)


def _rows(pairs: list[tuple[Cost, Cost]], rate: float, calm: poster.Outcome) -> list[Row]:
    ratio = statistics.median(durable.cpu_us / plain.cpu_us for plain, durable in pairs)
    how = f"{CONNECTIONS} connections; {ROUNDS} rounds of {PER_ROUND}, alternating"
    return [
        Row("webhook, bare server: CPU", statistics.median(plain.cpu_us for plain, _ in pairs), "µs/webhook", note=how),
        Row(
            "webhook, gateway, durable: CPU",
            statistics.median(durable.cpu_us for _, durable in pairs),
            "µs/webhook",
            note=how,
        ),
        at_most("webhook, gateway against bare server", ratio, "×", 1.7, "median of the rounds"),
        Row("webhook, highest rate of one process", rate, "webhooks/s", note="broker and generator on the same cores"),
        Row("webhook at 70 % of it, p50", calm.quantile(0.5) * 1e3, "ms", note="open loop"),
        at_most("webhook at 70 % of it, p99", calm.quantile(0.99) * 1e3, "ms", 50, "open loop"),
        at_most("webhook at 70 % of it, slowest", calm.quantile(1) * 1e3, "ms", 2_000, "open loop"),
    ]


async def _round(server: ServiceProcess, count: int) -> Cost:
    requests = citizens.requests(count)
    server.mark()
    outcome = await poster.closed(port(server), requests, CONNECTIONS)
    spent = server.cpu_since_mark
    assert outcome.statuses == {200: count}, outcome.statuses
    return Cost(spent / count * 1e6, outcome.rate)


def port(server: ServiceProcess) -> int:
    number = urlsplit(server.url).port
    assert number is not None
    return number


@asynccontextmanager
async def gateway(environment: Environment, **more: str) -> AsyncIterator[ServiceProcess]:
    """A gateway that serves the benches' OA."""
    env = environment.service_env(**more)
    async with service_process("gateway", env) as service:
        async with Registry.here(service.url, environment.home / "service-secrets") as registry:
            await registry.put_app(citizens.APP, citizens.SECRET)
            await registry.put_oas([{"oa_id": citizens.OA, "app_id": citizens.APP, "name": "Đo đạc"}])
        await asyncio.sleep(LIVE_SECONDS)
        yield service


if __name__ == "__main__":
    begun = time.perf_counter()
    with bench_environment() as environment:
        for row in asyncio.run(measure(environment)):
            verdict = "" if row.passed is None else "ok" if row.passed else "MISSED"
            print(f"{row.name:45} {row.value:10.2f} {row.unit:11} {row.bar:9} {verdict:7} {row.note}")
    print(f"{time.perf_counter() - begun:.0f} s")
