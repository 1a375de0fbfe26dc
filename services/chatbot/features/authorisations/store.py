"""Who may collect whose result: offered by the owner, answered by the invited person, at most one alive per dossier.

The invite itself is not stored: it is derived from the grant's id with the pepper, and found again by its pseudonym.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import orjson
from pymongo.errors import DuplicateKeyError

from chassis.codes import readable_letters
from chassis.crypto import KeyRing, Pepper, Place
from chassis.mongo import Collection, Document, full_name, translate_errors
from services.chatbot.features.authorisations.effects import (
    INVITE_LIFETIME,
    AnswerInvite,
    Grant,
    Invitation,
    LiveGrant,
    OfferGrant,
    ReadInvite,
    RevokeGrant,
)
from services.chatbot.features.dossiers.effects import HistoryEntry
from services.chatbot.features.dossiers.store.history import History
from services.chatbot.reminders.effects import ScheduleReminder
from services.chatbot.reminders.store import Reminders

_RETENTION = timedelta(days=180)  # Then it is deleted; the history keeps what happened.
_INVITE_LETTERS = 12


class Grants:
    def __init__(
        self, collection: Collection, history: History, reminders: Reminders, ring: KeyRing, pepper: Pepper
    ) -> None:
        self._grants, self._history, self._reminders = collection, history, reminders
        self._ring, self._pepper = ring, pepper

    async def prepare(self) -> None:
        with translate_errors():
            await self._grants.create_index("d", unique=True, partialFilterExpression={"live": True})
            await self._grants.create_index("i")
            await self._grants.create_index("owner")
            await self._grants.create_index("grantee")
            await self._grants.create_index("expires", expireAfterSeconds=0)

    async def find_live(self, query: LiveGrant) -> Grant | None:
        grant = await self._live_grant(self._history.key(query.code), query.now)
        return Grant(UUID(hex=grant["_id"]), self._sealed_fields(grant)["name"]) if grant else None

    async def _live_grant(self, key: str, now: datetime) -> Document | None:
        """Returns the one that is offered or accepted; an expired offer is deleted first."""
        lapsed = {"d": key, "state": "open", "until": {"$lte": now}, "live": True}
        with translate_errors():
            await self._grants.update_many(lapsed, {"$set": {"state": "lapsed"}, "$unset": {"live": ""}})
            return await self._grants.find_one({"d": key, "live": True})

    async def offer(self, effect: OfferGrant) -> str | None:
        key = self._history.key(effect.code)
        await self._live_grant(key, effect.now)
        try:
            with translate_errors():
                await self._grants.insert_one(self._document(effect, key))
        except DuplicateKeyError:
            with translate_errors():
                if await self._grants.find_one({"_id": effect.id.hex}) is None:
                    return None
        fields = (("name", effect.name), ("last4", effect.last4))
        await self._history.append(
            [(key, HistoryEntry(uuid5(effect.id, "given"), effect.now, "authorise", "citizen", fields))]
        )
        return self._invite(effect.id)

    def _document(self, effect: OfferGrant, key: str) -> Document:
        fields = {"code": effect.code, "owner": effect.owner, "name": effect.name, "where": effect.where}
        return {
            "_id": effect.id.hex,
            "d": key,
            "oa": effect.oa_id,
            "i": self._pepper.pseudonym("invite", self._invite(effect.id)),
            "owner": effect.conversation,
            "address": effect.address,
            "until": effect.now + INVITE_LIFETIME,
            "expires": datetime.now(UTC) + _RETENTION,
            "state": "open",
            "live": True,
            "s": self._ring.seal(
                orjson.dumps(fields), self._place(effect.id.hex, key, effect.oa_id, effect.conversation)
            ),
        }

    def _invite(self, grant: UUID) -> str:
        """Stable for the grant, and unguessable: 59 bits that only who holds the pepper can derive."""
        return "UQ" + readable_letters(int(self._pepper.pseudonym("invite of", grant.hex), 16), _INVITE_LETTERS)

    def _place(self, document_id: str, key: str, oa_id: str, owner: str) -> Place:
        return Place.stored(full_name(self._grants), document_id, key, oa_id, owner)

    def _sealed_fields(self, document: Document) -> dict[str, Any]:
        place = self._place(document["_id"], document["d"], document["oa"], document["owner"])
        fields: dict[str, Any] = orjson.loads(self._ring.open(document["s"], place))
        return fields

    async def read(self, queries: Sequence[ReadInvite]) -> Mapping[ReadInvite, Invitation | None]:
        return {query: await self._read(query) for query in queries}

    async def _read(self, query: ReadInvite) -> Invitation | None:
        criteria = {"i": self._pepper.pseudonym("invite", query.invite), "oa": query.oa_id, "state": "open"}
        with translate_errors():
            grant = await self._grants.find_one({**criteria, "until": {"$gt": query.now}})
        if grant is None:
            return None
        fields = self._sealed_fields(grant)
        own = grant["owner"] == query.conversation
        return Invitation(UUID(hex=grant["_id"]), fields["code"], fields["owner"], fields["name"], fields["where"], own)

    async def answer(self, effect: AnswerInvite) -> bool:
        """The answer, the history, the owner's reminder, in this order: each is harmless to repeat."""
        state = "accepted" if effect.accepted else "refused"
        criteria = {"_id": effect.grant.hex, "oa": effect.oa_id, "state": "open", "until": {"$gt": effect.now}}
        change: Document = {"$set": {"state": state, "by": effect.id.hex, "grantee": effect.conversation}}
        if effect.accepted:
            change["$set"]["grantee_address"] = effect.address
        else:
            change["$unset"] = {"live": ""}
        with translate_errors():
            changed: Document | None = await self._grants.find_one_and_update(criteria, change, return_document=True)
            grant = changed or await self._grants.find_one({"_id": effect.grant.hex, "by": effect.id.hex})
        if grant is None:
            return False
        await self._record(grant, state, effect.now, "citizen")
        reminder_id = uuid5(effect.grant, "answered")
        await self._reminders.answer(
            [ScheduleReminder(reminder_id, grant["owner"], grant["oa"], grant["address"], effect.now, effect.notice)]
        )
        return True

    async def revoke(self, effect: RevokeGrant) -> bool:
        criteria = {"_id": effect.grant.hex, "d": self._history.key(effect.code), "live": True}
        change: Document = {"$set": {"state": "revoked", "by": effect.id.hex}, "$unset": {"live": ""}}
        with translate_errors():
            changed: Document | None = await self._grants.find_one_and_update(criteria, change)
            grant = changed or await self._grants.find_one({"_id": effect.grant.hex, "by": effect.id.hex})
        if grant is None:
            return False
        await self._record(grant, "revoked", effect.now, "citizen")
        if address := grant.get("grantee_address"):
            reminder_id = uuid5(effect.grant, "revoked")
            await self._reminders.answer(
                [ScheduleReminder(reminder_id, grant["grantee"], grant["oa"], address, effect.now, effect.notice)]
            )
        return True

    async def _record(self, grant: Document, kind: str, at: datetime, by: str) -> None:
        fields = (("name", self._sealed_fields(grant)["name"]),)
        await self._history.append(
            [(grant["d"], HistoryEntry(uuid5(UUID(hex=grant["_id"]), kind), at, kind, by, fields))]
        )

    async def forget(self, conversation: str) -> None:
        """Whoever of the two leaves, it ends; officers see in the history that it does not hold any more."""
        query = {"$or": [{"owner": conversation}, {"grantee": conversation}]}
        with translate_errors():
            theirs = await self._grants.find(query).to_list(None)
        for grant in theirs:
            if grant.get("live"):
                await self._record(grant, "revoked", datetime.now(UTC), "system")
        with translate_errors():
            await self._grants.delete_many(query)
