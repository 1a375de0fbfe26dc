"""The tip intake over a real MongoDB and a log in memory, and the officer who can open its cases."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bson import encode
from nacl.public import PrivateKey

from chassis.loop import Loop
from chassis.mongo import Database
from chassis.sealing import Ring
from contracts import gateway
from contracts.event import Event
from contracts.message import Spoken
from contracts.tips import EVENTS, TipClosed, TipOpened, TipReplyChosen
from services.tips.bell import Bell
from services.tips.casekey import CaseKey, Recipients, unwrap
from services.tips.handle import WANTS
from services.tips.house import House, Secrets, build
from services.tips.media.fetch import Fetcher
from services.tips.media.worker import Worker
from services.tips.settings import TipsSettings
from tests.doubles import ADDRESSES, BODIES, NOON, PEPPER, MemoryEar, MemoryLog, MemoryMouth, Naps, opened_speech

DESK = PrivateKey(b"d" * 32)
INTAKE = Ring({"i1": b"i" * 32})
SECRETS = Secrets(BODIES, ADDRESSES, INTAKE, PEPPER, Recipients({"desk": DESK.public_key}))


@dataclass(slots=True)
class Watch:
    """Our clock, which stands until it is moved."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def later(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass(slots=True)
class Room:
    db: Database
    log: MemoryLog = field(default_factory=MemoryLog)
    watch: Watch = field(default_factory=Watch)
    settings: TipsSettings = field(default_factory=TipsSettings)
    secrets: Secrets = SECRETS
    mouth: MemoryMouth = field(init=False)
    house: House = field(init=False)
    ear: MemoryEar = field(init=False)

    def __post_init__(self) -> None:
        self.mouth = self.log.mouth()
        self.house = build(self.settings, self.secrets, self.db, self.mouth, bells=(Bell(), Bell()), now=self.watch)
        self.ear = self.log.ear("tips", (gateway.MESSAGES,))

    def loop(self) -> Loop:
        return Loop("tips", self.ear, self.mouth, self.house.tips.on_batch, WANTS, patience=Naps().patience(()))

    async def hear(self, *events: Event) -> None:
        """These are said to the house, and it settles them."""
        self.log.tell(*events)
        await self.settle()

    async def settle(self) -> None:
        loop = self.loop()
        while self.log.committed("tips", gateway.MESSAGES) < len(self.log.records(gateway.MESSAGES)):
            await loop.turn()
        await self.house.relay.once()

    async def die_and_return(self) -> "Room":
        """Another process over the same log and database; what was not committed is heard again."""
        await self.ear.close()
        return Room(self.db, self.log, self.watch, self.settings, self.secrets)

    def worker(self, fetcher: Fetcher) -> Worker:
        house = self.house
        return Worker(house.media, house.cases, fetcher, Bell(), self.watch, self.settings.media_files)

    def replies(self) -> list[TipReplyChosen]:
        return [fact for fact in self.log.facts(EVENTS) if isinstance(fact, TipReplyChosen)]

    def words(self) -> list[str]:
        """What the reporters read, first line of each."""
        return [opened_speech(one).parts[0].text for one in self.replies()]

    def opened(self) -> list[TipOpened]:
        return [fact for fact in self.log.facts(EVENTS) if isinstance(fact, TipOpened)]

    def closed(self) -> list[TipClosed]:
        return [fact for fact in self.log.facts(EVENTS) if isinstance(fact, TipClosed)]

    async def cases(self) -> list[dict[str, Any]]:
        return await self.db["cases"].find().sort("opened_at").to_list(None)

    async def case(self) -> dict[str, Any]:
        (one,) = await self.cases()
        return one

    async def officer_reads(self, case: dict[str, Any], desk: PrivateKey = DESK) -> list[Spoken]:
        """What an officer finds in a case, in the order it was sent. Needs the desk's private key."""
        found = await self.db["pieces"].find({"case": case["_id"]}).sort("at").to_list(None)
        keys = officer_keys(case, desk)
        return [
            Spoken.model_validate_json(keys[one["key"]].open(bytes(one["body"]), f"piece {one['_id']}"))
            for one in found
        ]

    async def officer_opens_file(self, case: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """The only file of a case: what is known of it, and its bytes."""
        (media,) = await self.db["media"].find({"case": case["_id"]}).to_list(None)
        key = officer_keys(case, DESK)[media["key"]]
        name = media["_id"]
        manifest = json.loads(key.open(bytes(media["manifest"]), f"manifest {name}"))
        whole = b""
        for nth in range(media["chunks"]):
            chunk = await self.db["chunks"].find_one({"_id": f"{name}:{nth}"})
            assert chunk is not None
            whole += key.open(bytes(chunk["data"]), f"chunk {name}:{nth}")
        return manifest, whole

    async def dump(self) -> bytes:
        """Every document of the database, as it lies on disk."""
        names = await self.db.list_collection_names()
        found = [one for name in names for one in await self.db[name].find().to_list(None)]
        return b"".join(encode(one) for one in found)

    def said(self) -> bytes:
        """Everything on the topics of tips: keys, values and headers."""
        records = [one for topic in (EVENTS, "tips.dead") for one in self.log.records(topic)]
        return b"".join(_bytes(one.key, one.value, *one.headers.values()) for one in records)


def _bytes(*parts: bytes) -> bytes:
    return b"\0".join(parts)


def officer_keys(case: dict[str, Any], desk: PrivateKey) -> dict[int, CaseKey]:
    opened: dict[int, CaseKey] = {}
    for number, boxes in case["keys"].items():
        box = next(one["box"] for one in boxes if one["for"] == "desk")
        opened[int(number)] = CaseKey(case["oa"], case["_id"], int(number), unwrap(bytes(box), desk))
    return opened


def ids(facts: Iterable[Event]) -> list[str]:
    return [str(fact.id) for fact in facts]
