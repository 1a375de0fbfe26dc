"""Polls the content directory and publishes what an editor has finished writing."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from services.chatbot.content.editions import ContentEditions
from services.chatbot.content.loader.directory import Stamp, stamp
from services.chatbot.content.loader.errors import ContentErrors, Fault


@dataclass(frozen=True, slots=True)
class Published:
    version: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The content had faults; the edition before it stays current."""

    faults: tuple[Fault, ...]


@dataclass(slots=True)
class ContentPoller:
    """Publishes a change once it is the same for two polls. Reading and training run in a thread, so conversations go on."""

    editions: ContentEditions
    root: Path
    report: Callable[[Published | Refused], None]
    _seen: Stamp | None = None
    _published: Stamp = ()  # So that a change made before the first poll is seen as well.

    async def poll(self) -> None:
        """Looks at the directory once; reports what was published or refused."""
        now = await asyncio.to_thread(stamp, self.root)
        if now == self._published:
            self._seen = None
        elif now != self._seen:
            self._seen = now  # Still being written, perhaps.
        else:
            self._published, self._seen = now, None
            outcome = await asyncio.to_thread(reload, self.editions, self.root)
            if outcome is not None:
                self.report(outcome)


def reload(editions: ContentEditions, root: Path) -> Published | Refused | None:
    """Publishes the directory's content, or says why it is refused; returns None when nothing has changed."""
    try:
        changed = editions.reload(root)
    except ContentErrors as error:
        return Refused(error.faults)
    except Exception as error:  # noqa: BLE001 — whatever a draft provokes, citizens go on being answered.
        why = f"không dùng được vì lý do chưa lường trước ({type(error).__name__}); xin báo người phát triển"
        return Refused((Fault(root.resolve().name, 1, why),))
    return Published(editions.current.version) if changed else None
