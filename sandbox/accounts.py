"""The OAs: who they are (a file), and what the platform stores about them (package, wallet, status)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from sandbox.errors import Family, ZaloError


class OaRecord(BaseModel):
    """One line of content/demo/oas.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    oa_id: str = Field(pattern=r"^[0-9]{1,19}$")
    name: str = Field(min_length=1, max_length=100)
    kind: str = Field(pattern=r"^[a-z_]{1,40}$")
    app_id: str = Field(pattern=r"^[0-9]{1,19}$")
    description: str = Field("", max_length=500)
    pack: str = Field("", max_length=40)


@dataclass(slots=True)
class Account:
    """What the platform knows of one OA. The flags are its administrative standing; each has its error code."""

    record: OaRecord
    verified: bool = True  # Else -221 where verification is asked for.
    deleted: bool = False  # -204.
    missing: bool = False  # -205.
    authorised: bool = True  # Consent of the OA to the app: else -223.
    package: str = "advanced"  # basic and standard have no API: -224.
    oa_type: int = 2  # 2: organisation; groups need it: -235.
    forbidden_paths: frozenset[str] = frozenset()  # APIs not registered for the app: -212.
    zca_linked: bool = True  # Wallet: -320, -136.
    balance: int = 1_000_000  # Dong: -321, -115.
    sub_quota: int = 0  # Consultation messages of the package beyond 48 hours.
    blocked_by_zns: bool = False  # -1351.
    zns_allowed: bool = True  # -135.
    daily_quota: int = 5_000  # Templates by phone.
    promotion_quota: int = 10_000  # Promotion templates per month.
    trial_balance: int = 100_000  # Wallet of the development mode: -126.
    payments_fail: bool = False  # -137.
    broadcast_quota: int = 4  # Per month.
    article_quota: int = 1_000
    asset_quota: int = 5_000  # Uploads per month.
    used: dict[str, int] = field(default_factory=dict)  # "what|period" -> how many.

    @property
    def oa_id(self) -> str:
        return self.record.oa_id

    def admit(self, path: str, family: Family) -> None:
        """Raise the ZaloError of an OA that may not use this API at all; the two hosts have different codes."""
        zns = family == "zns"
        if self.deleted or self.missing:
            raise ZaloError(-125 if zns else -204 if self.deleted else -205, family=family)
        if not self.authorised:
            raise ZaloError(-105 if zns else -223, family=family)
        if self.package in ("basic", "standard"):
            raise ZaloError(-120 if zns else -224, family=family)
        if self.forbidden_paths and path in self.forbidden_paths:
            raise ZaloError(-138 if zns else -212, family=family)

    def pay(self, dong: int) -> None:
        """Take money from the wallet. Raise ZaloError -320 without a wallet, -321 with too little in it."""
        if not self.zca_linked:
            raise ZaloError(-320)
        if self.balance < dong:
            raise ZaloError(-321)
        self.balance -= dong

    def consume(self, what: str, period: str, limit: int) -> int:
        """Count one use in this period. Return what remains, or -1 when nothing was left (and nothing was counted)."""
        key = f"{what}|{period}"
        spent = self.used.get(key, 0)
        if spent >= limit:
            return -1
        self.used[key] = spent + 1
        return limit - spent - 1


_records = TypeAdapter(list[OaRecord])


def load(path: Path) -> list[Account]:
    """Raise FileNotFoundError, yaml.YAMLError or pydantic.ValidationError; ValueError on a doubled OA."""
    return accounts(_records.validate_python(yaml.safe_load(path.read_text("utf-8"))))


def accounts(records: Iterable[OaRecord]) -> list[Account]:
    by_id: dict[str, Account] = {}
    for record in records:
        if record.oa_id in by_id:
            raise ValueError(f"OA {record.oa_id} is listed twice")
        by_id[record.oa_id] = Account(record)
    return list(by_id.values())
