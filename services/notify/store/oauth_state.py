"""Authorisations under way: the PKCE verifier behind a state, sealed, for ten minutes and one use."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pymongo import IndexModel

from chassis.crypto import Place
from chassis.mongo import Collection, full_name, translate_errors
from services.notify.store.oauth_links import Invitation, Inviter

_MINUTES_10 = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Pending:
    invitation: Invitation
    verifier: str = field(repr=False)  # Sealed.


class OAuthStateStore:
    def __init__(self, oauth: Collection) -> None:
        self._oauth = oauth

    async def prepare(self) -> None:
        with translate_errors():
            await self._oauth.create_indexes([IndexModel([("exp", 1)], name="expiry", expireAfterSeconds=0)])

    def place(self, state: str, oa_id: str) -> Place:
        return Place.stored(full_name(self._oauth), state, oa_id)

    async def start(self, state: str, pending: Pending) -> None:
        invitation, until = pending.invitation, datetime.now(UTC) + _MINUTES_10
        document = {"_id": state, "oa": invitation.oa_id, "by": invitation.inviter.document(), "exp": until}
        with translate_errors():
            await self._oauth.insert_one({**document, "verifier": pending.verifier})

    async def finish(self, state: str) -> Pending | None:
        """Returns what was begun, once; None when unknown, used or too old."""
        with translate_errors():
            document = await self._oauth.find_one_and_delete({"_id": state, "exp": {"$gt": datetime.now(UTC)}})
        if document is None:
            return None
        return Pending(Invitation(document["oa"], Inviter.read(document["by"])), document["verifier"])
