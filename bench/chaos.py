"""`make chaos`: any process is killed with -9 at random under load, broker and database too; then everything is counted.

`python -m bench.chaos [KILLS] [SEED]`. The seed is printed: a run that fails is run again with it.
"""

import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

from tests.journeys.crowd import Crowd, faults
from tests.journeys.province import Province, province
from tests.servers.live import make_kafka, make_mongo, up_again

HOUSES = ("gateway", "chatbot", "tips", "notify")
SERVERS = ("kafka", "mongo")
CITIZENS, KILLS = 200, 50
SERVER_EVERY = 10  # One kill in ten hits the broker or the database.


async def keep(one: Province) -> None:
    """The process manager's part: whatever ended is started again."""
    while True:
        for house in one.houses.values():
            if not house.alive():
                house.start()
        await asyncio.sleep(0.3)


async def kill(one: Province, kills: int, chance: random.Random) -> None:
    for nth in range(1, kills + 1):
        await asyncio.sleep(chance.uniform(0.3, 2.0))
        victim = chance.choice(SERVERS) if nth % SERVER_EVERY == 0 else chance.choice(HOUSES)
        print(f"  kill {nth:>3}: {victim}", flush=True)
        match victim:
            case "kafka":
                one.broker.kill()
                await up_again(one.broker)
            case "mongo":
                one.mongo.kill()
                await up_again(one.mongo)
            case _:
                one.houses[victim].kill()


async def storm(one: Province, kills: int, seed: int) -> dict[str, int]:
    """Citizens ask on and on until the last kill; then patience, and the count. Every number should be zero."""
    found = {"questions": 0, "missing": 0, "too many": 0, "out of order": 0}
    keeping = asyncio.create_task(keep(one))
    killing = asyncio.create_task(kill(one, kills, random.Random(seed)))
    async with aiohttp.ClientSession() as http:
        while True:
            crowd = Crowd(http, one.sandbox, CITIZENS)
            await crowd.gather()
            await crowd.ask_all(0.3)
            for name, count in faults(crowd, await crowd.answers()).items():
                found[name] += count
            found["questions"] += crowd.sent
            if killing.done():
                break
    keeping.cancel()
    await killing  # A kill that failed is no kill.
    return found


def main(kills: int, seed: int) -> int:
    print(f"{kills} kills, seed {seed}")
    with tempfile.TemporaryDirectory(prefix="loa-chaos-") as folder:
        home = Path(folder)
        mongo, kafka = make_mongo(home), make_kafka(home)
        mongo.start()
        kafka.start()
        try:
            with province(home, mongo, kafka, RETRY_SCALE="0.02", LOG_LEVEL="warning") as one:
                found = asyncio.run(storm(one, kills, seed))
        finally:
            kafka.process.stop()
            mongo.process.stop()
    print(", ".join(f"{name}: {count}" for name, count in found.items()))
    return int(any(count for name, count in found.items() if name != "questions"))


if __name__ == "__main__":
    told = [int(word) for word in sys.argv[1:3]]
    sys.exit(main(told[0] if told else KILLS, told[1] if len(told) > 1 else time.time_ns() % 1_000_000))
