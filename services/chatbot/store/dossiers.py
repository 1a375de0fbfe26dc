"""Dossiers that were imported: found by pseudonyms of code, code with birthday, and applicant; everything else is sealed.

A row is `{k: code, p: code with birthday, a: applicant, t: stage, s: the rest, sealed}`. A status that another system has pushed
since the import stands in `dossier_status` and overrides the row's.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import orjson

from chassis.mongo import Database, Document, blame
from chassis.sealing import Pepper, Ring
from services.chatbot.dossiers import Dossier, FindDossier, MyDossiers, ProveDossier, Proven
from services.chatbot.lookup import Found
from services.chatbot.store.datasets import Current, Datasets

KIND = "dossiers"
OWNER = "imported"  # Imported rows belong to no OA: their key is the import's own.
MOST = 100  # Dossiers of one person that are shown.
PAGE = 1_000


class Dossiers:
    """The embedded source."""

    def __init__(self, db: Database, datasets: Datasets, ring: Ring, pepper: Pepper) -> None:
        self._rows, self._status = db[KIND], db.dossier_status
        self._datasets, self._ring, self._pepper = datasets, ring, pepper

    async def prepare(self) -> None:
        with blame():
            await self._rows.create_index([("v", 1), ("a", 1)])

    async def prove(self, questions: Sequence[ProveDossier]) -> Mapping[ProveDossier, Proven | None]:
        current = await self._datasets.current(KIND)
        if current is None:
            return dict.fromkeys(questions)
        keys = {one: self._pepper.pseudonym(KIND, one.code) for one in questions}
        rows = {row["k"]: row for row in await self._datasets.rows(KIND, current.version, list(set(keys.values())))}
        return {one: self._proven(one, rows.get(keys[one])) for one in questions}

    def _proven(self, one: ProveDossier, row: Document | None) -> Proven | None:
        proof = self._pepper.pseudonym(KIND, one.code, one.birthday.isoformat())
        return Proven(row["a"]) if row is not None and row["p"] == proof else None

    async def find(self, questions: Sequence[FindDossier]) -> Mapping[FindDossier, Found[Dossier] | None]:
        """Two queries for the whole batch."""
        current = await self._datasets.current(KIND)
        if current is None:
            return dict.fromkeys(questions)
        keys = {one: self._pepper.pseudonym(KIND, one.code) for one in questions}
        rows = {row["k"]: row for row in await self._datasets.rows(KIND, current.version, list(set(keys.values())))}
        mine = {one: rows[key] for one, key in keys.items() if key in rows and rows[key]["a"] == one.applicant}
        fresh = await self._fresh([row["k"] for row in mine.values()], current)
        return {one: self._found(mine[one], fresh, current) if one in mine else None for one in questions}

    async def mine(self, questions: Sequence[MyDossiers]) -> Mapping[MyDossiers, Found[tuple[Dossier, ...]] | None]:
        current = await self._datasets.current(KIND)
        if current is None:
            return dict.fromkeys(questions)
        return {one: await self._of(one.applicant, current) for one in questions}

    async def _of(self, applicant: str, current: Current) -> Found[tuple[Dossier, ...]] | None:
        with blame():
            rows = await self._rows.find({"v": current.version, "a": applicant}).limit(MOST).to_list(None)
        fresh = await self._fresh([row["k"] for row in rows], current)
        found = [self._found(row, fresh, current) for row in rows]
        latest = sorted((one.value for one in found), key=lambda one: one.submitted or date.min, reverse=True)
        as_of = max((one.as_of for one in found), default=current.as_of)
        return Found(tuple(latest), current.source, as_of) if found else None

    def _found(self, row: Document, fresh: Mapping[str, tuple[str, datetime]], current: Current) -> Found[Dossier]:
        dossier = _dossier(row["t"], orjson.loads(self._ring.open(row["s"], OWNER, KIND)))
        pushed = fresh.get(row["k"])
        if pushed is None:
            return Found(dossier, current.source, current.as_of)
        stage, at = pushed
        return Found(replace(dossier, stage=stage), current.source, at)

    async def _fresh(self, keys: Sequence[str], current: Current) -> dict[str, tuple[str, datetime]]:
        """Statuses that were pushed after the import."""
        with blame():
            found = await self._status.find({"_id": {"$in": keys}, "at": {"$gt": current.as_of}}).to_list(None)
        return {one["_id"]: (one["t"], one["at"].astimezone(UTC)) for one in found}

    async def pages(self, version: str) -> AsyncIterator[dict[str, str]]:
        """Every dossier of a version as `{pseudonym: stage}`, a thousand at a time."""
        last, end = f"{version}|", f"{version}~"  # Every row's `_id` begins with its version.
        while True:
            wanted: Document = {"_id": {"$gt": last, "$lt": end}}
            with blame():
                rows = await self._rows.find(wanted, {"k": 1, "t": 1}).sort("_id", 1).limit(PAGE).to_list(None)
            if not rows:
                return
            last = rows[-1]["_id"]
            yield {row["k"]: row["t"] for row in rows}


def _dossier(stage: str, told: Sequence[str]) -> Dossier:
    code, procedure, submitted, due, where, owner, missing = told
    return Dossier(code, procedure, stage, _day(submitted), _day(due), where, owner, missing)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
