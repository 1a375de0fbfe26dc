"""What was uploaded to Zalo for which OA: it lives seven days there, six and a half here."""

from datetime import UTC, datetime, timedelta

from pymongo import IndexModel

from chassis.crypto import Place
from chassis.mongo import Collection, full_name, translate_errors

_KEEP_FOR = timedelta(days=6, hours=12)


class Uploads:
    def __init__(self, uploads: Collection) -> None:
        self._uploads = uploads

    async def prepare(self) -> None:
        with translate_errors():
            await self._uploads.create_indexes([IndexModel([("exp", 1)], name="expiry", expireAfterSeconds=0)])

    def place(self, oa_id: str, kind: str, digest: str) -> Place:
        return Place.stored(full_name(self._uploads), _key(oa_id, kind, digest))

    async def find(self, oa_id: str, kind: str, digest: str) -> str | None:
        """The sealed reference, if it still lives."""
        query = {"_id": _key(oa_id, kind, digest), "exp": {"$gt": datetime.now(UTC)}}
        with translate_errors():
            document = await self._uploads.find_one(query)
        return None if document is None else str(document["ref"])

    async def save(self, oa_id: str, kind: str, digest: str, reference: str) -> None:
        change = {"ref": reference, "exp": datetime.now(UTC) + _KEEP_FOR}
        with translate_errors():
            await self._uploads.update_one({"_id": _key(oa_id, kind, digest)}, {"$set": change}, upsert=True)

    async def delete(self, oa_id: str, kind: str, digest: str) -> None:
        with translate_errors():
            await self._uploads.delete_one({"_id": _key(oa_id, kind, digest)})


def _key(oa_id: str, kind: str, digest: str) -> str:
    return f"{oa_id}:{kind}:{digest}"
