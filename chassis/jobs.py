"""Everything periodic is a job: claim a page of what is due, handle it, claim again. `job_runner` runs them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from chassis.wake_up import WakeUp

Item = TypeVar("Item")
PageHandler = Callable[[Sequence[Item]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Job(Generic[Item]):
    """`claim` gets the keys of parked items, to leave them out, and returns at most `page` of what is due.

    What cannot be decoded belongs to `handle`, not to `claim`: so it is parked alone. `handle` must be idempotent, and must leave
    what it handled no longer due. A full page is followed by the next at once.
    """

    name: str  # Label of metrics, key of parked items: never computed.
    every_seconds: float  # Jittered by half.
    claim: Callable[[frozenset[str]], Awaitable[Sequence[Item]]]
    handle: PageHandler[Item]
    key: Callable[[Item], str] | None  # An opaque id or pseudonym, safe in a log. None: there is nothing to park.
    page: int = 200
    concurrency: int = 1  # So many rounds at once; `claim` then has to lease what it returns.
    wake: WakeUp | None = None
    call_seconds: float = 60  # One call of `claim` or `handle` may take this long.


@dataclass(frozen=True, slots=True)
class Each(Generic[Item]):
    handle_item: Callable[[Item], Awaitable[None]]

    async def __call__(self, items: Sequence[Item]) -> None:
        for item in items:
            await self.handle_item(item)


def each(handle_item: Callable[[Item], Awaitable[None]]) -> PageHandler[Item]:
    """Returns a handler of pages that handles item by item: each has its own time, and fails for itself."""
    return Each(handle_item)


def periodic(
    name: str, every_seconds: float, run: Callable[[], Awaitable[Any]], *, wake: WakeUp | None = None
) -> Job[None]:
    """Returns a job without items: a cache that is refreshed, housekeeping. What fails is tried again next time."""

    async def claim(_: frozenset[str]) -> Sequence[None]:
        return (None,)

    async def handle(_: Sequence[None]) -> None:
        await run()

    return Job(name, every_seconds, claim, handle, key=None, page=2, wake=wake)
