"""The edge: looks at the content directory again and again, and publishes what an editor has finished writing."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from services.chatbot.content.editions import ContentEditions
from services.chatbot.content.loader.errors import ContentErrors, Fault
from services.chatbot.content.loader.snapshot import published_files

Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Published:
    version: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The old edition stays current."""

    faults: tuple[Fault, ...]


async def watch(
    editions: ContentEditions,
    root: Path,
    report: Callable[[Published | Refused], None],
    every: float = 2.0,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Poll every `every` seconds until cancelled. A change counts once it has stood still for one poll.

    Reading and preparing happen in a thread, so conversations go on meanwhile.
    """
    seen: Stamp | None = None
    published: Stamp = ()  # So that a change made before the first look is seen as well.
    while True:
        await sleep(every)
        now = await asyncio.to_thread(stamp, root)
        if now == published:
            seen = None
        elif now != seen:
            seen = now  # Still being written, perhaps.
        else:
            published, seen = now, None
            outcome = await asyncio.to_thread(reload, editions, root)
            if outcome is not None:
                report(outcome)


def reload(editions: ContentEditions, root: Path) -> Published | Refused | None:
    """One try; None when the files say what they said before."""
    try:
        changed = editions.reload(root)
    except ContentErrors as error:
        return Refused(error.faults)
    except Exception as error:  # noqa: BLE001 — whatever a draft provokes, citizens go on being answered.
        why = f"không dùng được vì lý do chưa lường trước ({type(error).__name__}); xin báo người phát triển"
        return Refused((Fault(str(root), 1, why),))
    return Published(editions.current.version) if changed else None


def stamp(root: Path) -> Stamp:
    """Name, time and size of every file; empty when the directory is not there just now."""
    entries = []
    for path in published_files(root):
        try:
            stat = path.stat()
        except OSError:
            continue  # Replaced this very moment: the next poll sees it.
        entries.append((str(path), stat.st_mtime_ns, stat.st_size))
    return tuple(entries)
