"""The tip intake over a real MongoDB and a log in memory, and the officer who can open its cases."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from bson import encode
from nacl.public import PrivateKey

from chassis.consumer_loop import ConsumerLoop
from chassis.dead_letters import DeadLetters
from chassis.job_runner import JobWorker, Round
from chassis.mongo import Database
from chassis.outcomes import RunOutcome
from chassis.publisher import Publisher
from chassis.rolling_ring import RollingRing
from chassis.sealed_stream import open_stream
from chassis.service import Resources
from chassis.transit_keys import TransitKeys
from contracts.catalogue import READERS
from contracts.event import Event
from contracts.message import InboundMessage
from contracts.tips import EVENTS, MESSAGES, TipReplyChosen, UnitChanged
from services.tips.app import Secrets, Stores, WakeUps, build_handler, build_jobs
from services.tips.case_key import Recipients
from services.tips.handle import CONSUMES, TipsHandler
from services.tips.known_good import known_good
from services.tips.media.fetch import MediaFetcher
from services.tips.settings import TipsSettings
from services.tips.state import TipMessage
from services.tips.texts import Limits
from tests.attempts import MemoryAttempts
from tests.doubles import (
    ADDRESSES,
    BODIES,
    PEPPER,
    TIPS_SIGNER,
    FakeSleep,
    MemoryConsumer,
    MemoryLog,
    MemoryProducer,
    as_tips_receives,
    opened_outbound,
)
from tests.parked import MemoryParked
from tests.services.tips.manual_clock import ManualClock
from tests.services.tips.officer import officer_keys
from tests.transit import memory_transit_keys

DESK = PrivateKey(b"d" * 32)
LIMITS = Limits(TipsSettings().media_bytes, TipsSettings().media_files)
SECRETS = Secrets(BODIES, ADDRESSES, PEPPER, Recipients({"desk": DESK.public_key}))


@dataclass(slots=True)
class TipsApp:
    db: Database
    log: MemoryLog = field(default_factory=MemoryLog)
    clock: ManualClock = field(default_factory=ManualClock)
    settings: TipsSettings = field(default_factory=TipsSettings)
    secrets: Secrets = SECRETS
    ring: RollingRing | None = None
    producer: MemoryProducer = field(init=False)
    stores: Stores = field(init=False)
    transit: TransitKeys = field(init=False)
    handler: TipsHandler = field(init=False)
    consumer: MemoryConsumer = field(init=False)
    parked: MemoryParked = field(default_factory=MemoryParked)

    def __post_init__(self) -> None:
        self.producer = self.log.producer()
        self.transit = memory_transit_keys("tips", self.db, TIPS_SIGNER, self.clock, ring=self.ring)
        self.transit.ring.roll(self.clock().date())
        self.stores = Stores(self.settings, self.secrets, self.db, self.transit.ring, self.clock)
        self.handler = build_handler(self.secrets, self.stores, self.transit, LIMITS, lambda: None)
        self.consumer = self.log.consumer("tips", READERS["tips"])

    def loop(self) -> ConsumerLoop:
        publisher = Publisher("tips", "", self.producer)
        return ConsumerLoop(
            self.consumer,
            publisher,
            self.handler.handle,
            CONSUMES,
            lambda: known_good(self.handler.transit),
            MemoryAttempts(),
            DeadLetters(publisher),
            self.handler.apologise,
            retry_policy=FakeSleep().retry_policy(()),
        )

    async def run_job(self, name: str, media_fetcher: MediaFetcher | None = None) -> Round:
        """One round of a job, tried once."""
        publisher = Publisher("tips", "", self.producer)
        resources = Resources(
            self.settings, self.db, cast("Any", self.producer), publisher, auth=cast("Any", None), clock=self.clock
        )
        jobs = build_jobs(resources, self.stores, self.handler, cast("Any", media_fetcher), WakeUps())
        (job,) = [job for job in jobs if job.name == name]
        return await JobWorker(job, self.parked, FakeSleep().retry_policy(()), now=self.clock).run_once()

    async def sweep(self) -> None:
        for name in ("close_idle_cases", "housekeeping"):
            assert (await self.run_job(name)).outcome is RunOutcome.DONE

    async def publish_case_events(self) -> Round:
        return await self.run_job("publish_case_events")

    async def fetch_file(self, media_fetcher: MediaFetcher) -> bool:
        """Whether there was a file to fetch."""
        return bool((await self.run_job("fetch_media", media_fetcher)).items)

    async def handle(self, *events: Event) -> None:
        """These are said to the service, and it settles them. The gateway is not certain: it sends every message to tips."""
        self.publish(*events)
        await self.drain()

    def publish(self, *events: Event) -> None:
        self.log.publish(*map(as_tips_receives, events))

    async def drain(self) -> None:
        loop = self.loop()
        while any(self.log.committed("tips", topic) < len(self.log.records(topic)) for topic in READERS["tips"]):
            await loop.process_batch()
        await self.publish_case_events()

    async def restart(self) -> "TipsApp":
        """Another process over the same log and database; what was not committed is heard again."""
        await self.consumer.close()
        return TipsApp(self.db, self.log, self.clock, self.settings, self.secrets, self.transit.ring)

    def replies(self) -> list[TipReplyChosen]:
        return [event for event in self.log.events(EVENTS) if isinstance(event, TipReplyChosen)]

    def reply_texts(self) -> list[str]:
        """What the reporters read, first line of each."""
        return [opened_outbound(reply).parts[0].text for reply in self.replies()]

    def changes(self) -> list[UnitChanged]:
        """What was published of cases."""
        return [event for event in self.log.events(EVENTS) if isinstance(event, UnitChanged)]

    async def endings(self) -> list[tuple[str, int]]:
        """How the cases that are closed ended, and of how many pieces they are."""
        return [(case["ending"], case["pieces"]) for case in await self.cases() if case["state"] != "open"]

    async def cases(self) -> list[dict[str, Any]]:
        return await self.db["cases"].find().sort("day").to_list(None)

    async def case(self) -> dict[str, Any]:
        (document,) = await self.cases()
        return document

    async def officer_reads(self, case: dict[str, Any], desk: PrivateKey = DESK) -> list[InboundMessage]:
        """What an officer finds in a case, in the order it was sent. Needs the desk's private key."""
        pieces = await self.db["pieces"].find({"case": case["_id"]}).to_list(None)
        keys = officer_keys(case, desk)
        messages = [
            TipMessage.model_validate_json(keys[piece["key"]].open(bytes(piece["body"]), f"piece {piece['_id']}"))
            for piece in pieces
        ]
        return [message.spoken for message in sorted(messages, key=lambda message: message.at)]

    async def officer_opens_file(self, case: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """The only file of a case: what is known of it, and its bytes."""
        (media,) = await self.db["media"].find({"case": case["_id"]}).to_list(None)
        key = officer_keys(case, DESK)[media["key"]]
        media_id = media["_id"]
        manifest = json.loads(key.open(bytes(media["manifest"]), f"manifest {media_id}"))
        stored = await self.db["chunks"].find({"media": media_id}).sort("_id").to_list(None)
        place, chunks = f"file {media_id}", [bytes(chunk["data"]) for chunk in stored]
        opened = open_stream(key.stream_key(place), key.bound(place), bytes(media["header"]), chunks)
        return manifest, b"".join(opened)

    async def dump(self) -> bytes:
        """Every document of the database, as it lies on disk."""
        names = await self.db.list_collection_names()
        documents = [document for name in names for document in await self.db[name].find().to_list(None)]
        return b"".join(encode(document) for document in documents)

    def published(self) -> bytes:
        """Everything on the topics of tips: keys, values and headers."""
        records = [record for topic in (EVENTS, MESSAGES, "tips.dead") for record in self.log.records(topic)]
        return b"".join(b"\0".join((record.key, record.value, *record.headers.values())) for record in records)


def ids(events: Iterable[Event]) -> list[str]:
    return [str(event.id) for event in events]
