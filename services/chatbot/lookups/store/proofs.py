"""Which conversation has proven which thing, as one pseudonym of both: whoever reads it learns neither."""

from datetime import UTC, datetime, timedelta

from chassis.mongo import Collection, translate_errors

LIFETIME = timedelta(days=180)  # Since it was last proven. Vehicles are sold, dossiers end.


class Proofs:
    def __init__(self, collection: Collection) -> None:
        self._proofs = collection

    async def prepare(self) -> None:
        with translate_errors():
            await self._proofs.create_index("at", expireAfterSeconds=int(LIFETIME.total_seconds()))
            await self._proofs.create_index("conversation")

    async def add(self, proof: str, conversation: str) -> None:
        change = {"$set": {"conversation": conversation, "at": datetime.now(UTC)}}
        with translate_errors():
            await self._proofs.update_one({"_id": proof}, change, upsert=True)

    async def has(self, proof: str) -> bool:
        with translate_errors():
            return await self._proofs.find_one({"_id": proof}, {"_id": 1}) is not None

    async def forget(self, conversation: str) -> None:
        with translate_errors():
            await self._proofs.delete_many({"conversation": conversation})
