"""Authorisations under way: the PKCE verifier behind a state, sealed, for ten minutes and one use."""

from datetime import UTC, datetime, timedelta

from pymongo import IndexModel

from chassis.mongo import Collection, translate_errors

_MINUTES_10 = timedelta(minutes=10)


class OAuthStateStore:
    def __init__(self, oauth: Collection) -> None:
        self._oauth = oauth

    async def prepare(self) -> None:
        with translate_errors():
            await self._oauth.create_indexes([IndexModel([("exp", 1)], name="expiry", expireAfterSeconds=0)])

    async def start(self, state: str, oa_id: str, verifier: str) -> None:
        """`verifier` is sealed; `oa_id` may be empty when any OA may answer."""
        with translate_errors():
            await self._oauth.insert_one(
                {"_id": state, "oa": oa_id, "verifier": verifier, "exp": datetime.now(UTC) + _MINUTES_10}
            )

    async def finish(self, state: str) -> tuple[str, str] | None:
        """(oa_id, sealed verifier), once; None when unknown, used or too old."""
        with translate_errors():
            document = await self._oauth.find_one_and_delete({"_id": state, "exp": {"$gt": datetime.now(UTC)}})
        return None if document is None else (document["oa"], document["verifier"])
