"""OAuth v4 as Zalo runs it: a code lives ten minutes and once, a refresh token once, an access token until the next."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field

from sandbox.clock import DAY_MS, MINUTE_MS, Clock
from sandbox.errors import ZaloError

CODE_MS = 10 * MINUTE_MS
ACCESS_SECONDS = 90_000  # 25 hours.
REFRESH_MS = 90 * DAY_MS


class OAuthError(Exception):
    """Answered with HTTP 200 as {error, error_name, error_reason, error_description, ref_doc}."""

    def __init__(self, code: int, name: str, reason: str) -> None:
        super().__init__(code)
        self.code = code
        self.name = name
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Code:
    app_id: str
    oa_id: str
    challenge: str
    until_ms: int


@dataclass(slots=True, repr=False)
class Grant:
    """The one live pair of an OA. Issuing a new pair kills the old access token at once."""

    app_id: str
    oa_id: str
    access_token: str
    access_until_ms: int
    refresh_token: str
    refresh_until_ms: int


@dataclass(slots=True, repr=False)
class Tokens:
    clock: Clock
    grants: dict[str, Grant] = field(default_factory=dict)  # by OA
    _access: dict[str, Grant] = field(default_factory=dict)
    _refresh: dict[str, Grant] = field(default_factory=dict)
    _codes: dict[str, Code] = field(default_factory=dict)
    _removed: set[str] = field(default_factory=set)  # Access tokens whose OA withdrew its grant.

    def code(self, app_id: str, oa_id: str, challenge: str) -> str:
        """An authorization code for this OA; `challenge` may be empty when the client uses no PKCE."""
        now = self.clock.now_ms()
        self._codes = {code: issued for code, issued in self._codes.items() if issued.until_ms > now}
        code = secrets.token_urlsafe(48)
        self._codes[code] = Code(app_id, oa_id, challenge, now + CODE_MS)
        return code

    def exchange(self, code: str, app_id: str, verifier: str) -> Grant:
        """Raise OAuthError for a spent, late or foreign code, or a verifier that does not fit the challenge."""
        issued = self._codes.pop(code, None)
        if issued is None or issued.until_ms <= self.clock.now_ms() or issued.app_id != app_id:
            raise OAuthError(-14010, "Invalid authorization code", "Authorization code is invalid, used or expired")
        if issued.challenge and issued.challenge != challenge_of(verifier):
            raise OAuthError(-14003, "Invalid code verifier", "code_verifier does not match code_challenge")
        return self.issue(app_id, issued.oa_id)

    def refresh(self, refresh_token: str, app_id: str) -> Grant:
        """Raise OAuthError for a refresh token that was spent, replaced, forgotten or belongs to another app."""
        grant = self._refresh.get(refresh_token)
        if grant is None or grant.app_id != app_id:
            raise OAuthError(-14014, "Invalid refresh token", "Refresh token is invalid or already used")
        if grant.refresh_until_ms <= self.clock.now_ms():
            raise OAuthError(-14014, "Invalid refresh token", "Refresh token has expired")
        return self.issue(grant.app_id, grant.oa_id)

    def issue(self, app_id: str, oa_id: str) -> Grant:
        """A new pair; the OA's former pair is dead from now on."""
        self._forget(oa_id)
        now = self.clock.now_ms()
        grant = Grant(
            app_id,
            oa_id,
            secrets.token_urlsafe(96),
            now + ACCESS_SECONDS * 1000,
            secrets.token_urlsafe(96),
            now + REFRESH_MS,
        )
        self.add(grant)
        return grant

    def add(self, grant: Grant) -> None:
        self.grants[grant.oa_id] = grant
        self._access[grant.access_token] = grant
        self._refresh[grant.refresh_token] = grant

    def holder(self, access_token: str) -> Grant:
        """Whose token this is. Raise ZaloError -216 (invalid, expired) or -220 (the OA withdrew its grant)."""
        grant = self._access.get(access_token)
        if grant is None:
            raise ZaloError(-220 if access_token in self._removed else -216)
        if grant.access_until_ms <= self.clock.now_ms():
            raise ZaloError(-216, "access token has expired")
        return grant

    def expire(self, oa_id: str | None = None) -> int:
        """Let access tokens run out now, of one OA or (None) of all. Return how many."""
        due = [grant for grant in self.grants.values() if oa_id in (None, grant.oa_id)]
        for grant in due:
            grant.access_until_ms = 0
        return len(due)

    def revoke(self, oa_id: str) -> bool:
        """The OA's administrator withdraws the grant: both tokens are gone."""
        grant = self.grants.get(oa_id)
        if grant is None:
            return False
        self._removed.add(grant.access_token)
        self._forget(oa_id)
        return True

    def _forget(self, oa_id: str) -> None:
        old = self.grants.pop(oa_id, None)
        if old is not None:
            self._access.pop(old.access_token, None)
            self._refresh.pop(old.refresh_token, None)


def challenge_of(verifier: str) -> str:
    """base64url(SHA-256(verifier)) without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
