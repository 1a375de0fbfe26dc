"""All stores of notify."""

from dataclasses import dataclass

from chassis.mongo import Database
from chassis.service import Store
from services.notify.store.claims import ClaimStore
from services.notify.store.clock import LedgerClock
from services.notify.store.echoes import EchoStore
from services.notify.store.inspect import Inspector
from services.notify.store.ledger import Ledger
from services.notify.store.oauth_links import OAuthLinkStore
from services.notify.store.oauth_state import OAuthStateStore
from services.notify.store.receipts import Receipts
from services.notify.store.tokens import TokenStore
from services.notify.store.uploads import Uploads
from services.notify.store.windows import Windows


@dataclass(frozen=True, slots=True)
class Stores:
    worker_id: str  # This process, as claims name it.
    clock: LedgerClock
    ledger: Ledger
    claims: ClaimStore
    inspector: Inspector
    receipts: Receipts
    echoes: EchoStore
    windows: Windows
    tokens: TokenStore
    oauth_links: OAuthLinkStore
    oauth_states: OAuthStateStore
    uploads: Uploads

    def all(self) -> tuple[Store, ...]:
        """Returns those that prepare something: `claims` and `inspector` use the ledger's indexes."""
        return (
            self.clock,
            self.ledger,
            self.receipts,
            self.echoes,
            self.windows,
            self.tokens,
            self.oauth_links,
            self.oauth_states,
            self.uploads,
        )


def open_stores(db: Database, worker_id: str, ledger_days: int) -> Stores:
    deliveries = db["deliveries"]
    return Stores(
        worker_id,
        LedgerClock(db),
        Ledger(deliveries, worker_id, ledger_days),
        ClaimStore(deliveries, worker_id),
        Inspector(deliveries),
        Receipts(deliveries, db["early"]),
        EchoStore(db["echoes"]),
        Windows(db["windows"]),
        TokenStore(db["tokens"]),
        OAuthLinkStore(db["oauth_links"]),
        OAuthStateStore(db["oauth"]),
        Uploads(db["uploads"]),
    )
