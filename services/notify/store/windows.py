"""When each citizen last spoke to each OA, to the hour: what Zalo's interaction window is measured from."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from pymongo import IndexModel, UpdateOne

from chassis.mongo import Collection, bulk_write, translate_errors

_FINE_MS = 3_600_000  # A write per conversation and hour is enough for windows of days.
_KEEP_FOR = timedelta(days=8)
_CACHED = 100_000


class Windows:
    def __init__(self, windows: Collection) -> None:
        self._windows = windows
        self._written: OrderedDict[str, int] = OrderedDict()

    async def prepare(self) -> None:
        with translate_errors():
            await self._windows.create_indexes([IndexModel([("exp", 1)], name="expiry", expireAfterSeconds=0)])

    async def record(self, interactions: Mapping[str, int]) -> None:
        """`{conversation: at_ms}`. Writes only what is news by an hour. Raises TransientError."""
        news = {name: at_ms for name, at_ms in interactions.items() if at_ms - self._written.get(name, 0) >= _FINE_MS}
        if not news:
            return
        writes = [
            UpdateOne(
                {"_id": name},
                {"$max": {"at": at_ms, "exp": datetime.fromtimestamp(at_ms / 1_000, UTC) + _KEEP_FOR}},
                upsert=True,
            )
            for name, at_ms in news.items()
        ]
        await bulk_write(self._windows, writes)
        for name, at_ms in news.items():
            self._written[name] = at_ms
            self._written.move_to_end(name)
        while len(self._written) > _CACHED:
            self._written.popitem(last=False)

    async def last(self, conversations: Iterable[str]) -> dict[str, int]:
        """`{conversation: at_ms}` of those known."""
        with translate_errors():
            documents = await self._windows.find({"_id": {"$in": list(conversations)}}).to_list(None)
        return {document["_id"]: document["at"] for document in documents}

    async def erase(self, conversation: str, up_to_ms: int) -> None:
        self._written.pop(conversation, None)
        with translate_errors():
            await self._windows.delete_one({"_id": conversation, "at": {"$lte": up_to_ms}})
