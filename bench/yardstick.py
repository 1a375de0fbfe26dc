"""u, the unit of the benches: the CPU that a FastAPI route on uvicorn spends to read a webhook's body and answer 200.

Machines differ by a factor of three and more, and so does one machine from day to day; a cost in u can be compared.
"""

import statistics
from dataclasses import dataclass

from bench import citizens, poster
from bench.processes import ServiceProcess, service_process

ROUNDS, PER_ROUND, WARM_UP, CONNECTIONS = 5, 6_000, 3_000, 128


@dataclass(frozen=True, slots=True)
class Cost:
    cpu_us: float  # Of the server's process, per webhook.
    per_second: float


async def measure_u() -> float:
    """Returns u in seconds of CPU: the median of some rounds, on a server of its own."""
    async with service_process("FastAPI", {}, "bench.plain_server") as plain:
        await webhooks_cost(plain, WARM_UP)
        return statistics.median([(await webhooks_cost(plain, PER_ROUND)).cpu_us for _ in range(ROUNDS)]) / 1e6


async def webhooks_cost(server: ServiceProcess, count: int) -> Cost:
    """Returns what `count` webhooks cost this server, sent as fast as it takes them."""
    requests = citizens.requests(count)
    server.mark()
    outcome = await poster.closed(server.port, requests, CONNECTIONS)
    spent = server.cpu_since_mark
    assert outcome.statuses == {200: count}, outcome.statuses
    return Cost(spent / count * 1e6, outcome.rate)
