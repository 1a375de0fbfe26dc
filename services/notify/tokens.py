"""Access tokens, always fresh: refreshed ahead of their end and on demand, by one process at a time, stored before use."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import structlog

from chassis.blame import Transient
from services.notify.metrics import REFRESHES, TOKENS
from services.notify.owner import dead
from services.notify.store.tokens import OK, Row
from services.notify.store.tokens import Tokens as Store
from services.notify.vault import Vault
from services.notify.zalo.oauth import Denied, OAuth, Pair, Spent, Unsettled

log = structlog.get_logger()

_LEASE_MS = 20_000  # Longer than one call to Zalo and one write.
_POLL_SECONDS, _PATIENCE_SECONDS = 0.1, 20.0
_AHEAD_MS = 5 * 3_600_000  # Of 25 hours: a whole evening's outage does not let a token die.
_LOOK_SECONDS = 30.0
_STORE_WAITS = (0.1, 0.3, 1.0, 2.0, 5.0)


class NoToken(Exception):  # noqa: N818 — a state of the world, not an error of ours.
    """An OA cannot send now. `why` is needs_person (somebody has to authorise us, again) or token (try later)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Token:
    text: str = field(repr=False)
    version: int
    until_ms: int


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Keeper:
    """`access` is a dictionary look-up until a token ends; everything else is rare."""

    def __init__(self, store: Store, oauth: OAuth, vault: Vault, owner: str) -> None:
        self._store, self._oauth, self._vault, self._owner = store, oauth, vault, owner
        self._known: dict[str, Token] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._vital: set[asyncio.Task[Any]] = set()  # A refresh under way is finished even when who asked has left.

    async def access(self, oa_id: str) -> Token:
        """Raises NoToken, Transient."""
        token = self._known.get(oa_id)
        if token is not None and token.until_ms > now_ms():
            return token
        async with self._locks[oa_id]:
            row = await self._store.get(oa_id)
            if row is None:
                raise NoToken("needs_person")
            if row.expires_ms > now_ms() or row.state != OK:
                return self._remember(row)  # A dead refresh token says nothing about the access token beside it.
        return await self.renew(oa_id, row.version)

    async def renew(self, oa_id: str, version: int) -> Token:
        """A token newer than `version`, refreshed by us or by whoever was faster. Raises NoToken, Transient."""
        token: Token = await self._finish(self._renew(oa_id, version))
        return token

    async def _renew(self, oa_id: str, version: int) -> Token:
        async with self._locks[oa_id]:
            deadline = time.monotonic() + _PATIENCE_SECONDS
            while time.monotonic() < deadline:
                row = await self._store.get(oa_id)
                if row is None or (row.version <= version and row.state != OK):
                    raise NoToken("needs_person")
                if row.version > version:
                    return self._remember(row)
                gone = row.holder if row.holder and dead([row.holder]) else ""
                if await self._store.lease(row, self._owner, now_ms(), now_ms() + _LEASE_MS, gone):
                    return await self._spend(row)
                await asyncio.sleep(_POLL_SECONDS * (0.5 + random.random()))  # noqa: S311 — jitter.
        raise NoToken("token")

    async def _spend(self, row: Row) -> Token:
        grant = await self._oauth.refresh(self._vault.open_token(row.refresh, row.oa_id))
        REFRESHES.labels(type(grant).__name__.lower()).inc()
        match grant:
            case Pair():
                return await self._keep(row, grant)
            case Spent():
                # Perhaps an earlier answer was lost between Zalo and our store. Nobody but a person can help now.
                await self._store.give_up(row)
                log.error(
                    "authorisation_lost", oa=row.oa_id, code=grant.code,
                    remedy="an administrator of this OA opens /oauth/start?oa_id=… of notify and allows it again",
                )  # fmt: skip
                raise NoToken("needs_person")
            case Denied():
                await self._store.free(row, self._owner)
                log.error(
                    "refresh_denied", oa=row.oa_id, code=grant.code, remedy="check ZALO_APP_ID and zalo-app-secret"
                )
                raise NoToken("needs_person")
            case Unsettled():
                await self._store.free(row, self._owner)
                raise NoToken("token")

    async def _keep(self, row: Row, pair: Pair) -> Token:
        """Until it is stored, this pair exists nowhere else: so try for as long as we live."""
        access = self._vault.seal_token(pair.access.get_secret_value(), row.oa_id)
        refresh = self._vault.seal_token(pair.refresh.get_secret_value(), row.oa_id)
        until_ms = now_ms() + pair.expires_in_s * 1_000
        tried = 0
        while True:
            try:
                ours = await self._store.keep(row, access, refresh, until_ms)
                break
            except Transient:
                log.warning("token_not_stored_yet", oa=row.oa_id, tries=tried)
                await asyncio.sleep(_STORE_WAITS[min(tried, len(_STORE_WAITS) - 1)])
                tried += 1
        if not ours:
            return await self._reread(row.oa_id)
        token = Token(pair.access.get_secret_value(), row.version + 1, until_ms)
        self._known[row.oa_id] = token
        return token

    async def adopt(self, oa_id: str, pair: Pair) -> None:
        """What a person has just authorised. Stored before it is used. Raises Transient."""
        access = self._vault.seal_token(pair.access.get_secret_value(), oa_id)
        refresh = self._vault.seal_token(pair.refresh.get_secret_value(), oa_id)
        await self._finish(self._store.put(oa_id, access, refresh, now_ms() + pair.expires_in_s * 1_000))
        self._known.pop(oa_id, None)

    async def run(self) -> None:
        """Refresh ahead of time, for ever."""
        while True:
            try:
                await self.look()
            except Transient:
                log.warning("tokens_not_read")
            await asyncio.sleep(_LOOK_SECONDS * (0.5 + random.random()))  # noqa: S311 — jitter.

    async def look(self) -> None:
        """One round of `run`. Raises Transient."""
        before = now_ms() + _AHEAD_MS
        for row in await self._store.fading(before, 200):
            try:
                await self.renew(row.oa_id, row.version)
            except NoToken as fault:
                log.warning("not_refreshed", oa=row.oa_id, why=fault.why)
        for state, count in (await self._store.count(before)).items():
            TOKENS.labels(state).set(count)

    async def close(self) -> None:
        """Wait for refreshes under way: their pairs would be lost."""
        if self._vital:
            await asyncio.wait(self._vital, timeout=10)

    def _remember(self, row: Row) -> Token:
        text = self._vault.open_token(row.access, row.oa_id).get_secret_value()
        token = self._known[row.oa_id] = Token(text, row.version, row.expires_ms)
        return token

    async def _reread(self, oa_id: str) -> Token:
        row = await self._store.get(oa_id)
        if row is None:
            raise NoToken("needs_person")
        return self._remember(row)

    async def _finish(self, work: Coroutine[Any, Any, Any]) -> Any:
        task = asyncio.ensure_future(work)
        self._vital.add(task)
        task.add_done_callback(self._vital.discard)
        return await asyncio.shield(task)
