"""A barrier instead of seconds: returns when a system has nothing left to do, so that what has not come will not come."""

import asyncio

import aiohttp

from chassis.errors import TransientError
from chassis.kafka import unfinished
from contracts.catalogue import READERS
from loa.runtime import secrets
from loa.testkit.system import FullSystem

POLL_SECONDS = 0.1


async def quiet(system: FullSystem, seconds: float = 60) -> None:
    """Wait until every webhook is delivered, everything on the log handled and every message sent. Raises TimeoutError.

    Looked at in the order in which one leads to the other: when each is empty in turn, all are. What waits for a time of
    its own (reminders, conversations that end by the clock) is not waited for.
    """
    async with aiohttp.ClientSession() as http, asyncio.timeout(seconds):
        while await _is_busy(http, system):  # noqa: ASYNC110 - nobody tells.
            await asyncio.sleep(POLL_SECONDS)


async def _is_busy(http: aiohttp.ClientSession, system: FullSystem) -> bool:
    """A system of which a part does not answer is not at rest."""
    try:
        return bool(await _webhooks(http, system) or await _records(system) or await _messages(http, system))
    except (aiohttp.ClientError, TransientError):
        return True


async def _webhooks(http: aiohttp.ClientSession, system: FullSystem) -> int:
    async with http.get(f"{system.sandbox}/sandbox/webhooks", params={"after": str(10**9)}) as answer:
        return int((await answer.json())["pending"])


async def _records(system: FullSystem) -> int:
    """Records that a service has not finished, upstream first."""
    left = 0
    for service, topics in READERS.items():
        group, names = system.prefix + service, [system.prefix + topic for topic in topics]
        left += await unfinished(system.broker.servers, group, names)
    return left


async def _messages(http: aiohttp.ClientSession, system: FullSystem) -> int:
    """Messages that notify has accepted and not brought to an end."""
    headers = {"Authorization": f"Bearer {secrets.read(system.settings.secrets, 'notify-api-token')}"}
    async with http.get(f"{system.services['notify'].url}/api/ledger/invariant", headers=headers) as answer:
        answer.raise_for_status()
        return int((await answer.json())["in_flight"])
