"""Access tokens, always fresh: refreshed ahead of their end and on demand, by one process at a time, stored before use."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import structlog

from chassis.errors import TransientError
from chassis.jobs import Job, each, periodic
from services.notify.keys import Keys
from services.notify.metrics import REFRESHES, TOKENS
from services.notify.process_id import dead_processes
from services.notify.store.tokens import OK, TokenRow
from services.notify.store.tokens import TokenStore as Store
from services.notify.zalo.oauth import Denied, OAuth, Pair, Spent, Unsettled

log = structlog.get_logger()

_LEASE_MS = 20_000  # Longer than one call to Zalo and one write.
_RETRY_SECONDS, _RENEW_TIMEOUT_SECONDS = 0.1, 20.0
_AHEAD_MS = 5 * 3_600_000  # Of 25 hours: a whole evening's outage does not let a token die.
_REFRESH_EVERY_SECONDS, _MOST_REFRESHED = 30.0, 100
_STORE_WAITS = (0.1, 0.3, 1.0, 2.0, 5.0)


class NoToken(Exception):  # noqa: N818 — a state of an OA, not an error of ours.
    """An OA cannot send now. `why` is needs_person (somebody has to authorise us, again) or token (try later)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Token:
    text: str = field(repr=False)
    version: int
    until_ms: int


class TokenProvider:
    """`access` is a dictionary look-up until a token ends; everything else is rare."""

    def __init__(self, store: Store, oauth: OAuth, keys: Keys, worker_id: str, *, now_ms: Callable[[], int]) -> None:
        """`now_ms` is the ledger's clock: a refresh token must not be spent twice because a machine's clock was set."""
        self._store, self._oauth, self._keys, self._worker_id, self._now = store, oauth, keys, worker_id, now_ms
        self._cache: dict[str, Token] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._refreshing: set[asyncio.Task[Any]] = set()  # Finished even when their callers are cancelled.

    async def access(self, oa_id: str) -> Token:
        """Raises NoToken, TransientError."""
        token = self._cache.get(oa_id)
        if token is not None and token.until_ms > self._now():
            return token
        async with self._locks[oa_id]:
            row = await self._store.get(oa_id)
            if row is None:
                raise NoToken("needs_person")
            if row.expires_ms > self._now() or row.state != OK:
                return self._cached(row)  # A dead refresh token says nothing about the access token beside it.
        return await self.renew(oa_id, row.version)

    async def renew(self, oa_id: str, version: int) -> Token:
        """Returns a token newer than `version`, refreshed by this process or another. Raises NoToken, TransientError."""
        token: Token = await self._shielded(self._renew(oa_id, version))
        return token

    async def _renew(self, oa_id: str, version: int) -> Token:
        async with self._locks[oa_id]:
            deadline = time.monotonic() + _RENEW_TIMEOUT_SECONDS
            while time.monotonic() < deadline:
                row = await self._store.get(oa_id)
                if row is None or (row.version <= version and row.state != OK):
                    raise NoToken("needs_person")
                if row.version > version:
                    return self._cached(row)
                dead_holder = row.holder if row.holder and dead_processes([row.holder]) else ""
                if await self._store.lease(row, self._worker_id, self._now(), self._now() + _LEASE_MS, dead_holder):
                    return await self._spend(row)
                await asyncio.sleep(_RETRY_SECONDS * (0.5 + random.random()))  # noqa: S311 — jitter.
        raise NoToken("token")

    async def _spend(self, row: TokenRow) -> Token:
        grant = await self._oauth.refresh(
            self._keys.open(row.refresh, self._store.place(row.oa_id, "refresh", row.version))
        )
        REFRESHES.labels(type(grant).__name__.lower()).inc()
        match grant:
            case Pair():
                return await self._store_pair(row, grant)
            case Spent():
                # Perhaps an earlier answer was lost between Zalo and our store. The OA must be authorised again.
                await self._store.give_up(row)
                log.error(
                    "authorisation_lost", oa=row.oa_id, code=grant.code,
                    remedy="`loa oa authorise` makes a link; an administrator of this OA opens it and allows it again",
                )  # fmt: skip
                raise NoToken("needs_person")
            case Denied():
                await self._store.free(row, self._worker_id)
                log.error(
                    "refresh_denied", oa=row.oa_id, code=grant.code, remedy="check ZALO_APP_ID and zalo-app-secret"
                )
                raise NoToken("needs_person")
            case Unsettled():
                await self._store.free(row, self._worker_id)
                raise NoToken("token")

    async def _store_pair(self, row: TokenRow, pair: Pair) -> Token:
        """Until it is stored, this pair exists nowhere else: so try for as long as we live."""
        access, refresh = self._sealed(pair, row.oa_id, row.version + 1)
        until_ms = self._now() + pair.expires_in_s * 1_000
        attempts = 0
        while True:
            try:
                stored = await self._store.replace(row, access, refresh, until_ms)
                break
            except TransientError:
                log.warning("token_not_stored_yet", oa=row.oa_id, tries=attempts)
                await asyncio.sleep(_STORE_WAITS[min(attempts, len(_STORE_WAITS) - 1)])
                attempts += 1
        if not stored:
            return await self._reread(row.oa_id)
        token = Token(pair.access.get_secret_value(), row.version + 1, until_ms)
        self._cache[row.oa_id] = token
        return token

    async def is_authorised(self, oa_id: str) -> bool:
        """Returns whether the OA lets us send as far as we know. Raises TransientError."""
        row = await self._store.get(oa_id)
        return row is not None and row.state == OK

    async def adopt(self, oa_id: str, pair: Pair) -> None:
        """Returns the token of a new authorisation, stored before it is used. Raises TransientError."""
        await self._shielded(self._put(oa_id, pair))
        self._cache.pop(oa_id, None)

    async def _put(self, oa_id: str, pair: Pair) -> None:
        """Again when a refresh came between: the authorisation is the newer one."""
        expires_ms, stored = self._now() + pair.expires_in_s * 1_000, False
        while not stored:
            row = await self._store.get(oa_id)
            version = row.version if row else 0
            stored = await self._store.put(oa_id, version, *self._sealed(pair, oa_id, version + 1), expires_ms)

    def _sealed(self, pair: Pair, oa_id: str, version: int) -> tuple[str, str]:
        seal, place = self._keys.seal, self._store.place
        access = seal(pair.access.get_secret_value(), place(oa_id, "access", version))
        return access, seal(pair.refresh.get_secret_value(), place(oa_id, "refresh", version))

    def jobs(self) -> list[Job[Any]]:
        every = _REFRESH_EVERY_SECONDS
        refresh = Job("refresh_tokens", every, self.fading, each(self.refresh), key=lambda row: row.oa_id)
        return [refresh, periodic("count_tokens", every, self.count)]

    async def fading(self, parked: frozenset[str]) -> list[TokenRow]:
        """Returns less than a page: what cannot be refreshed now is looked at again next time, not at once."""
        return await self._store.fading(self._now() + _AHEAD_MS, _MOST_REFRESHED, parked)

    async def refresh(self, row: TokenRow) -> None:
        """Refresh a token ahead of its end. Raises TransientError, DecryptionError for a refresh token whose key is gone."""
        try:
            await self.renew(row.oa_id, row.version)
        except NoToken as fault:
            log.warning("not_refreshed", oa=row.oa_id, why=fault.why)

    async def count(self) -> None:
        for state, number in (await self._store.count(self._now() + _AHEAD_MS)).items():
            TOKENS.labels(state).set(number)

    async def close(self) -> None:
        """Wait for refreshes under way: their pairs would be lost."""
        if self._refreshing:
            await asyncio.wait(self._refreshing, timeout=10)

    def _cached(self, row: TokenRow) -> Token:
        text = self._keys.open(row.access, self._store.place(row.oa_id, "access", row.version)).get_secret_value()
        token = self._cache[row.oa_id] = Token(text, row.version, row.expires_ms)
        return token

    async def _reread(self, oa_id: str) -> Token:
        row = await self._store.get(oa_id)
        if row is None:
            raise NoToken("needs_person")
        return self._cached(row)

    async def _shielded(self, work: Coroutine[Any, Any, Any]) -> Any:
        task = asyncio.ensure_future(work)
        self._refreshing.add(task)
        task.add_done_callback(self._refreshing.discard)
        return await asyncio.shield(task)
