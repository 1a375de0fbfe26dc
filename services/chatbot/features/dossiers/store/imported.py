"""Dossiers that were imported: found by pseudonyms of code, code with birthday, and applicant; everything else is sealed.

A row is `{k: code, p: code with birthday, a: applicant, i: applicant with the end of their identity number, t: stage, s: the
rest, sealed}`. A status that another system has pushed
since the import stands in `dossier_status` and overrides the row's.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import orjson

from chassis.crypto import KeyRing, Pepper
from chassis.mongo import Database, Document, translate_errors
from services.chatbot.features.dossiers.effects import (
    Dossier,
    FindDossier,
    MyDossiers,
    ProveDossier,
    ProveIdentity,
    Proven,
)
from services.chatbot.lookups.result import LookupResult
from services.chatbot.lookups.store.datasets import Current, Datasets

KIND = "dossiers"
MAX_DOSSIERS = 100  # Dossiers of one person that are shown.
PAGE = 1_000


class Dossiers:
    """The embedded source."""

    def __init__(self, db: Database, datasets: Datasets, ring: KeyRing, pepper: Pepper) -> None:
        self._rows, self._status = db[KIND], db.dossier_status
        self._datasets, self._ring, self._pepper = datasets, ring, pepper

    async def prepare(self) -> None:
        with translate_errors():
            await self._rows.create_index([("v", 1), ("a", 1)])

    async def prove(self, queries: Sequence[ProveDossier]) -> Mapping[ProveDossier, Proven | None]:
        current = await self._datasets.current(KIND)
        if current is None:
            return dict.fromkeys(queries)
        keys = {query: self._pepper.pseudonym(KIND, query.code) for query in queries}
        rows = {row["k"]: row for row in await self._datasets.rows(KIND, current.version, list(set(keys.values())))}
        return {query: self._proven(query, rows.get(keys[query])) for query in queries}

    def _proven(self, query: ProveDossier, row: Document | None) -> Proven | None:
        more = (query.more,) if query.more else ()
        proof = self._pepper.pseudonym(KIND, query.code, query.birthday, *more)
        return Proven(row["a"]) if row is not None and row["p"] == proof else None

    async def identify(self, queries: Sequence[ProveIdentity]) -> Mapping[ProveIdentity, Proven | None]:
        current = await self._datasets.current(KIND)
        if current is None:
            return dict.fromkeys(queries)
        ends = {query: self._pepper.pseudonym("identity", query.applicant, query.digits) for query in queries}
        wanted = {"v": current.version, "a": {"$in": [query.applicant for query in queries]}}
        with translate_errors():
            rows = await self._rows.find(wanted, {"a": 1, "i": 1}).to_list(None)
        known = {(row["a"], row["i"]) for row in rows if row.get("i")}
        return {
            query: Proven(query.applicant) if (query.applicant, end) in known else None for query, end in ends.items()
        }

    async def find(self, queries: Sequence[FindDossier]) -> Mapping[FindDossier, LookupResult[Dossier] | None]:
        """Two queries for the whole batch."""
        current = await self._datasets.current(KIND)
        if current is None:
            return dict.fromkeys(queries)
        keys = {query: self._pepper.pseudonym(KIND, query.code) for query in queries}
        rows = {row["k"]: row for row in await self._datasets.rows(KIND, current.version, list(set(keys.values())))}
        own_rows = {
            query: rows[key] for query, key in keys.items() if key in rows and rows[key]["a"] == query.applicant
        }
        pushed = await self._pushed_stages([row["k"] for row in own_rows.values()], current)
        return {
            query: self._result(own_rows[query], pushed, current) if query in own_rows else None for query in queries
        }

    async def mine(
        self, queries: Sequence[MyDossiers]
    ) -> Mapping[MyDossiers, LookupResult[tuple[Dossier, ...]] | None]:
        current = await self._datasets.current(KIND)
        if current is None:
            return dict.fromkeys(queries)
        return {query: await self._dossiers_of(query.applicant, current) for query in queries}

    async def _dossiers_of(self, applicant: str, current: Current) -> LookupResult[tuple[Dossier, ...]] | None:
        with translate_errors():
            rows = await self._rows.find({"v": current.version, "a": applicant}).limit(MAX_DOSSIERS).to_list(None)
        pushed = await self._pushed_stages([row["k"] for row in rows], current)
        results = [self._result(row, pushed, current) for row in rows]
        latest = sorted(
            (result.value for result in results), key=lambda result: result.submitted or date.min, reverse=True
        )
        as_of = max((result.as_of for result in results), default=current.as_of)
        return LookupResult(tuple(latest), current.source, as_of) if results else None

    def _result(
        self, row: Document, pushed: Mapping[str, tuple[str, datetime]], current: Current
    ) -> LookupResult[Dossier]:
        dossier = _dossier(row["t"], orjson.loads(self._ring.open(row["s"], self._datasets.place(KIND, row["_id"]))))
        status = pushed.get(row["k"])
        if status is None:
            return LookupResult(dossier, current.source, current.as_of)
        stage, at = status
        return LookupResult(replace(dossier, stage=stage), current.source, at)

    async def _pushed_stages(self, keys: Sequence[str], current: Current) -> dict[str, tuple[str, datetime]]:
        """Statuses that were pushed after the import."""
        pushed = {"_id": {"$in": keys}, "at": {"$gt": current.as_of}, "imported": {"$ne": True}}
        with translate_errors():
            documents = await self._status.find(pushed).to_list(None)
        return {document["_id"]: (document["t"], document["at"].astimezone(UTC)) for document in documents}

    async def pages(self, version: str) -> AsyncIterator[dict[str, str]]:
        """Every dossier of a version as `{pseudonym: stage}`, a thousand at a time."""
        last, end = f"{version}|", f"{version}~"  # Every row's `_id` begins with its version.
        while True:
            wanted: Document = {"_id": {"$gt": last, "$lt": end}}
            with translate_errors():
                rows = await self._rows.find(wanted, {"k": 1, "t": 1}).sort("_id", 1).limit(PAGE).to_list(None)
            if not rows:
                return
            last = rows[-1]["_id"]
            yield {row["k"]: row["t"] for row in rows}


def _dossier(stage: str, fields: Sequence[str]) -> Dossier:
    code, procedure, submitted, due, where, owner, missing = fields
    return Dossier(code, procedure, stage, _day(submitted), _day(due), where, owner, missing)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
