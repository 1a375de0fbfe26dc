"""Taking what is due: each entry by one process only, and of each line only an unbroken head.

A claim is a change that matches only while `due` has passed, and moves `due` into the future: of two processes, one wins.
"""

from collections.abc import Collection as Group
from collections.abc import Container, Iterable, Mapping, Sequence
from uuid import uuid4

from chassis.mongo import Collection, Document, translate_errors
from services.notify.delivery import Delivery, Status, from_document
from services.notify.process_id import dead_processes

_SKEW_MS = 2_000  # Milliseconds. Another machine's clock may be this far from ours.
_MAX_PER_QUEUE = 50  # Entries of one line claimed in one sweep.
_MAX_READ = 5_000  # Entries read in one sweep: a line that is cut off here is cut off behind its head.


class ClaimStore:
    def __init__(self, deliveries: Collection, worker_id: str) -> None:
        self._deliveries, self._worker_id = deliveries, worker_id

    async def release_dead_claims(self) -> int:
        """Claims of processes that died on this machine lapse now. Raises TransientError."""
        with translate_errors():
            worker_ids = await self._deliveries.distinct("own", {"open": True, "s": Status.SENDING.value})
            dead_workers = dead_processes(
                worker_id for worker_id in worker_ids if worker_id and worker_id != self._worker_id
            )
            if not dead_workers:
                return 0
            updated = await self._deliveries.update_many(
                {"open": True, "own": {"$in": dead_workers}}, {"$set": {"due": 0}}
            )
        return int(updated.modified_count)

    async def claim_due(
        self, now_ms: int, until_ms: int, limit: int, ours: Group[str], paused_oas: Sequence[str] = ()
    ) -> list[Delivery]:
        """Returns about `limit` due deliveries, claimed, in order. `ours` are in memory already; OAs in `held` have to wait."""
        queue_keys = await self._due_queue_keys(now_ms, limit, paused_oas)
        if not queue_keys:
            return []
        planned = plan(await self._open(queue_keys), now_ms, ours)
        wanted = [delivery.id for queue in planned.values() for delivery in queue]
        if not wanted:
            return []
        doubtful = await self._claim(wanted, now_ms, until_ms)
        claimed, broken = heads(planned, doubtful)
        if broken:
            await self._give_back(broken, now_ms)
        for delivery in claimed:
            if delivery.status is Status.SENDING:
                delivery.uncertain_until_ms = 0  # Its process may have sent it until this moment.
            delivery.worker_id, delivery.due_ms, delivery.status = self._worker_id, until_ms, Status.SENDING
            delivery.uncertain = doubtful[delivery.id]
        return claimed

    async def _due_queue_keys(self, now_ms: int, limit: int, paused_oas: Sequence[str]) -> list[str]:
        query: Document = {"open": True, "lane": {"$in": [0, 1, 2]}, "due": {"$lte": now_ms}}
        if paused_oas:
            query["oa"] = {"$nin": list(paused_oas)}
        with translate_errors():
            documents = await self._deliveries.find(query, {"line": 1}).sort([("lane", 1), ("due", 1)]).to_list(limit)
        return list(dict.fromkeys(document["line"] for document in documents))

    async def _open(self, queue_keys: Iterable[str]) -> list[Delivery]:
        with translate_errors():
            cursor = self._deliveries.find({"open": True, "line": {"$in": list(queue_keys)}})
            documents: list[Document] = await cursor.sort([("line", 1), ("ord", 1)]).to_list(_MAX_READ)
        return [from_document(document) for document in documents]

    async def _claim(self, ids: Sequence[str], now_ms: int, until_ms: int) -> dict[str, bool]:
        """`{id: whether it is in doubt}` of those that were won."""
        token = uuid4().hex
        claimed = {
            "own": self._worker_id,
            "claim": token,
            "due": until_ms,
            "s": Status.SENDING.value,
            "doubt": {"$or": [{"$ifNull": ["$doubt", False]}, {"$eq": ["$s", Status.SENDING.value]}]},
        }
        with translate_errors():
            await self._deliveries.update_many(
                {"_id": {"$in": list(ids)}, "open": True, "due": {"$lte": now_ms}}, [{"$set": claimed}]
            )
            documents = await self._deliveries.find({"_id": {"$in": list(ids)}, "claim": token}, {"doubt": 1}).to_list(
                None
            )
        return {document["_id"]: document["doubt"] for document in documents}

    async def _give_back(self, ids: Sequence[str], now_ms: int) -> None:
        with translate_errors():
            await self._deliveries.update_many(
                {"_id": {"$in": list(ids)}, "open": True, "own": self._worker_id},
                {"$set": {"own": "", "s": Status.ACCEPTED.value, "due": now_ms}},
            )


def plan(deliveries: Sequence[Delivery], now_ms: int, ours: Group[str]) -> dict[str, list[Delivery]]:
    """Of each line the entries to claim: from its first open one on, until one is not to be had. Pure."""
    planned: dict[str, list[Delivery]] = {}
    closed: set[str] = set()
    for delivery in deliveries:
        queue = planned.setdefault(delivery.queue_key, [])
        if delivery.queue_key in closed or delivery.id in ours:
            continue
        slack = _SKEW_MS if delivery.status is Status.SENDING and delivery.due_ms else 0
        if delivery.due_ms + slack > now_ms or len(queue) >= _MAX_PER_QUEUE:
            closed.add(delivery.queue_key)
            continue
        queue.append(delivery)
    return planned


def heads(planned: Mapping[str, Sequence[Delivery]], won: Container[str]) -> tuple[list[Delivery], list[str]]:
    """What may be sent, and what was won behind a gap: somebody else holds what comes before it. Pure."""
    unbroken_heads: list[Delivery] = []
    broken: list[str] = []
    for queue in planned.values():
        unbroken = True
        for delivery in queue:
            unbroken = unbroken and delivery.id in won
            if unbroken:
                unbroken_heads.append(delivery)
            elif delivery.id in won:
                broken.append(delivery.id)
    return unbroken_heads, broken
