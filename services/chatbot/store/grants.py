"""Who may collect whose result: offered by the owner, answered by the invited person, at most one alive per dossier.

The invite itself is not kept: it is derived from the grant's id with the pepper, and found again by its pseudonym.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import orjson
from pymongo.errors import DuplicateKeyError

from chassis.mongo import Collection, Document, blame
from chassis.sealing import Pepper, Ring
from services.chatbot.bells import SetBell
from services.chatbot.dossiers import Entry, spelt
from services.chatbot.grants import (
    INVITE,
    AnswerInvite,
    GiveGrant,
    Grant,
    Invitation,
    LiveGrant,
    ReadInvite,
    RevokeGrant,
)
from services.chatbot.store.bells import Bells
from services.chatbot.store.history import History

_PURPOSE = "dossier grant"
_KEPT = timedelta(days=180)  # Then it is let go of; the history keeps what happened.
_LETTERS = 12


class Grants:
    def __init__(self, collection: Collection, history: History, bells: Bells, ring: Ring, pepper: Pepper) -> None:
        self._grants, self._history, self._bells = collection, history, bells
        self._ring, self._pepper = ring, pepper

    async def prepare(self) -> None:
        with blame():
            await self._grants.create_index("d", unique=True, partialFilterExpression={"live": True})
            await self._grants.create_index("i")
            await self._grants.create_index("owner")
            await self._grants.create_index("grantee")
            await self._grants.create_index("expires", expireAfterSeconds=0)

    async def live(self, one: LiveGrant) -> Grant | None:
        found = await self._alive(self._history.key(one.code), one.now)
        return Grant(UUID(hex=found["_id"]), self._told(found)["name"]) if found else None

    async def _alive(self, key: str, now: datetime) -> Document | None:
        """The one that is offered or accepted; an offer nobody answered in time is let go of first."""
        lapsed = {"d": key, "state": "open", "until": {"$lte": now}, "live": True}
        with blame():
            await self._grants.update_many(lapsed, {"$set": {"state": "lapsed"}, "$unset": {"live": ""}})
            return await self._grants.find_one({"d": key, "live": True})

    async def give(self, one: GiveGrant) -> str | None:
        key = self._history.key(one.code)
        await self._alive(key, one.now)
        try:
            with blame():
                await self._grants.insert_one(self._document(one, key))
        except DuplicateKeyError:
            with blame():
                if await self._grants.find_one({"_id": one.id.hex}) is None:
                    return None
        told = (("name", one.name), ("last4", one.last4))
        await self._history.append([(key, Entry(uuid5(one.id, "given"), one.now, "authorise", "citizen", told))])
        return self._invite(one.id)

    def _document(self, one: GiveGrant, key: str) -> Document:
        told = {"code": one.code, "owner": one.owner, "name": one.name, "where": one.where}
        return {
            "_id": one.id.hex,
            "d": key,
            "oa": one.oa_id,
            "i": self._pepper.pseudonym("invite", self._invite(one.id)),
            "owner": one.conversation,
            "address": one.address,
            "until": one.now + INVITE,
            "expires": datetime.now(UTC) + _KEPT,
            "state": "open",
            "live": True,
            "s": self._ring.seal(orjson.dumps(told), key, _PURPOSE),
        }

    def _invite(self, grant: UUID) -> str:
        """Stable for the grant, and unguessable: 59 bits that only who holds the pepper can derive."""
        return "UQ" + spelt(int(self._pepper.pseudonym("invite of", grant.hex), 16), _LETTERS)

    def _told(self, document: Document) -> dict[str, Any]:
        told: dict[str, Any] = orjson.loads(self._ring.open(document["s"], document["d"], _PURPOSE))
        return told

    async def read(self, questions: Sequence[ReadInvite]) -> Mapping[ReadInvite, Invitation | None]:
        return {one: await self._read(one) for one in questions}

    async def _read(self, one: ReadInvite) -> Invitation | None:
        wanted = {"i": self._pepper.pseudonym("invite", one.invite), "oa": one.oa_id, "state": "open"}
        with blame():
            found = await self._grants.find_one({**wanted, "until": {"$gt": one.now}})
        if found is None:
            return None
        told = self._told(found)
        own = found["owner"] == one.conversation
        return Invitation(UUID(hex=found["_id"]), told["code"], told["owner"], told["name"], told["where"], own)

    async def answer(self, one: AnswerInvite) -> bool:
        """The answer, the history, the owner's bell, in this order: each is harmless to repeat."""
        state = "accepted" if one.accepted else "refused"
        wanted = {"_id": one.grant.hex, "oa": one.oa_id, "state": "open", "until": {"$gt": one.now}}
        change: Document = {"$set": {"state": state, "by": one.id.hex, "grantee": one.conversation}}
        if one.accepted:
            change["$set"]["grantee_address"] = one.address
        else:
            change["$unset"] = {"live": ""}
        with blame():
            taken: Document | None = await self._grants.find_one_and_update(wanted, change, return_document=True)
            found = taken or await self._grants.find_one({"_id": one.grant.hex, "by": one.id.hex})
        if found is None:
            return False
        await self._record(found, state, one.now, "citizen")
        bell = uuid5(one.grant, "answered")
        await self._bells.answer([SetBell(bell, found["owner"], found["oa"], found["address"], one.now, one.told)])
        return True

    async def revoke(self, one: RevokeGrant) -> bool:
        wanted = {"_id": one.grant.hex, "d": self._history.key(one.code), "live": True}
        change: Document = {"$set": {"state": "revoked", "by": one.id.hex}, "$unset": {"live": ""}}
        with blame():
            taken: Document | None = await self._grants.find_one_and_update(wanted, change)
            found = taken or await self._grants.find_one({"_id": one.grant.hex, "by": one.id.hex})
        if found is None:
            return False
        await self._record(found, "revoked", one.now, "citizen")
        if address := found.get("grantee_address"):
            bell = uuid5(one.grant, "revoked")
            await self._bells.answer([SetBell(bell, found["grantee"], found["oa"], address, one.now, one.told)])
        return True

    async def _record(self, grant: Document, kind: str, at: datetime, by: str) -> None:
        told = (("name", self._told(grant)["name"]),)
        await self._history.append([(grant["d"], Entry(uuid5(UUID(hex=grant["_id"]), kind), at, kind, by, told))])

    async def forget(self, conversation: str) -> None:
        """Whoever of the two leaves, it ends; officers see in the history that it does not hold any more."""
        query = {"$or": [{"owner": conversation}, {"grantee": conversation}]}
        with blame():
            theirs = await self._grants.find(query).to_list(None)
        for grant in theirs:
            if grant.get("live"):
                await self._record(grant, "revoked", datetime.now(UTC), "system")
        with blame():
            await self._grants.delete_many(query)
