"""What a message costs as the work grows: conversations remembered, OAs served, procedures known.

A small and a large world take turns on one MongoDB. `python -m bench.growth [conversations]`.
"""

import asyncio
import statistics
import sys
from collections.abc import Sequence

from bench.ground import Ground, cpu_seconds, ground
from bench.rows import Row, at_most
from bench.worlds import BATCH, SHIPPED, Who, World, oa, with_oas, with_procedures, world
from chassis.process import settle

WARD = "4100000000000000121"
CONVERSATIONS, OAS, PROCEDURES = (1_000, 1_000_000), (10, 6_000), (40, 5_000)
FACETS = ("papers", "fee", "time", "place", "steps")
BATCHES, ROUNDS = 6, 9
WARM_UP = 40  # Batches: every answer that is kept has been asked for, in the larger world too.
STRIDE = 7_919  # A prime: neighbours in a batch are far apart in the world.
BAR = 1.2


async def measure(ground: Ground, conversations: int = CONVERSATIONS[1]) -> list[Row]:
    return [*await _conversations(ground, conversations), *await _oas(ground), *await _procedures(ground)]


async def _conversations(ground: Ground, many: int) -> list[Row]:
    def asking(count: int) -> Who:
        return lambda nth: (*_citizen(nth * STRIDE % count), "#hoi cc_doi papers")

    few = CONVERSATIONS[0]
    async with (
        world(ground, "few", SHIPPED, asking(few)) as small,
        world(ground, "many", SHIPPED, asking(many)) as large,
    ):
        await small.hears(WARM_UP)
        like = await small.db.conversations.find_one({})
        assert like is not None
        await large.remembers(like, _citizen, many)
        return await _against(ground, small, large, f"{few:,} → {many:,} conversations remembered")


async def _oas(ground: Ground) -> list[Row]:
    few, many = OAS

    def asking(count: int) -> Who:
        return lambda nth: (oa(nth * STRIDE % count), f"8{nth % 2_000:018d}", f"#hoi cc_doi {FACETS[nth % 5]}")

    folders = [with_oas(ground.home / f"content-{count}-oas", count) for count in OAS]
    async with (
        world(ground, "few_oas", folders[0], asking(few)) as small,
        world(ground, "many_oas", folders[1], asking(many)) as large,
    ):
        return await _against(ground, small, large, f"{few:,} → {many:,} OAs in content")


async def _procedures(ground: Ground) -> list[Row]:
    few, many = PROCEDURES

    def asking(keys: Sequence[str]) -> Who:
        return lambda nth: (WARD, f"8{nth % 2_000:018d}", f"#hoi {keys[nth * STRIDE % len(keys)]} {FACETS[nth % 5]}")

    folder, keys = with_procedures(ground.home / "content-procedures", many)
    async with (
        world(ground, "few_tt", SHIPPED, asking(keys[:few])) as small,
        world(ground, "many_tt", folder, asking(keys)) as large,
    ):
        return await _against(ground, small, large, f"{few:,} → {many:,} procedures written out")


def _citizen(nth: int) -> tuple[str, str]:
    return WARD, f"8{nth:018d}"


async def _against(ground: Ground, small: World, large: World, what: str) -> list[Row]:
    """Turn by turn, so that both meet the same machine."""
    settle()
    for one in (small, large):
        await one.hears(WARM_UP)
    house, whole, cost = [], [], []
    for turn in range(ROUNDS):
        of: dict[int, tuple[float, float]] = {}
        for one in (small, large)[:: 1 if turn % 2 else -1]:
            before = cpu_seconds(ground.mongo.process.pid)
            cpu = await one.hears(BATCHES)
            stored = (cpu_seconds(ground.mongo.process.pid) - before) * 1e3 / (BATCHES * BATCH)
            of[id(one)] = cpu, cpu + stored
        (few, few_whole), (many, many_whole) = of[id(small)], of[id(large)]
        house.append(many / few)
        whole.append(many_whole / few_whole)
        cost.append((many, many_whole))
    middle = [statistics.median(each) for each in zip(*cost, strict=True)]
    note = f"CPU per message, in the larger {middle[0]:.3f} ms, with mongod {middle[1]:.3f}; median of {ROUNDS} turns"
    return [
        at_most(f"growth: {what}", statistics.median(house), "×", BAR, note),
        Row(f"growth: {what}, mongod included", statistics.median(whole), "×"),
    ]


if __name__ == "__main__":
    with ground() as mine:
        for _row in asyncio.run(measure(mine, *map(int, sys.argv[1:2]))):
            print(f"{_row.name:70} {_row.value:8.2f} {_row.unit:4} {_row.bar:6} {_row.passed} {_row.note}")
