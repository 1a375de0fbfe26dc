"""What this replica keeps in step with the log: the floors of its neighbours, the transit keys, and whether tips reads."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog
from pydantic import ValidationError

from chassis.errors import TransientError
from chassis.jobs import Job, periodic
from chassis.kafka import GroupWatch, KafkaTable
from chassis.records import Record
from chassis.settings import Settings
from contracts import gateway
from contracts.catalogue import TABLES, read
from contracts.chatbot import ChatbotKeyMade
from contracts.gateway import FloorMoved
from contracts.tips import TipsKeyMade
from services.gateway.durable_publisher import DurablePublisher
from services.gateway.floors import Floors
from services.gateway.readers import Readers

log = structlog.get_logger()

START_SECONDS = (
    3.0  # A process that has not read the floors by then answers all the same: the broker may be away for long.
)
STALLED_SECONDS = 10.0
_SHARE_SECONDS = 0.5


@dataclass(slots=True)
class Tables:
    settings: Settings
    readers: Readers
    table: KafkaTable = field(init=False)
    tips: GroupWatch = field(init=False)
    floors: Floors = field(init=False)
    _started: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.table = KafkaTable(self.settings, TABLES["gateway"], self.learn)
        self.tips = GroupWatch(self.settings, "tips", gateway.TIPS)
        self.floors = Floors(self.readers.tips.now, self._is_current, self.tips_is_ready, self.is_starting)

    def learn(self, record: Record) -> None:
        """A record that is none is another's fault, and takes nothing away from those that are."""
        try:
            event = read(record.topic.removeprefix(self.settings.topic_prefix), record.value)
        except (ValidationError, KeyError):
            log.warning("table_record_unreadable", topic=record.topic)
            return
        match event:
            case FloorMoved():
                self.floors.learn(event)
            case TipsKeyMade():
                self.readers.tips.add(event)
            case ChatbotKeyMade():
                self.readers.chatbot.add(event)
            case _:
                pass

    def tips_is_ready(self) -> bool:
        return self.tips.stalled_seconds < STALLED_SECONDS

    def is_starting(self) -> bool:
        return not self.table.is_whole and time.monotonic() - self._started < START_SECONDS

    def _is_current(self) -> bool:
        return self.table.is_whole and self.table.is_current

    def jobs(self, publisher: DurablePublisher) -> list[Job[None]]:
        return [self.floors.job(), SpooledFloors(publisher, self).job()]

    def queues(self) -> list[Callable[[], Awaitable[None]]]:
        return [self.table.run, self.tips.run]

    async def ready(self) -> None:
        """Raises TransientError in the first moments."""
        if self.is_starting():
            raise TransientError("the floors have not been read yet: is the broker up at KAFKA_SERVERS?")


@dataclass(slots=True)
class SpooledFloors:
    """While the broker is away, replicas learn each other's floors from the spool that they share."""

    publisher: DurablePublisher
    tables: Tables
    _after: str = ""

    def job(self) -> Job[None]:
        return periodic("learn_spooled_floors", _SHARE_SECONDS, self.learn)

    async def learn(self) -> None:
        if self.publisher.direct:
            self._after = ""
            return
        topic = self.tables.settings.topic_prefix + gateway.FLOORS
        for spooled in await self.publisher.watch.spool.after(self._after, topic):
            self._after = spooled.document_id
            record = spooled.record
            self.tables.learn(Record(record.topic, 0, 0, record.key, record.value, record.headers))
