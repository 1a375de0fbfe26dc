"""All that is kept, in one hand."""

from dataclasses import dataclass

from chassis.mongo import Database
from services.notify.store.claims import Claims
from services.notify.store.inspect import Inspector
from services.notify.store.ledger import Ledger
from services.notify.store.oauth import Pending
from services.notify.store.receipts import Receipts
from services.notify.store.tokens import Tokens
from services.notify.store.uploads import Uploads
from services.notify.store.windows import Windows


@dataclass(frozen=True, slots=True)
class Shelf:
    owner: str  # This process, as claims name it.
    ledger: Ledger
    claims: Claims
    inspector: Inspector
    receipts: Receipts
    windows: Windows
    tokens: Tokens
    pending: Pending
    uploads: Uploads


def shelf(db: Database, owner: str, ledger_days: int) -> Shelf:
    deliveries = db["deliveries"]
    return Shelf(
        owner,
        Ledger(deliveries, owner, ledger_days),
        Claims(deliveries, owner),
        Inspector(deliveries),
        Receipts(deliveries, db["early"]),
        Windows(db["windows"]),
        Tokens(db["tokens"]),
        Pending(db["oauth"]),
        Uploads(db["uploads"]),
    )
