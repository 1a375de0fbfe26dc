"""The OAs and apps that a replica knows: plain values in memory, read on every webhook. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from chassis.errors import TransientError

LIVE_SECRETS = 2  # The new one and the one before it, while Zalo's console and we are changed one after the other.


@dataclass(frozen=True, slots=True)
class App:
    app_id: str
    secrets: tuple[bytes, ...] = field(default=(), repr=False)  # Newest first.
    verifications: tuple[str, ...] = ()  # What Zalo wants to find on our domain.


@dataclass(frozen=True, slots=True)
class Account:
    oa_id: str
    app_id: str
    name: str
    enabled: bool = True
    secrets: tuple[bytes, ...] = field(default=(), repr=False)  # Only where this OA has its own.


@dataclass(slots=True)
class RegistryCache:
    """Replaced piece by piece by the watcher; never waits."""

    accounts: dict[str, Account] = field(default_factory=dict)
    apps: dict[str, App] = field(default_factory=dict)
    loaded: bool = False  # Before that, nobody can say what is known.

    def knows(self, oa_id: str) -> bool:
        return oa_id in self.accounts

    def account(self, oa_id: str | None) -> Account | None:
        return self.accounts.get(oa_id) if oa_id else None

    def secrets(self, app_id: str, oa_id: str | None) -> tuple[bytes, ...]:
        """(app, OA) first, then the app: Zalo's console shows one per app, some report one per OA."""
        account, app = self.account(oa_id), self.apps.get(app_id)
        own = account.secrets if account and account.app_id == app_id else ()
        return own + app.secrets if app else own

    def serves(self, app_id: str) -> bool:
        return app_id in self.apps or any(account.app_id == app_id for account in self.accounts.values())

    def verifications(self) -> list[str]:
        return [code for app in self.apps.values() for code in app.verifications]

    def update(self, accounts: Iterable[Account], apps: Iterable[App]) -> None:
        self.accounts.update((account.oa_id, account) for account in accounts)
        self.apps.update((app.app_id, app) for app in apps)
        self.loaded = True

    async def ready(self) -> None:
        """Raises TransientError until it was loaded."""
        if not self.loaded:
            raise TransientError("the registry has not been read yet: is MongoDB up at MONGO_URL?")
