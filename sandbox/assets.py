"""What an OA uploaded: attachment ids and file tokens, good for seven days."""

import secrets
from dataclasses import dataclass, field

from sandbox.clock import DAY_MS, Clock
from sandbox.errors import ZaloError
from sandbox.media import Stored

LIFE_MS = 7 * DAY_MS


@dataclass(frozen=True, slots=True)
class Asset:
    asset_id: str
    oa_id: str
    kind: str  # image, gif or file
    stored: Stored
    at_ms: int


@dataclass(slots=True)
class Assets:
    clock: Clock
    _assets: dict[str, Asset] = field(default_factory=dict)

    def add(self, oa_id: str, kind: str, stored: Stored) -> Asset:
        now = self.clock.now_ms()
        self._assets = {key: asset for key, asset in self._assets.items() if now - asset.at_ms <= 2 * LIFE_MS}
        asset = Asset(secrets.token_urlsafe(48), oa_id, kind, stored, now)
        self._assets[asset.asset_id] = asset
        return asset

    def media(self, oa_id: str, asset_id: str, kind: str) -> Asset:
        """Raise ZaloError -100 when it is expired, foreign, or of another kind."""
        asset = self._assets.get(asset_id)
        if asset is None or asset.oa_id != oa_id or asset.kind != kind or self.clock.now_ms() - asset.at_ms > LIFE_MS:
            raise ZaloError(-100)
        return asset

    def file(self, oa_id: str, token: str) -> Asset:
        return self.media(oa_id, token, "file")
