"""Who is told when a dossier changes: one document per dossier and conversation, the dossier's code sealed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chassis.mongo import Collection, Document, blame
from chassis.sealing import Pepper, Ring
from services.chatbot.dossiers import Watch, Watches

_PURPOSE = "dossier watcher"


@dataclass(frozen=True, slots=True)
class Watcher:
    key: str  # The dossier's pseudonym.
    conversation: str
    oa_id: str
    code: str = field(repr=False)
    address: str = field(repr=False)


class Watchers:
    def __init__(self, collection: Collection, ring: Ring, pepper: Pepper) -> None:
        self._watchers, self._ring, self._pepper = collection, ring, pepper

    async def prepare(self) -> None:
        with blame():
            await self._watchers.create_index("d")
            await self._watchers.create_index("conversation")

    async def watches(self, one: Watches) -> bool:
        with blame():
            return await self._watchers.find_one({"_id": self._id(one.code, one.conversation)}) is not None

    async def watch(self, one: Watch) -> bool:
        name = self._id(one.code, one.conversation)
        with blame():
            if not one.wanted:
                return bool((await self._watchers.delete_one({"_id": name})).deleted_count)
            found = await self._watchers.replace_one({"_id": name}, self._document(one), upsert=True)
        return found.upserted_id is not None

    def _id(self, code: str, conversation: str) -> str:
        return f"{self._pepper.pseudonym('dossiers', code)}|{conversation}"

    def _document(self, one: Watch) -> Document:
        return {
            "d": self._pepper.pseudonym("dossiers", one.code),
            "conversation": one.conversation,
            "oa": one.oa_id,
            "address": one.address,
            "s": self._ring.seal(one.code.encode(), one.conversation, _PURPOSE),
        }

    async def of(self, keys: Sequence[str]) -> list[Watcher]:
        with blame():
            found = await self._watchers.find({"d": {"$in": list(keys)}}).to_list(None)
        return [self._watcher(document) for document in found]

    def _watcher(self, document: Document) -> Watcher:
        conversation = document["conversation"]
        code = self._ring.open(document["s"], conversation, _PURPOSE).decode()
        return Watcher(document["d"], conversation, document["oa"], code, document["address"])

    async def forget(self, conversation: str) -> None:
        with blame():
            await self._watchers.delete_many({"conversation": conversation})
