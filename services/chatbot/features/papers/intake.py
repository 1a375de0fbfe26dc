"""Keeps what a citizen sends: fetched, looked at, sealed. And makes the links that notify fetches it back by."""

import asyncio
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from chassis.crypto import Pepper
from chassis.daily_quota import DailyQuota
from chassis.disk import DatabaseDisk
from chassis.fetch import Fetcher, FetchFailedError, FetchRefusedError
from chassis.records import Clock
from contracts.text import read_number
from services.chatbot.features.papers.effects import (
    FILE_ENDINGS,
    JPEG,
    LINK_LIFETIME,
    MAX_MEGABYTES,
    MAX_PAPERS,
    PNG,
    KeepPaper,
    LinkPaper,
    Paper,
    PaperLink,
    RejectReason,
)
from services.chatbot.features.papers.file_types import paper_type
from services.chatbot.features.papers.pictures import PictureShrinker
from services.chatbot.features.papers.store import Papers

CONCURRENCY = 12  # Of five megabytes each.
_SECONDS_DIGITS = 12  # Of a moment in Unix time.
BATCH_SECONDS = 2.7  # Less than the effect runner's limit.
_TOKEN = re.compile(r"([0-9a-f]{32})\.([0-9]{10,12})\.([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class PaperIntake:
    papers: Papers
    fetcher: Fetcher
    daily: DailyQuota
    disk: DatabaseDisk
    shrinker: PictureShrinker = field(default_factory=PictureShrinker)

    async def answer(self, requests: Sequence[KeepPaper]) -> Mapping[KeepPaper, Paper | RejectReason]:
        """Those that are not here in time are left out, and asked for again; what is here is not lost with them."""
        semaphore = asyncio.Semaphore(CONCURRENCY)
        tasks = {request: asyncio.create_task(self._store(request, semaphore)) for request in requests}
        try:
            await asyncio.wait(tasks.values(), timeout=BATCH_SECONDS)
        finally:
            for task in tasks.values():
                task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
        return {request: task.result() for request, task in tasks.items() if not task.cancelled()}

    async def _store(self, request: KeepPaper, semaphore: asyncio.Semaphore) -> Paper | RejectReason:
        async with semaphore:
            if (stored := await self.papers.find(request.id, request.conversation)) is not None:
                return stored  # Asked again for the same message.
            if await self.papers.count(request.conversation) >= MAX_PAPERS:
                return RejectReason.FULL
            if await self.disk.is_full():
                return RejectReason.NO_ROOM
            if not await self.daily.add(request.conversation):
                return RejectReason.TODAY
            return await self._fetch_and_save(request)

    async def _fetch_and_save(self, request: KeepPaper) -> Paper | RejectReason:
        try:
            data = await self.fetcher.read(request.url, MAX_MEGABYTES * 1024 * 1024)
        except FetchRefusedError as refused:
            return RejectReason.TOO_BIG if str(refused) == "size" else RejectReason.GONE
        except FetchFailedError:
            return RejectReason.GONE
        return await self._save(request, data)

    async def _save(self, request: KeepPaper, data: bytes) -> Paper | RejectReason:
        """A picture is made small enough for Zalo once, now: sending it back unpacks nothing."""
        kind = await asyncio.to_thread(paper_type, data)
        if isinstance(kind, RejectReason):
            return kind
        if kind not in {JPEG, PNG}:
            return await self.papers.save(request, data, kind)
        picture = await self.shrinker.small_enough(data)
        if picture is None:
            return RejectReason.BAD_PICTURE
        return await self.papers.save(request, picture, kind if picture is data else JPEG)


@dataclass(frozen=True, slots=True)
class PaperLinks:
    """`paper.until.mac`: opens one paper of one conversation, for ten minutes, and nothing else."""

    papers: Papers
    pepper: Pepper
    now: Clock = lambda: datetime.now(UTC)

    async def link(self, request: LinkPaper) -> PaperLink | None:
        paper = await self.papers.find(request.paper, request.conversation)
        if paper is None:
            return None
        until = int((self.now() + LINK_LIFETIME).timestamp())
        token = f"{request.paper.hex}.{until}.{self._mac(request.paper, request.conversation, until)}"
        ending = FILE_ENDINGS[paper.media_type]
        return PaperLink(f"loa:/papers/{token}", _file_name(paper.name, ending), paper.media_type)

    async def open(self, token: str) -> tuple[Paper, bytes] | None:
        """Returns None for a token that is forged or expired, or whose paper is deleted: all alike."""
        match = _TOKEN.fullmatch(token)
        until = read_number(match[2], _SECONDS_DIGITS) if match else None
        if match is None or until is None or until < self.now().timestamp():
            return None
        paper = UUID(hex=match[1])
        owner = await self.papers.conversation_of(paper)
        if owner is None or not hmac.compare_digest(self._mac(paper, owner, until), match[3]):
            return None
        return await self.papers.opened(paper, owner)

    def _mac(self, paper: UUID, conversation: str, until: int) -> str:
        return self.pepper.pseudonym("paper link", paper.hex, conversation, str(until))


def _file_name(name: str, ending: str) -> str:
    """Letters of any language, digits and spaces; what a file system or a header could stumble over is gone."""
    cleaned = "".join(letter if letter.isalnum() or letter in " -_" else " " for letter in name)
    return (" ".join(cleaned.split())[:60] or "giay to") + ending
