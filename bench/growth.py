"""What a message costs as the work grows: conversations stored, OAs served, procedures known.

A small and a large scenario take turns on one MongoDB. `python -m bench.growth [conversations]`.
"""

import asyncio
import statistics
import sys
from collections.abc import Sequence

from bench.environment import Environment, bench_environment
from bench.processes import cpu_seconds
from bench.rows import Row, at_most
from bench.scenarios import BATCH, SHIPPED, MessageSource, Scenario, oa, scenario, with_oas, with_procedures
from bench.table import show
from chassis.process import freeze_gc

WARD = "4100000000000000121"
CONVERSATIONS, OAS, PROCEDURES = (1_000, 1_000_000), (10, 6_000), (40, 5_000)
FACETS = ("papers", "fee", "time", "place", "steps")
BATCHES, ROUNDS = 6, 9
WARM_UP = 40  # Batches: every cached answer has been asked for, in the larger scenario too.
STRIDE = 7_919  # A prime: neighbours in a batch are far apart in the scenario.
BAR, BAR_WITH_MONGOD = 1.2, 1.25


async def measure(environment: Environment, conversations: int = CONVERSATIONS[1]) -> list[Row]:
    return [
        *await _conversations(environment, conversations),
        *await _oas(environment),
        *await _procedures(environment),
    ]


async def _conversations(environment: Environment, many: int) -> list[Row]:
    def source(count: int) -> MessageSource:
        return lambda number: (*_citizen(number * STRIDE % count), "#hoi cc_doi papers")

    few = CONVERSATIONS[0]
    async with (
        scenario(environment, "few", SHIPPED, source(few)) as small,
        scenario(environment, "many", SHIPPED, source(many)) as large,
    ):
        await small.handle_batches(WARM_UP)
        template = await small.db.conversations.find_one({})
        assert template is not None
        await large.fill_conversations(template, _citizen, many)
        return await _against(environment, small, large, f"{few:,} → {many:,} conversations remembered")


async def _oas(environment: Environment) -> list[Row]:
    few, many = OAS

    def source(count: int) -> MessageSource:
        return lambda number: (
            oa(number * STRIDE % count),
            f"8{number % 2_000:018d}",
            f"#hoi cc_doi {FACETS[number % 5]}",
        )

    folders = [with_oas(environment.home / f"content-{count}-oas", count) for count in OAS]
    async with (
        scenario(environment, "few_oas", folders[0], source(few)) as small,
        scenario(environment, "many_oas", folders[1], source(many)) as large,
    ):
        return await _against(environment, small, large, f"{few:,} → {many:,} OAs in content")


async def _procedures(environment: Environment) -> list[Row]:
    few, many = PROCEDURES

    def source(keys: Sequence[str]) -> MessageSource:
        return lambda number: (
            WARD,
            f"8{number % 2_000:018d}",
            f"#hoi {keys[number * STRIDE % len(keys)]} {FACETS[number % 5]}",
        )

    folder, keys = with_procedures(environment.home / "content-procedures", many)
    async with (
        scenario(environment, "few_tt", SHIPPED, source(keys[:few])) as small,
        scenario(environment, "many_tt", folder, source(keys)) as large,
    ):
        return await _against(environment, small, large, f"{few:,} → {many:,} procedures written out")


def _citizen(number: int) -> tuple[str, str]:
    return WARD, f"8{number:018d}"


async def _against(environment: Environment, small: Scenario, large: Scenario, what: str) -> list[Row]:
    """Alternate, so that both meet the same machine."""
    freeze_gc()
    for of_size in (small, large):
        await of_size.handle_batches(WARM_UP)
    service_ratios, total_ratios, costs = [], [], []
    for round_number in range(ROUNDS):
        measured: dict[int, tuple[float, float]] = {}
        for of_size in (small, large)[:: 1 if round_number % 2 else -1]:
            before = cpu_seconds(environment.mongo.process.pid)
            cpu = await of_size.handle_batches(BATCHES)
            stored = (cpu_seconds(environment.mongo.process.pid) - before) * 1e3 / (BATCHES * BATCH)
            measured[id(of_size)] = cpu, cpu + stored
        (few, few_total), (many, many_total) = measured[id(small)], measured[id(large)]
        service_ratios.append(many / few)
        total_ratios.append(many_total / few_total)
        costs.append((many, many_total))
    middle = [statistics.median(column) for column in zip(*costs, strict=True)]
    in_u = [value / 1e3 / environment.u for value in middle]
    note = (
        f"CPU per message, in the larger {middle[0]:.3f} ms = {in_u[0]:.2f} u, "
        f"with mongod {middle[1]:.3f} ms = {in_u[1]:.2f} u; median of {ROUNDS} turns"
    )
    return [
        at_most(f"growth: {what}", statistics.median(service_ratios), "×", BAR, note),
        at_most(f"growth: {what}, mongod included", statistics.median(total_ratios), "×", BAR_WITH_MONGOD),
    ]


if __name__ == "__main__":
    with bench_environment() as _environment:
        show(asyncio.run(measure(_environment, *map(int, sys.argv[1:2]))), _environment.u)
