"""Which acting tokens were used: each is good once, on whichever replica it arrives."""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Protocol

from pymongo.errors import DuplicateKeyError

from chassis.mongo import Database, translate_errors

_IN_MEMORY = 10_000
_KEEP = timedelta(minutes=5)  # Beyond a token's end: MongoDB's clock may run ahead of ours.


class UsedTokens(Protocol):
    async def use(self, token_id: str, until: datetime) -> bool:
        """Returns False for a token that was used before. Raises TransientError when that is not known."""


class MongoUsedTokens:
    """A unique document per token, removed by MongoDB once the token has expired."""

    def __init__(self, db: Database) -> None:
        self._collection = db["used_acting_tokens"]
        self._recent: OrderedDict[str, None] = OrderedDict()  # Who replays in a hurry does not reach the database.

    async def prepare(self) -> None:
        with translate_errors():
            await self._collection.create_index("until", expireAfterSeconds=0)

    async def use(self, token_id: str, until: datetime) -> bool:
        if token_id in self._recent:
            return False
        fresh = await self._insert(token_id, until)
        self._note(token_id)
        return fresh

    async def _insert(self, token_id: str, until: datetime) -> bool:
        try:
            with translate_errors():
                await self._collection.insert_one({"_id": token_id, "until": until + _KEEP})
        except DuplicateKeyError:
            return False
        return True

    def _note(self, token_id: str) -> None:
        self._recent[token_id] = None
        while len(self._recent) > _IN_MEMORY:
            self._recent.popitem(last=False)
