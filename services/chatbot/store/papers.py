"""Kept papers: sealed in chunks under a key of the citizen's own conversation. Nobody else's conversation opens them."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from chassis.mongo import Database, Document, blame
from chassis.sealing import Ring
from services.chatbot.papers import KEEP, UNNAMED, DropPaper, KeepPaper, MyPapers, NamePaper, Paper

CHUNK = 512 * 1024
_NAME = "paper name"


class Papers:
    def __init__(self, db: Database, ring: Ring) -> None:
        self._papers, self._chunks, self._ring = db.papers, db.paper_chunks, ring

    async def prepare(self) -> None:
        with blame():
            await self._papers.create_index("conversation")
            await self._chunks.create_index("conversation")
            await self._papers.create_index("expires", expireAfterSeconds=0)
            await self._chunks.create_index("expires", expireAfterSeconds=0)

    async def mine(self, one: MyPapers) -> tuple[Paper, ...]:
        with blame():
            found = (
                await self._papers.find({"conversation": one.conversation, "named": True}).sort("at", 1).to_list(None)
            )
        return tuple(self._paper(document) for document in found)

    async def one(self, paper: UUID, conversation: str) -> Paper | None:
        """Only ever one's own."""
        with blame():
            found = await self._papers.find_one({"_id": paper.hex, "conversation": conversation})
        return self._paper(found) if found else None

    async def count(self, conversation: str) -> int:
        with blame():
            return int(await self._papers.count_documents({"conversation": conversation, "whole": True}))

    async def keep(self, one: KeepPaper, data: bytes, media_type: str) -> Paper:
        """The chunks first, then the mark that it is whole: half a paper is never shown."""
        expires = datetime.now(UTC) + UNNAMED
        chunks = await asyncio.to_thread(self._sealed, one, data)
        told: Document = {
            "conversation": one.conversation,
            "oa": one.oa_id,
            "type": media_type,
            "size": len(data),
            "chunks": len(chunks),
            "name": self._ring.seal(one.name.encode(), one.conversation, _NAME),
            "at": one.at,
            "expires": expires,
            "named": False,
            "whole": True,
        }
        with blame():
            for number, sealed in enumerate(chunks):
                chunk = {"paper": one.id.hex, "conversation": one.conversation, "s": sealed, "expires": expires}
                await self._chunks.replace_one({"_id": f"{one.id.hex}:{number}"}, chunk, upsert=True)
            await self._papers.replace_one({"_id": one.id.hex}, told, upsert=True)
        return Paper(one.id, one.name, media_type, len(data), one.at)

    def _sealed(self, one: KeepPaper, data: bytes) -> Sequence[str]:
        pieces = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]
        return [self._ring.seal(piece, one.conversation, _purpose(one.id, nth)) for nth, piece in enumerate(pieces)]

    async def name(self, one: NamePaper) -> bool:
        """With a name it is kept for a year."""
        mine = {"_id": one.paper.hex, "conversation": one.conversation}
        expires = datetime.now(UTC) + KEEP
        sealed = self._ring.seal(one.name.encode(), one.conversation, _NAME)
        with blame():
            await self._chunks.update_many(
                {"paper": one.paper.hex, "conversation": one.conversation}, {"$set": {"expires": expires}}
            )
            found = await self._papers.update_one(mine, {"$set": {"name": sealed, "named": True, "expires": expires}})
        return bool(found.matched_count)

    async def owner(self, paper: UUID) -> str | None:
        """The conversation it belongs to."""
        with blame():
            found = await self._papers.find_one({"_id": paper.hex}, {"conversation": 1})
        return str(found["conversation"]) if found else None

    async def opened(self, paper: UUID, conversation: str) -> tuple[Paper, bytes] | None:
        """The paper and its bytes; None unless it is whole and theirs."""
        mine = {"conversation": conversation}
        with blame():
            document = await self._papers.find_one({"_id": paper.hex, **mine})
            found = await self._chunks.find({"paper": paper.hex, **mine}).to_list(None)
        if document is None or len(found) != document["chunks"]:
            return None
        chunks = sorted(found, key=lambda chunk: int(chunk["_id"].rpartition(":")[2]))
        data = await asyncio.to_thread(self._joined, paper, conversation, [one["s"] for one in chunks])
        return self._paper(document), data

    def _joined(self, paper: UUID, conversation: str, sealed: Sequence[str]) -> bytes:
        pieces = (self._ring.open(one, conversation, _purpose(paper, nth)) for nth, one in enumerate(sealed))
        return b"".join(pieces)

    async def drop(self, one: DropPaper) -> bool:
        mine = {"paper": one.paper.hex, "conversation": one.conversation}
        with blame():
            gone = await self._papers.delete_one({"_id": one.paper.hex, "conversation": one.conversation})
            await self._chunks.delete_many(mine)
        return bool(gone.deleted_count)

    async def forget(self, conversation: str) -> None:
        with blame():
            await self._papers.delete_many({"conversation": conversation})
            await self._chunks.delete_many({"conversation": conversation})

    def _paper(self, document: Document) -> Paper:
        name = self._ring.open(document["name"], document["conversation"], _NAME).decode()
        at = document["at"].astimezone(UTC)
        return Paper(UUID(hex=document["_id"]), name, document["type"], document["size"], at)


def _purpose(paper: UUID, nth: int) -> str:
    return f"paper {paper.hex}:{nth}"
