"""`make chaos`: two replicas of each service, and everything that goes wrong at night, under load; then everything is counted.

`python -m bench.chaos [FAULTS] [SEED]`. The seed is printed: a run that fails is run again with it. Its operation log is kept.
"""

import asyncio
import logging
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from bench.faults import Fault, Scene, some
from bench.shifted_clock import ShiftedClocks
from loa.testkit.load import CitizenLoad
from loa.testkit.operations import Findings, OperationLog
from loa.testkit.servers import make_kafka, make_mongo
from loa.testkit.system import full_system

CITIZENS, FAULTS, REPLICAS = 200, 50, 2
SETTLE_SECONDS = 600  # After the last fault, until everything is answered.
KEPT = Path(".loa/chaos")


async def storm(scene: Scene, load: CitizenLoad, faults: Sequence[Fault], between: tuple[float, float]) -> Findings:
    """Citizens ask until the last fault is over; then wait and count."""
    restarting = asyncio.create_task(scene.keep_running())
    breaking = asyncio.create_task(_break(scene, load, faults, between))
    try:
        while True:
            await load.create_citizens()
            await load.ask_all(0.3)
            if breaking.done():
                break
        await breaking  # A fault that could not be done is no fault.
        return await load.findings()
    finally:
        restarting.cancel()
        breaking.cancel()


async def _break(scene: Scene, load: CitizenLoad, faults: Sequence[Fault], between: tuple[float, float]) -> None:
    for number, fault in enumerate(faults, 1):
        await asyncio.sleep(scene.chance.uniform(*between))
        done = await fault(scene)
        load.log.fault(done, load.seconds)
        print(f"  {number:>3}: {done}", flush=True)


async def _run(scene: Scene, log: OperationLog, count: int) -> Findings:
    async with aiohttp.ClientSession() as http:
        load = CitizenLoad(http, scene.system, CITIZENS, log, SETTLE_SECONDS)
        return await storm(scene, load, some(scene.chance, count), (0.3, 2.0))


def _report(log: OperationLog, findings: Findings, seed: int) -> None:
    print(f"questions: {log.questions}, {findings}")
    if not findings.clean:
        KEPT.mkdir(parents=True, exist_ok=True)
        log.save(KEPT / f"{seed}.jsonl")
        print(f"the operation log is kept as {KEPT / f'{seed}.jsonl'}")


def main(count: int, seed: int) -> int:
    """Returns 1 when anything was lost, doubled, invented or reordered."""
    print(f"{count} faults, seed {seed}")
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # It complains of what is done on purpose here.
    log = OperationLog()
    with tempfile.TemporaryDirectory(prefix="loa-chaos-") as folder:
        home = Path(folder)
        mongo, kafka, clocks = make_mongo(home), make_kafka(home), ShiftedClocks.build(home)
        own = clocks.environment if clocks else lambda _: {}
        mongo.start()
        kafka.start()
        try:
            with full_system(
                home, mongo, kafka, replicas=REPLICAS, own_environment=own, RETRY_SCALE="0.02", LOG_LEVEL="warning"
            ) as system:
                findings = asyncio.run(_run(Scene(system, random.Random(seed), clocks), log, count))
        finally:
            kafka.process.stop()
            mongo.process.stop()
    _report(log, findings, seed)
    return int(not findings.clean)


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:3]]
    sys.exit(
        main(arguments[0] if arguments else FAULTS, arguments[1] if len(arguments) > 1 else time.time_ns() % 1_000_000)
    )
