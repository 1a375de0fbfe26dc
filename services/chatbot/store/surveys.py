"""What citizens think of the service: stars in the open, words sealed, nobody's name beside either."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import UpdateOne

from chassis.mongo import Collection, Document, blame
from chassis.sealing import Ring
from services.chatbot.flows.survey import FileSurvey

_PURPOSE = "survey"


class Surveys:
    def __init__(self, collection: Collection, ring: Ring) -> None:
        self._collection, self._ring = collection, ring

    async def prepare(self) -> None:
        with blame():
            await self._collection.create_index([("oa", 1), ("at", 1)])

    async def answer(self, questions: Sequence[FileSurvey]) -> Mapping[FileSurvey, bool]:
        with blame():
            await self._collection.bulk_write([self._write(one) for one in questions], ordered=True)
        return dict.fromkeys(questions, True)

    def _write(self, one: FileSurvey) -> UpdateOne:
        fields: Document = {"oa": one.oa_id, "errand": one.errand, "stars": one.stars, "at": one.at}
        if one.words:
            fields["words"] = self._ring.seal(one.words.encode(), one.oa_id, _PURPOSE)
        return UpdateOne({"_id": one.id.hex}, {"$set": fields}, upsert=True)

    async def results(self, oa_id: str, since: datetime, until: datetime) -> list[dict[str, Any]]:
        """By errand: how many answered, the mean, and how often each number of stars was given."""
        stars = {str(number): {"$sum": {"$cond": [{"$eq": ["$stars", number]}, 1, 0]}} for number in range(1, 6)}
        pipeline: list[Document] = [
            {"$match": {"oa": oa_id, "at": {"$gte": since, "$lt": until}}},
            {"$group": {"_id": "$errand", "count": {"$sum": 1}, "mean": {"$avg": "$stars"}, **stars}},
            {"$sort": {"_id": 1}},
        ]
        with blame():
            found = await self._collection.aggregate(pipeline).to_list(None)
        return [_row(document) for document in found]


def _row(document: Document) -> dict[str, Any]:
    stars = {number: document[number] for number in ("1", "2", "3", "4", "5")}
    return {"errand": document["_id"], "count": document["count"], "mean": round(document["mean"], 2), "stars": stars}
