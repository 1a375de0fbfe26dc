"""Kept papers: sealed in chunks for the citizen's own conversation. Nobody else's conversation opens them."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from chassis.crypto import KeyRing, Place
from chassis.mongo import Database, Document, full_name, translate_errors
from contracts.text import read_number
from services.chatbot.features.papers.effects import (
    KEEP_NAMED,
    KEEP_UNNAMED,
    DropPaper,
    KeepPaper,
    MyPapers,
    NamePaper,
    Paper,
)

CHUNK = 512 * 1024


class Papers:
    def __init__(self, db: Database, ring: KeyRing) -> None:
        self._papers, self._chunks, self._ring = db.papers, db.paper_chunks, ring

    async def prepare(self) -> None:
        with translate_errors():
            await self._papers.create_index("conversation")
            await self._chunks.create_index("conversation")
            await self._papers.create_index("expires", expireAfterSeconds=0)
            await self._chunks.create_index("expires", expireAfterSeconds=0)

    async def mine(self, query: MyPapers) -> tuple[Paper, ...]:
        with translate_errors():
            documents = (
                await self._papers.find({"conversation": query.conversation, "named": True}).sort("at", 1).to_list(None)
            )
        return tuple(self._paper(document) for document in documents)

    async def find(self, paper: UUID, conversation: str) -> Paper | None:
        """Only ever one's own."""
        with translate_errors():
            document = await self._papers.find_one({"_id": paper.hex, "conversation": conversation})
        return self._paper(document) if document else None

    async def count(self, conversation: str) -> int:
        with translate_errors():
            return int(await self._papers.count_documents({"conversation": conversation, "whole": True}))

    async def save(self, request: KeepPaper, data: bytes, media_type: str) -> Paper:
        """The chunks first, then the mark that it is whole: half a paper is never shown."""
        expires = datetime.now(UTC) + KEEP_UNNAMED
        chunks = await asyncio.to_thread(self._sealed, request, data)
        document: Document = {
            "conversation": request.conversation,
            "oa": request.oa_id,
            "type": media_type,
            "size": len(data),
            "chunks": len(chunks),
            "name": self._ring.seal(request.name.encode(), self._name(request.id, request.conversation)),
            "at": request.at,
            "expires": expires,
            "named": False,
            "whole": True,
        }
        with translate_errors():
            for number, sealed in enumerate(chunks):
                chunk = {"paper": request.id.hex, "conversation": request.conversation, "s": sealed, "expires": expires}
                await self._chunks.replace_one({"_id": f"{request.id.hex}:{number}"}, chunk, upsert=True)
            await self._papers.replace_one({"_id": request.id.hex}, document, upsert=True)
        return Paper(request.id, request.name, media_type, len(data), request.at)

    def _sealed(self, request: KeepPaper, data: bytes) -> Sequence[str]:
        slices = [data[start : start + CHUNK] for start in range(0, len(data), CHUNK)]
        return [
            self._ring.seal(chunk, self._chunk(request.id, index, request.conversation))
            for index, chunk in enumerate(slices)
        ]

    async def name(self, request: NamePaper) -> bool:
        """With a name it is kept for a year."""
        own_paper = {"_id": request.paper.hex, "conversation": request.conversation}
        expires = datetime.now(UTC) + KEEP_NAMED
        sealed = self._ring.seal(request.name.encode(), self._name(request.paper, request.conversation))
        with translate_errors():
            await self._chunks.update_many(
                {"paper": request.paper.hex, "conversation": request.conversation}, {"$set": {"expires": expires}}
            )
            result = await self._papers.update_one(
                own_paper, {"$set": {"name": sealed, "named": True, "expires": expires}}
            )
        return bool(result.matched_count)

    async def conversation_of(self, paper: UUID) -> str | None:
        """The conversation it belongs to."""
        with translate_errors():
            document = await self._papers.find_one({"_id": paper.hex}, {"conversation": 1})
        return str(document["conversation"]) if document else None

    async def opened(self, paper: UUID, conversation: str) -> tuple[Paper, bytes] | None:
        """The paper and its bytes; None unless it is whole and theirs."""
        own = {"conversation": conversation}
        with translate_errors():
            document = await self._papers.find_one({"_id": paper.hex, **own})
            chunk_documents = await self._chunks.find({"paper": paper.hex, **own}).to_list(None)
        if document is None or len(chunk_documents) != document["chunks"]:
            return None
        chunks = sorted(chunk_documents, key=lambda chunk: read_number(chunk["_id"].rpartition(":")[2]) or 0)
        data = await asyncio.to_thread(
            self._joined, paper, conversation, [chunk_document["s"] for chunk_document in chunks]
        )
        return self._paper(document), data

    def _joined(self, paper: UUID, conversation: str, sealed: Sequence[str]) -> bytes:
        opened_chunks = (
            self._ring.open(chunk, self._chunk(paper, index, conversation)) for index, chunk in enumerate(sealed)
        )
        return b"".join(opened_chunks)

    async def drop(self, request: DropPaper) -> bool:
        own_chunks = {"paper": request.paper.hex, "conversation": request.conversation}
        with translate_errors():
            result = await self._papers.delete_one({"_id": request.paper.hex, "conversation": request.conversation})
            await self._chunks.delete_many(own_chunks)
        return bool(result.deleted_count)

    async def forget(self, conversation: str) -> None:
        with translate_errors():
            await self._papers.delete_many({"conversation": conversation})
            await self._chunks.delete_many({"conversation": conversation})

    def _paper(self, document: Document) -> Paper:
        paper, at = UUID(hex=document["_id"]), document["at"].astimezone(UTC)
        name = self._ring.open(document["name"], self._name(paper, document["conversation"])).decode()
        return Paper(paper, name, document["type"], document["size"], at)

    def _name(self, paper: UUID, conversation: str) -> Place:
        return Place.stored(full_name(self._papers), paper.hex, conversation)

    def _chunk(self, paper: UUID, index: int, conversation: str) -> Place:
        return Place.stored(full_name(self._chunks), f"{paper.hex}:{index}", conversation)
