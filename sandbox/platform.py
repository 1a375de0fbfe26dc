"""The fake Zalo put together: one object that every handler, control call and page is given."""

import asyncio
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from sandbox import accounts, snapshot, templates
from sandbox.apps import Apps
from sandbox.articles import Articles
from sandbox.assets import Assets
from sandbox.citizen_actions import CitizenActions
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.groups import Groups
from sandbox.ids import Ids
from sandbox.ledger import Ledger
from sandbox.media import Media
from sandbox.network import Network
from sandbox.people import Json
from sandbox.policy import Policy
from sandbox.rates import Rates
from sandbox.settings import Secrets, Settings
from sandbox.templates import Sent, Templates
from sandbox.tokens import Tokens
from sandbox.webhook_sender import WebhookSender
from sandbox.webhooks import Webhooks

SAVE_SECONDS = 5.0
REST = 50  # Saving takes at most 2 % of the time.


@dataclass(slots=True, repr=False)
class Platform:
    """Build it with `Platform.build`, open it with `async with`: webhooks need a running loop."""

    settings: Settings
    secrets: Secrets
    clock: Clock
    network: Network
    citizen_actions: CitizenActions
    webhooks: Webhooks
    faults: Faults
    tokens: Tokens
    media: Media
    rates: Rates
    apps: Apps
    assets: Assets
    articles: Articles
    groups: Groups
    templates: Templates
    policy: Policy = field(default_factory=Policy)
    sent: dict[str, Sent] = field(default_factory=dict)  # Templates, by message id.
    promoted: dict[str, int] = field(default_factory=dict)  # Promotion per person and period.
    ratings: list[Json] = field(default_factory=list)
    responses: list[Json] = field(default_factory=list)
    rsa_keys: dict[str, str] = field(default_factory=dict)
    journeys: dict[str, tuple[str, int]] = field(default_factory=dict)  # token -> (oa, until)
    ledger: Ledger = field(default_factory=Ledger)

    @classmethod
    def build(cls, settings: Settings, secrets: Secrets) -> Self:
        """Raise what reading the files raises: FileNotFoundError, yaml.YAMLError, ValueError."""
        clock, faults = Clock(), Faults(settings.seed)
        key = secrets.oa_secret_key.get_secret_value()
        sender = WebhookSender(settings.webhook_url, key, settings.webhook_connections)
        webhooks = Webhooks(sender, faults, clock, retry_scale=settings.retry_scale)
        by_id = {account.oa_id: account for account in accounts.load(settings.oas_file)}
        network = Network(by_id, clock, Ids(), webhooks, settings.reads)
        media = Media(settings.base_url(), clock)
        made = cls(
            settings=settings,
            secrets=secrets,
            clock=clock,
            network=network,
            citizen_actions=CitizenActions(network, media),
            webhooks=webhooks,
            faults=faults,
            tokens=Tokens(clock),
            media=media,
            rates=Rates(settings.rate_app_per_minute, settings.rate_oa_per_minute),
            apps=Apps(secrets.app_secret.get_secret_value()),
            assets=Assets(clock),
            articles=Articles(clock, network.ids),
            groups=Groups(clock, network.ids),
            templates=Templates(templates.load(settings.templates_file)),
        )
        if settings.state:
            snapshot.load(settings.state, network, made.tokens)
        return made

    @property
    def ids(self) -> Ids:
        return self.network.ids

    def save_tokens(self) -> None:
        """Called after each new pair of tokens, before they are handed out."""
        if self.settings.state:
            snapshot.save_tokens(self.settings.state, self.tokens)

    def save(self) -> None:
        if self.settings.state:
            snapshot.save_tokens(self.settings.state, self.tokens)
            snapshot.save(self.settings.state, self.network)

    async def keep_saving(self) -> None:
        """A snapshot every few seconds, where something has happened since the last."""
        saved, wait = self.network.age(), SAVE_SECONDS
        while True:
            await asyncio.sleep(wait)
            if self.settings.state and self.network.age() != saved:
                saved, begun = self.network.age(), time.perf_counter()
                await snapshot.save_gently(self.settings.state, self.network)
                wait = max(SAVE_SECONDS, REST * (time.perf_counter() - begun))  # A big network is saved less often.

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.webhooks.stop()
        self.webhooks.sender.close()
        self.save()
