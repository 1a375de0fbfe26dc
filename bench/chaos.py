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

from loa.testkit.load import CitizenLoad, faults
from loa.testkit.servers import make_kafka, make_mongo, up_again
from loa.testkit.system import FullSystem, full_system

SERVICES = ("gateway", "chatbot", "tips", "notify")
SERVERS = ("kafka", "mongo")
CITIZENS, KILLS = 200, 50
SERVER_EVERY = 10  # One kill in ten hits the broker or the database.


async def keep_running(system: FullSystem) -> None:
    """The process manager's part: whatever ended is started again."""
    while True:
        for service in system.services.values():
            if not service.alive():
                service.start()
        await asyncio.sleep(0.3)


async def kill(system: FullSystem, kills: int, chance: random.Random) -> None:
    for number in range(1, kills + 1):
        await asyncio.sleep(chance.uniform(0.3, 2.0))
        victim = chance.choice(SERVERS) if number % SERVER_EVERY == 0 else chance.choice(SERVICES)
        print(f"  kill {number:>3}: {victim}", flush=True)
        match victim:
            case "kafka":
                system.broker.kill()
                await up_again(system.broker)
            case "mongo":
                system.mongo.kill()
                await up_again(system.mongo)
            case _:
                system.services[victim].kill()


async def storm(system: FullSystem, kills: int, seed: int) -> dict[str, int]:
    """Citizens ask until the last kill; then wait and count. Every number should be zero."""
    counts = {"questions": 0, "missing": 0, "too many": 0, "out of order": 0}
    restarting = asyncio.create_task(keep_running(system))
    killing = asyncio.create_task(kill(system, kills, random.Random(seed)))
    async with aiohttp.ClientSession() as http:
        while True:
            load = CitizenLoad(http, system, CITIZENS)
            await load.create_citizens()
            await load.ask_all(0.3)
            for name, count in faults(load, await load.answers()).items():
                counts[name] += count
            counts["questions"] += load.sent
            if killing.done():
                break
    restarting.cancel()
    await killing  # A kill that failed is no kill.
    return counts


def main(kills: int, seed: int) -> int:
    print(f"{kills} kills, seed {seed}")
    with tempfile.TemporaryDirectory(prefix="loa-chaos-") as folder:
        home = Path(folder)
        mongo, kafka = make_mongo(home), make_kafka(home)
        mongo.start()
        kafka.start()
        try:
            with full_system(home, mongo, kafka, RETRY_SCALE="0.02", LOG_LEVEL="warning") as system:
                counts = asyncio.run(storm(system, kills, seed))
        finally:
            kafka.process.stop()
            mongo.process.stop()
    print(", ".join(f"{name}: {count}" for name, count in counts.items()))
    return int(any(count for name, count in counts.items() if name != "questions"))


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:3]]
    sys.exit(
        main(arguments[0] if arguments else KILLS, arguments[1] if len(arguments) > 1 else time.time_ns() % 1_000_000)
    )
