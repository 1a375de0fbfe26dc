"""Survey answers: stars in the clear, comments sealed, no identity beside either."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import UpdateOne

from chassis.crypto import KeyRing, Place
from chassis.mongo import Collection, Document, bulk_write, full_name, translate_errors
from services.chatbot.features.survey.effects import FileSurvey


class Surveys:
    def __init__(self, collection: Collection, ring: KeyRing) -> None:
        self._collection, self._ring = collection, ring

    async def prepare(self) -> None:
        with translate_errors():
            await self._collection.create_index([("oa", 1), ("at", 1)])

    async def answer(self, effects: Sequence[FileSurvey]) -> Mapping[FileSurvey, bool]:
        await bulk_write(self._collection, [self._write(effect) for effect in effects])
        return dict.fromkeys(effects, True)

    def _write(self, effect: FileSurvey) -> UpdateOne:
        fields: Document = {"oa": effect.oa_id, "errand": effect.flow, "stars": effect.stars, "at": effect.at}
        if effect.words:
            place = Place.stored(full_name(self._collection), effect.id.hex, effect.oa_id, effect.flow)
            fields["words"] = self._ring.seal(effect.words.encode(), place)
        return UpdateOne({"_id": effect.id.hex}, {"$set": fields}, upsert=True)

    async def results(self, oa_id: str, since: datetime, until: datetime) -> list[dict[str, Any]]:
        """By errand: how many answered, the mean, and how often each number of stars was given."""
        stars = {str(number): {"$sum": {"$cond": [{"$eq": ["$stars", number]}, 1, 0]}} for number in range(1, 6)}
        pipeline: list[Document] = [
            {"$match": {"oa": oa_id, "at": {"$gte": since, "$lt": until}}},
            {"$group": {"_id": "$errand", "count": {"$sum": 1}, "mean": {"$avg": "$stars"}, **stars}},
            {"$sort": {"_id": 1}},
        ]
        with translate_errors():
            documents = await self._collection.aggregate(pipeline).to_list(None)
        return [_row(document) for document in documents]


def _row(document: Document) -> dict[str, Any]:
    stars = {number: document[number] for number in ("1", "2", "3", "4", "5")}
    return {"errand": document["_id"], "count": document["count"], "mean": round(document["mean"], 2), "stars": stars}
