"""The fake Zalo put together: one object that every handler, control call and page is given."""

import asyncio
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from sandbox import accounts, snapshot
from sandbox.apps import Apps
from sandbox.assets import Assets
from sandbox.clock import Clock
from sandbox.courier import Courier
from sandbox.deeds import Deeds
from sandbox.faults import Faults
from sandbox.ids import Ids
from sandbox.ledger import Ledger
from sandbox.media import Media
from sandbox.policy import Policy
from sandbox.rates import Rates
from sandbox.settings import Secrets, Settings
from sandbox.tokens import Tokens
from sandbox.webhooks import Webhooks
from sandbox.world import World

SAVE_SECONDS = 5.0
REST = 50  # Saving takes at most 2 % of the time.


@dataclass(slots=True)
class Platform:
    """Build it with `Platform.build`, open it with `async with`: webhooks need a running loop."""

    settings: Settings
    secrets: Secrets
    clock: Clock
    world: World
    deeds: Deeds
    webhooks: Webhooks
    faults: Faults
    tokens: Tokens
    media: Media
    rates: Rates
    apps: Apps
    assets: Assets
    policy: Policy = field(default_factory=Policy)
    ledger: Ledger = field(default_factory=Ledger)

    @classmethod
    def build(cls, settings: Settings, secrets: Secrets) -> Self:
        """Raise what reading the OA file raises: FileNotFoundError, yaml.YAMLError, ValueError."""
        clock, faults = Clock(), Faults(settings.seed)
        key = secrets.oa_secret_key.get_secret_value()
        courier = Courier(settings.webhook_url, key, settings.webhook_connections)
        webhooks = Webhooks(courier, faults, clock, retry_scale=settings.retry_scale)
        known = {account.oa_id: account for account in accounts.load(settings.oas_file)}
        world = World(known, clock, Ids(), webhooks, settings.reads)
        media = Media(settings.base_url(), clock)
        return cls(
            settings=settings,
            secrets=secrets,
            clock=clock,
            world=world,
            deeds=Deeds(world, media),
            webhooks=webhooks,
            faults=faults,
            tokens=Tokens(clock),
            media=media,
            rates=Rates(settings.rate_app_per_minute, settings.rate_oa_per_minute),
            apps=Apps(secrets.app_secret.get_secret_value()),
            assets=Assets(clock),
        )

    def save_tokens(self) -> None:
        """Called after each new pair of tokens, before they are handed out."""
        if self.settings.state:
            snapshot.save_tokens(self.settings.state, self.tokens)

    def save(self) -> None:
        if self.settings.state:
            snapshot.save_tokens(self.settings.state, self.tokens)
            snapshot.save(self.settings.state, self.world)

    async def keep_saving(self) -> None:
        """A snapshot every few seconds, where something was said since the last."""
        saved, wait = self.world.seq, SAVE_SECONDS
        while True:
            await asyncio.sleep(wait)
            if self.settings.state and self.world.seq != saved:
                saved, begun = self.world.seq, time.perf_counter()
                self.save()
                wait = max(SAVE_SECONDS, REST * (time.perf_counter() - begun))  # A big world is saved less often.

    async def __aenter__(self) -> Self:
        if self.settings.state:
            snapshot.load(self.settings.state, self.world, self.tokens)
        await self.webhooks.courier.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.webhooks.stop()
        await self.webhooks.courier.__aexit__(kind, error, trace)
        self.save()
