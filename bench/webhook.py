"""What a durable webhook costs the gateway, against bare servers that read the same body: `python -m bench.webhook`."""

import asyncio
import statistics
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bench import citizens, poster
from bench.environment import Environment, bench_environment
from bench.processes import ServiceProcess, service_process
from bench.rows import Row, at_most
from bench.table import show
from bench.yardstick import CONNECTIONS, WARM_UP, Cost, webhooks_cost
from loa.clients.registry import Registry

ROUNDS, PER_ROUND = 5, 12_000
SHARE, OPEN_SECONDS = 0.7, 15
LIVE_SECONDS = 5  # A change of the registry is live within this.


@dataclass(frozen=True, slots=True)
class Round:
    """One round of each server, and what MongoDB and the broker used during the gateway's, per webhook."""

    plain: Cost
    raw: Cost
    gateway: Cost
    servers_us: float


async def measure(environment: Environment) -> list[Row]:
    """Alternating rounds on bodies of the same kind, so that a busy moment of the machine touches all."""
    async with (
        service_process("FastAPI", {}, "bench.plain_server") as plain,
        service_process("ASGI", {}, "bench.raw_server") as raw,
        gateway(environment) as durable,
    ):
        for server in (plain, raw, durable):
            await webhooks_cost(server, WARM_UP)
        rounds = [await _round(environment, plain, raw, durable) for _ in range(ROUNDS)]
        rate = statistics.median(turn.gateway.per_second for turn in rounds)
        calm = await poster.open_loop(
            durable.port, citizens.requests(int(rate * SHARE * OPEN_SECONDS)), rate * SHARE, 4 * CONNECTIONS
        )
    assert set(calm.statuses) == {200}, calm.statuses
    return [*_costs(rounds), *_times(rate, calm)]


async def _round(
    environment: Environment, plain: ServiceProcess, raw: ServiceProcess, durable: ServiceProcess
) -> Round:
    plain_cost, raw_cost = await webhooks_cost(plain, PER_ROUND), await webhooks_cost(raw, PER_ROUND)
    before = environment.servers_cpu()
    cost = await webhooks_cost(durable, PER_ROUND)
    return Round(plain_cost, raw_cost, cost, (environment.servers_cpu() - before) / PER_ROUND * 1e6)


def _costs(rounds: Sequence[Round]) -> list[Row]:
    def middle(values: Sequence[float]) -> float:
        return statistics.median(values)

    how = f"{CONNECTIONS} connections; {ROUNDS} rounds of {PER_ROUND}, alternating"
    against_plain = middle([turn.gateway.cpu_us / turn.plain.cpu_us for turn in rounds])
    against_raw = middle([turn.gateway.cpu_us / turn.raw.cpu_us for turn in rounds])
    return [
        Row("webhook, bare server: CPU", middle([turn.plain.cpu_us for turn in rounds]), "µs/webhook", note=how),
        Row("webhook, raw ASGI server: CPU", middle([turn.raw.cpu_us for turn in rounds]), "µs/webhook", note=how),
        Row("webhook, gateway, durable: CPU", middle([turn.gateway.cpu_us for turn in rounds]), "µs/webhook", note=how),
        Row("webhook: CPU of MongoDB and broker", middle([turn.servers_us for turn in rounds]), "µs/webhook"),
        at_most("webhook, gateway against bare server", against_plain, "×", 1.2, "median of the rounds"),
        at_most("webhook, gateway against raw ASGI server", against_raw, "×", 2, "median of the rounds"),
    ]


def _times(rate: float, calm: poster.Outcome) -> list[Row]:
    return [
        Row("webhook, highest rate of one process", rate, "webhooks/s", note="broker and generator on the same cores"),
        Row("webhook at 70 % of it, p50", calm.quantile(0.5) * 1e3, "ms", note="open loop"),
        at_most("webhook at 70 % of it, p99", calm.quantile(0.99) * 1e3, "ms", 60, "open loop"),
        at_most("webhook at 70 % of it, slowest", calm.quantile(1) * 1e3, "ms", 2_000, "open loop"),
    ]


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
    with bench_environment() as _environment:
        show(asyncio.run(measure(_environment)), _environment.u)
