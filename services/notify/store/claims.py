"""Taking what is due: each entry by one process only, and of each line only an unbroken head.

A claim is a change that matches only while `due` has passed, and moves `due` into the future: of two processes, one wins.
"""

from collections.abc import Collection as Group
from collections.abc import Container, Iterable, Mapping, Sequence
from uuid import uuid4

from chassis.mongo import Collection, Document, blame
from services.notify.entry import Entry, Status, from_document
from services.notify.owner import dead

_SKEW_MS = 2_000  # Another machine's clock may be this far from ours.
_LINE_AT_MOST = 50  # Entries of one line claimed in one sweep.
_LOOKED_AT = 5_000  # Entries read in one sweep: a line that is cut off here is cut off behind its head.


class Claims:
    def __init__(self, deliveries: Collection, owner: str) -> None:
        self._deliveries, self._owner = deliveries, owner

    async def free_the_dead(self) -> int:
        """Claims of processes that died on this machine lapse now. Raises Transient."""
        with blame():
            owners = await self._deliveries.distinct("own", {"open": True, "s": Status.SENDING.value})
            gone = dead(owner for owner in owners if owner and owner != self._owner)
            if not gone:
                return 0
            done = await self._deliveries.update_many({"open": True, "own": {"$in": gone}}, {"$set": {"due": 0}})
        return int(done.modified_count)

    async def take(
        self, now_ms: int, until_ms: int, limit: int, ours: Group[str], held: Sequence[str] = ()
    ) -> list[Entry]:
        """Up to about `limit` due entries, claimed, in order. `ours` are in our hands already; OAs `held` have to wait."""
        lines = await self._due_lines(now_ms, limit, held)
        if not lines:
            return []
        planned = plan(await self._open(lines), now_ms, ours)
        wanted = [entry.id for line in planned.values() for entry in line]
        if not wanted:
            return []
        doubtful = await self._claim(wanted, now_ms, until_ms)
        kept, broken = heads(planned, doubtful)
        if broken:
            await self._give_back(broken, now_ms)
        for entry in kept:
            entry.owner, entry.due_ms, entry.status = self._owner, until_ms, Status.SENDING
            entry.doubt = doubtful[entry.id]
        return kept

    async def _due_lines(self, now_ms: int, limit: int, held: Sequence[str]) -> list[str]:
        query: Document = {"open": True, "lane": {"$in": [0, 1, 2]}, "due": {"$lte": now_ms}}
        if held:
            query["oa"] = {"$nin": list(held)}
        with blame():
            found = await self._deliveries.find(query, {"line": 1}).sort([("lane", 1), ("due", 1)]).to_list(limit)
        return list(dict.fromkeys(document["line"] for document in found))

    async def _open(self, lines: Iterable[str]) -> list[Entry]:
        with blame():
            cursor = self._deliveries.find({"open": True, "line": {"$in": list(lines)}})
            found: list[Document] = await cursor.sort([("line", 1), ("ord", 1)]).to_list(_LOOKED_AT)
        return [from_document(document) for document in found]

    async def _claim(self, ids: Sequence[str], now_ms: int, until_ms: int) -> dict[str, bool]:
        """`{id: whether it is in doubt}` of those that were won."""
        token = uuid4().hex
        claimed = {
            "own": self._owner,
            "claim": token,
            "due": until_ms,
            "s": Status.SENDING.value,
            "doubt": {"$or": [{"$ifNull": ["$doubt", False]}, {"$eq": ["$s", Status.SENDING.value]}]},
        }
        with blame():
            await self._deliveries.update_many(
                {"_id": {"$in": list(ids)}, "open": True, "due": {"$lte": now_ms}}, [{"$set": claimed}]
            )
            found = await self._deliveries.find({"_id": {"$in": list(ids)}, "claim": token}, {"doubt": 1}).to_list(None)
        return {document["_id"]: document["doubt"] for document in found}

    async def _give_back(self, ids: Sequence[str], now_ms: int) -> None:
        with blame():
            await self._deliveries.update_many(
                {"_id": {"$in": list(ids)}, "open": True, "own": self._owner},
                {"$set": {"own": "", "s": Status.ACCEPTED.value, "due": now_ms}},
            )


def plan(entries: Sequence[Entry], now_ms: int, ours: Group[str]) -> dict[str, list[Entry]]:
    """Of each line the entries to claim: from its first open one on, until one is not to be had. Pure."""
    planned: dict[str, list[Entry]] = {}
    closed: set[str] = set()
    for entry in entries:
        line = planned.setdefault(entry.line, [])
        if entry.line in closed or entry.id in ours:
            continue
        slack = _SKEW_MS if entry.status is Status.SENDING and entry.due_ms else 0
        if entry.due_ms + slack > now_ms or len(line) >= _LINE_AT_MOST:
            closed.add(entry.line)
            continue
        line.append(entry)
    return planned


def heads(planned: Mapping[str, Sequence[Entry]], won: Container[str]) -> tuple[list[Entry], list[str]]:
    """What may be sent, and what was won behind a gap: somebody else holds what comes before it. Pure."""
    kept: list[Entry] = []
    broken: list[str] = []
    for line in planned.values():
        unbroken = True
        for entry in line:
            unbroken = unbroken and entry.id in won
            if unbroken:
                kept.append(entry)
            elif entry.id in won:
                broken.append(entry.id)
    return kept, broken
