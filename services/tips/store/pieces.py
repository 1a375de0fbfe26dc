"""What reporters sent, sealed under their case's key: `{_id, case, key: number, kind, body}`. When it was is in the body."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pymongo import IndexModel, UpdateOne

from chassis.mongo import Database, Document, bulk_write, translate_errors
from contracts.message import Kind


@dataclass(frozen=True, slots=True)
class SealedPiece:
    piece_id: str
    case_id: str
    key: int
    kind: Kind
    body: bytes = field(repr=False)


class Pieces:
    def __init__(self, db: Database) -> None:
        self._pieces = db["pieces"]

    async def prepare(self) -> None:
        with translate_errors():
            await self._pieces.create_indexes([IndexModel([("case", 1)])])

    async def existing_ids(self, piece_ids: Sequence[str]) -> set[str]:
        with translate_errors():
            documents = await self._pieces.find({"_id": {"$in": list(piece_ids)}}, {"_id": 1}).to_list(None)
        return {document["_id"] for document in documents}

    async def add(self, pieces: Sequence[SealedPiece]) -> None:
        """A piece that is there already stays as it is."""
        await bulk_write(self._pieces, [_insert(piece) for piece in pieces])

    async def count(self, case_ids: Sequence[str]) -> dict[str, int]:
        """Pieces by case."""
        match = {"$match": {"case": {"$in": list(case_ids)}}}
        group = {"$group": {"_id": "$case", "count": {"$sum": 1}}}
        with translate_errors():
            groups = await self._pieces.aggregate([match, group]).to_list(None)
        return {document["_id"]: document["count"] for document in groups}

    async def kinds(self, case_id: str) -> dict[str, int]:
        """Pieces of one case by kind."""
        pipeline: list[Document] = [{"$match": {"case": case_id}}, {"$group": {"_id": "$kind", "count": {"$sum": 1}}}]
        with translate_errors():
            groups = await self._pieces.aggregate(pipeline).to_list(None)
        return {document["_id"]: document["count"] for document in groups}

    async def erase(self, case_ids: Sequence[str]) -> None:
        with translate_errors():
            await self._pieces.delete_many({"case": {"$in": list(case_ids)}})


def _insert(piece: SealedPiece) -> UpdateOne:
    document = {"case": piece.case_id, "key": piece.key, "kind": piece.kind.value, "body": piece.body}
    return UpdateOne({"_id": piece.piece_id}, {"$setOnInsert": document}, upsert=True)
