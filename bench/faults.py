"""What goes wrong in a chaos run: each fault is an event of a real night, done to a running system and over when it returns."""

import asyncio
import random
import resource
import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from bench.shifted_clock import ShiftedClocks
from chassis.kafka import KafkaProducer
from chassis.records import OutgoingRecord
from contracts.catalogue import READERS
from loa.testkit.process import Running
from loa.testkit.servers import LiveBroker, LiveMongo, up_again
from loa.testkit.system import REPLICATED, FullSystem

CONSUMERS = ("chatbot", "tips", "notify")
FROZEN_SECONDS = (1.0, 18.0)  # The longest outlasts every lease and every session.
SERVER_FROZEN_SECONDS = (1.0, 12.0)
DISK_FULL_SECONDS = 3.0
JUMP_SECONDS = 40  # Within the minute that notify allows between Zalo's clock and ours.
SMALLEST_FILE = 4_096
OFFSETS_SECONDS = 60
BAD_VALUES = (b"", b"\x00\xff\xfe", b"null", b"[]", b'{"type":', b'{"type": 7}', b"[" * 5_000, b"9" * 200_000)


@dataclass(slots=True)
class Scene:
    system: FullSystem
    chance: random.Random
    clocks: ShiftedClocks | None = None
    held: set[str] = field(default_factory=set)  # Services that nobody starts again for now.

    async def keep_running(self) -> None:
        """The process manager's part: whatever ended is started again."""
        while True:
            for name, service in self.system.services.items():
                if name not in self.held and not service.alive():
                    service.start()
            await asyncio.sleep(0.3)

    def replica(self) -> str:
        """The name of any process of the four that have replicas."""
        return self.chance.choice([name for name in self.system.services if name.split("-")[0] in REPLICATED])

    def server(self) -> LiveBroker | LiveMongo:
        return self.chance.choice((self.system.broker, self.system.mongo))


async def kill(scene: Scene) -> str:
    victim = scene.replica()
    scene.system.services[victim].kill()
    return f"kill -9 {victim}"


async def freeze(scene: Scene) -> str:
    victim, seconds = scene.replica(), scene.chance.uniform(*FROZEN_SECONDS)
    await _stand_still(scene.system.services[victim], seconds)
    return f"froze {victim} for {seconds:.0f} s"


async def restart_server(scene: Scene) -> str:
    server = scene.server()
    server.kill()
    await up_again(server)
    return f"kill -9 {_name(server)}"


async def freeze_server(scene: Scene) -> str:
    server, seconds = scene.server(), scene.chance.uniform(*SERVER_FROZEN_SECONDS)
    await _stand_still(server.process, seconds)
    return f"froze {_name(server)} for {seconds:.0f} s"


async def full_disk(scene: Scene) -> str:
    """No file of the server can grow, as on a full disk. It may end for that; it is started again when there is room."""
    server = scene.server()
    _, most = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (SMALLEST_FILE, most))
    await asyncio.sleep(DISK_FULL_SECONDS)
    ended = not server.process.alive()
    server.kill()
    await up_again(server)
    return f"no room for {_name(server)}" + (", which ended" if ended else "")


async def jump(scene: Scene) -> str:
    victim, seconds = scene.replica(), scene.chance.randint(-JUMP_SECONDS, JUMP_SECONDS)
    if scene.clocks is None:
        return "no clock was set: there is no C compiler"
    scene.clocks.shift(victim, seconds)
    return f"set the clock of {victim} {seconds:+} s"


async def send_bad_records(scene: Scene) -> str:
    """Records that nobody can read, in every topic that a service reads."""
    topics = sorted({topic for service in CONSUMERS for topic in READERS[service]})
    records = [
        OutgoingRecord(scene.system.prefix + topic, f"bad-{number}".encode(), value, {})
        for topic in topics
        for number, value in enumerate(BAD_VALUES)
    ]
    producer = KafkaProducer(scene.system.broker.servers)
    try:
        await producer.send(records)
    finally:
        await producer.close()
    return f"{len(records)} bad records in {len(topics)} topics"


async def reset_offsets(scene: Scene) -> str:
    """A service reads everything once more, from the first record on."""
    victim = scene.chance.choice(CONSUMERS)
    replicas = {name for name in scene.system.services if name.split("-")[0] == victim}
    scene.held |= replicas
    for name in replicas:
        await asyncio.to_thread(
            scene.system.services[name].stop
        )  # Of a group with members nobody else may set offsets.
    try:
        await _commit_beginnings(scene.system, victim)
    finally:
        scene.held -= replicas
    return f"offsets of {victim} reset to the beginning"


Fault = Callable[[Scene], Awaitable[str]]
# With how often each comes up: a killed process is the ordinary case.
FAULTS: Mapping[Fault, int] = {
    kill: 12,
    freeze: 5,
    restart_server: 3,
    freeze_server: 3,
    full_disk: 1,
    jump: 3,
    send_bad_records: 2,
    reset_offsets: 1,
}


def some(chance: random.Random, count: int) -> list[Fault]:
    """Returns so many faults, each kind at least once where there is room for all, in any order."""
    kinds = list(FAULTS)
    faults = [*kinds[:count], *chance.choices(kinds, weights=list(FAULTS.values()), k=max(0, count - len(kinds)))]
    chance.shuffle(faults)
    return faults


async def _stand_still(process: Running, seconds: float) -> None:
    process.signal(signal.SIGSTOP)
    try:
        await asyncio.sleep(seconds)
    finally:
        process.signal(signal.SIGCONT)


async def _commit_beginnings(system: FullSystem, service: str) -> None:
    """Once the group is empty. Raises TimeoutError."""
    reader = AIOKafkaConsumer(
        bootstrap_servers=system.broker.servers, group_id=system.prefix + service, enable_auto_commit=False
    )
    await reader.start()
    try:
        names = [system.prefix + topic for topic in READERS[service]]
        await reader._client.force_metadata_update()  # noqa: SLF001 - without a subscription it asks for no topics itself.
        partitions = [TopicPartition(name, n) for name in names for n in reader.partitions_for_topic(name) or ()]
        reader.assign(partitions)
        begins = await reader.beginning_offsets(partitions)
        async with asyncio.timeout(OFFSETS_SECONDS):
            while not await _committed(reader, begins):  # noqa: ASYNC110 - a broker tells nobody when a group is empty.
                await asyncio.sleep(0.5)
    finally:
        await reader.stop()


async def _committed(reader: AIOKafkaConsumer, offsets: Mapping[TopicPartition, int]) -> bool:
    try:
        await reader.commit(dict(offsets))
    except KafkaError:
        return False
    return True


def _name(server: LiveBroker | LiveMongo) -> str:
    return "mongo" if isinstance(server, LiveMongo) else server.name
