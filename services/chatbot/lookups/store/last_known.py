"""Answers of remote sources, sealed, for a day: shown again, labelled as old, while their source is away."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from pydantic import BaseModel
from pymongo import ReplaceOne

from chassis.crypto import KeyRing, Pepper, Place
from chassis.mongo import Collection, bulk_write, full_name, translate_errors

LIFETIME = timedelta(hours=24)
Key = tuple[str, ...]
M = TypeVar("M", bound=BaseModel)


class StaleCache:
    def __init__(self, collection: Collection, ring: KeyRing, pepper: Pepper) -> None:
        self._answers, self._ring, self._pepper = collection, ring, pepper

    async def prepare(self) -> None:
        with translate_errors():
            await self._answers.create_index("at", expireAfterSeconds=int(LIFETIME.total_seconds()))

    async def save(self, kind: str, answers: Mapping[Key, BaseModel]) -> None:
        at = datetime.now(UTC)
        writes = []
        for key, answer in answers.items():
            name = self._pepper.pseudonym("last known", kind, *key)
            sealed = self._ring.seal(answer.model_dump_json().encode(), self._place(name))
            writes.append(ReplaceOne({"_id": name}, {"s": sealed, "at": at}, upsert=True))
        await bulk_write(self._answers, writes)

    async def find(self, kind: str, keys: Sequence[Key], model: type[M]) -> dict[Key, M]:
        """Those of the last day. MongoDB removes older ones a little late, so they are left out here as well."""
        names = {self._pepper.pseudonym("last known", kind, *key): key for key in keys}
        if not names:
            return {}
        criteria = {"_id": {"$in": list(names)}, "at": {"$gt": datetime.now(UTC) - LIFETIME}}
        with translate_errors():
            documents = await self._answers.find(criteria).to_list(None)
        return {
            names[document["_id"]]: model.model_validate_json(self._open(document["_id"], document["s"]))
            for document in documents
        }

    def _open(self, name: str, sealed: str) -> bytes:
        return self._ring.open(sealed, self._place(name))

    def _place(self, name: str) -> Place:
        return Place.stored(full_name(self._answers), name)
