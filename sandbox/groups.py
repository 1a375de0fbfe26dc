"""Groups (GMF) of an OA: members, requests to join, and the paid asset each group lives on."""

from collections import deque
from dataclasses import dataclass, field

from sandbox.clock import DAY_MS, Clock
from sandbox.errors import ZaloError
from sandbox.ids import Ids
from sandbox.people import HISTORY, Json

SIZES = {"gmf10": 10, "gmf50": 50, "gmf100": 100, "gmf1000": 1_000}
ASSET_DAYS = 30
GRACE_MS = 45 * DAY_MS  # After the asset lapsed, the group is deleted.
FREE = "gmf10"


@dataclass(slots=True)
class Asset:
    asset_id: str
    oa_id: str
    product: str
    until_ms: int
    group_id: str = ""  # Which group lives on it.

    @property
    def free(self) -> bool:
        return self.product == FREE


@dataclass(slots=True)
class Group:
    group_id: str
    oa_id: str
    name: str
    description: str
    asset_id: str
    at_ms: int
    members: list[str] = field(default_factory=list)  # user ids
    admins: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    history: "deque[Json]" = field(default_factory=lambda: deque(maxlen=HISTORY))


@dataclass(slots=True)
class Groups:
    clock: Clock
    ids: Ids
    by_id: dict[str, Group] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)

    def assets_of(self, oa_id: str) -> list[Asset]:
        """One asset of each size, made when first asked for."""
        until = self.clock.now_ms() + ASSET_DAYS * DAY_MS
        for product in SIZES:
            asset_id = f"{oa_id}-{product}"
            self.assets.setdefault(asset_id, Asset(asset_id, oa_id, product, until))
        return [asset for asset in self.assets.values() if asset.oa_id == oa_id]

    def free_asset(self, oa_id: str, asset_id: str) -> Asset:
        """An asset on which a group may begin. Raise ZaloError -201, -241 (free one used) or -238 (used, lapsed)."""
        asset = next((each for each in self.assets_of(oa_id) if each.asset_id == asset_id), None)
        if asset is None:
            raise ZaloError(-201, "asset_id")
        if asset.group_id:
            raise ZaloError(-241 if asset.free else -238)
        if asset.until_ms < self.clock.now_ms():
            raise ZaloError(-238)
        return asset

    def create(self, oa_id: str, name: str, description: str, asset: Asset) -> Group:
        group = Group(self.ids.number(), oa_id, name, description, asset.asset_id, self.clock.now_ms())
        self.by_id[group.group_id] = group
        asset.group_id = group.group_id
        return group

    def find(self, oa_id: str, group_id: str) -> Group:
        """Raise ZaloError -201 (no such group), -403 (another OA's), -237 (45 days after its asset lapsed)."""
        group = self.by_id.get(group_id)
        if group is None:
            raise ZaloError(-201, "group_id")
        if group.oa_id != oa_id:
            raise ZaloError(-403)
        if self.assets[group.asset_id].until_ms + GRACE_MS < self.clock.now_ms():
            raise ZaloError(-237)
        return group

    def free_seats(self, group: Group) -> int:
        """How many more members its asset allows."""
        return SIZES[self.assets[group.asset_id].product] - len(group.members)

    def move(self, group: Group, asset: Asset) -> None:
        self.assets[group.asset_id].group_id = ""
        group.asset_id, asset.group_id = asset.asset_id, group.group_id

    def delete(self, group: Group) -> None:
        self.assets[group.asset_id].group_id = ""
        del self.by_id[group.group_id]

    def of(self, oa_id: str) -> list[Group]:
        return [group for group in self.by_id.values() if group.oa_id == oa_id]
