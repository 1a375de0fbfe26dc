"""Who is notified when a dossier changes: one document per dossier and conversation, the dossier's code sealed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chassis.crypto import KeyRing, Pepper, Place
from chassis.mongo import Collection, Document, full_name, translate_errors
from services.chatbot.features.dossiers.effects import IsSubscribed, SetSubscription


@dataclass(frozen=True, slots=True)
class Subscriber:
    conversation: str
    oa_id: str
    code: str = field(repr=False)
    address: str = field(repr=False)


class Subscriptions:
    def __init__(self, collection: Collection, ring: KeyRing, pepper: Pepper) -> None:
        self._subscriptions, self._ring, self._pepper = collection, ring, pepper

    async def prepare(self) -> None:
        with translate_errors():
            await self._subscriptions.create_index("d")
            await self._subscriptions.create_index("conversation")

    async def is_subscribed(self, query: IsSubscribed) -> bool:
        with translate_errors():
            return await self._subscriptions.find_one({"_id": self._id(query.code, query.conversation)}) is not None

    async def set_subscription(self, effect: SetSubscription) -> bool:
        document_id = self._id(effect.code, effect.conversation)
        with translate_errors():
            if not effect.wanted:
                return bool((await self._subscriptions.delete_one({"_id": document_id})).deleted_count)
            result = await self._subscriptions.replace_one({"_id": document_id}, self._document(effect), upsert=True)
        return result.upserted_id is not None

    def _id(self, code: str, conversation: str) -> str:
        return f"{self._pepper.pseudonym('dossiers', code)}|{conversation}"

    def _document(self, effect: SetSubscription) -> Document:
        place = self._place(self._id(effect.code, effect.conversation), effect.oa_id)
        return {
            "d": self._pepper.pseudonym("dossiers", effect.code),
            "conversation": effect.conversation,
            "oa": effect.oa_id,
            "address": effect.address,
            "s": self._ring.seal(effect.code.encode(), place),
        }

    def _place(self, document_id: str, oa_id: str) -> Place:
        return Place.stored(full_name(self._subscriptions), document_id, oa_id)

    async def ids_of(self, keys: Sequence[str]) -> list[tuple[str, str]]:
        """Returns the id of each subscription to these dossiers, with the dossier's pseudonym. Nothing is opened."""
        with translate_errors():
            documents = await self._subscriptions.find({"d": {"$in": list(keys)}}, {"d": 1}).to_list(None)
        return [(document["_id"], document["d"]) for document in documents]

    async def find(self, ids: Sequence[str]) -> dict[str, Subscriber]:
        """Returns those that are still there. Raises DecryptionError when the key of one is gone."""
        with translate_errors():
            documents = await self._subscriptions.find({"_id": {"$in": list(ids)}}).to_list(None)
        return {document["_id"]: self._subscriber(document) for document in documents}

    def _subscriber(self, document: Document) -> Subscriber:
        conversation = document["conversation"]
        code = self._ring.open(document["s"], self._place(document["_id"], document["oa"])).decode()
        return Subscriber(conversation, document["oa"], code, document["address"])

    async def forget(self, conversation: str) -> None:
        with translate_errors():
            await self._subscriptions.delete_many({"conversation": conversation})
