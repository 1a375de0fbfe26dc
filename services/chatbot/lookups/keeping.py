"""Keeps what a citizen sends: fetched, looked at, sealed. And makes the links that notify fetches it back by."""

import asyncio
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from chassis.sealing import Pepper
from chassis.types import Clock
from services.chatbot.filekinds import media_type
from services.chatbot.lookups.fetch import Fetcher, TooBig, Unfetched
from services.chatbot.papers import AT_MOST, ENDINGS, LINK, MEGABYTES, KeepPaper, LinkPaper, NotKept, Paper
from services.chatbot.papers import Link as PaperLink
from services.chatbot.store.papers import Papers

AT_ONCE = 12  # Of five megabytes each.
BATCH_SECONDS = 2.7  # Less than the driver's patience.
_TOKEN = re.compile(r"([0-9a-f]{32})\.(\d{10,12})\.([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class Keeping:
    papers: Papers
    fetcher: Fetcher

    async def answer(self, questions: Sequence[KeepPaper]) -> Mapping[KeepPaper, Paper | NotKept]:
        """Those that are not here in time are left out, and asked for again; what is here is not lost with them."""
        gate = asyncio.Semaphore(AT_ONCE)
        tasks = {one: asyncio.create_task(self._keep(one, gate)) for one in questions}
        try:
            await asyncio.wait(tasks.values(), timeout=BATCH_SECONDS)
        finally:
            for task in tasks.values():
                task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
        return {one: task.result() for one, task in tasks.items() if not task.cancelled()}

    async def _keep(self, one: KeepPaper, gate: asyncio.Semaphore) -> Paper | NotKept:
        async with gate:
            if (there := await self.papers.one(one.id, one.conversation)) is not None:
                return there  # Asked again for the same message.
            if await self.papers.count(one.conversation) >= AT_MOST:
                return NotKept.FULL
            try:
                data = await self.fetcher.fetch(one.url, MEGABYTES * 1024 * 1024)
            except TooBig:
                return NotKept.TOO_BIG
            except Unfetched:
                return NotKept.GONE
            kind = await asyncio.to_thread(media_type, data)
            return NotKept.BAD_KIND if kind is None else await self.papers.keep(one, data, kind)


@dataclass(frozen=True, slots=True)
class Links:
    """`paper.until.mac`: opens one paper of one conversation, for ten minutes, and nothing else."""

    papers: Papers
    pepper: Pepper
    now: Clock = lambda: datetime.now(UTC)

    async def link(self, one: LinkPaper) -> PaperLink | None:
        paper = await self.papers.one(one.paper, one.conversation)
        if paper is None:
            return None
        until = int((self.now() + LINK).timestamp())
        token = f"{one.paper.hex}.{until}.{self._mac(one.paper, one.conversation, until)}"
        ending = ENDINGS[paper.media_type]
        return PaperLink(f"loa:/papers/{token}", _file_name(paper.name, ending), paper.media_type)

    async def open(self, token: str) -> tuple[Paper, bytes] | None:
        """None for a token that is forged, over, or whose paper is gone: all alike."""
        found = _TOKEN.fullmatch(token)
        if found is None or int(found[2]) < self.now().timestamp():
            return None
        paper = UUID(hex=found[1])
        owner = await self.papers.owner(paper)
        if owner is None or not hmac.compare_digest(self._mac(paper, owner, int(found[2])), found[3]):
            return None
        return await self.papers.opened(paper, owner)

    def _mac(self, paper: UUID, conversation: str, until: int) -> str:
        return self.pepper.pseudonym("paper link", paper.hex, conversation, str(until))


def _file_name(name: str, ending: str) -> str:
    """Letters of any language, digits and spaces; what a file system or a header could stumble over is gone."""
    clean = "".join(letter if letter.isalnum() or letter in " -_" else " " for letter in name)
    return (" ".join(clean.split())[:60] or "giay to") + ending
