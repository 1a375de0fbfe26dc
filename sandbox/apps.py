"""The apps that call: their standing with the platform, and their secret."""

import hashlib
import hmac
from dataclasses import dataclass, field

from sandbox.errors import Family, ZaloError


@dataclass(slots=True)
class App:
    """Administrative standing of one app; each flag has its error code."""

    active: bool = True  # Else -209.
    removed: bool = False  # -219.
    proof_needed: bool = False  # Then appsecret_proof must come with each call: -242.


@dataclass(slots=True, repr=False)
class Apps:
    secret: str
    by_id: dict[str, App] = field(default_factory=dict)

    def app(self, app_id: str) -> App:
        return self.by_id.setdefault(app_id, App())

    def check(self, app_id: str, access_token: str, proof: str, family: Family) -> None:
        """Raise ZaloError -209, -219 or -242; on the business host -103 and -104."""
        zns = family == "zns"
        app = self.by_id.get(app_id)
        if app is not None and app.removed:
            raise ZaloError(-219)
        if app is not None and not app.active:
            raise ZaloError(-103 if zns else -209, family=family)
        needed = app is not None and app.proof_needed
        if (proof or needed) and not hmac.compare_digest(proof.encode(), self.proof(access_token).encode()):
            raise ZaloError(-104 if zns else -242, family=family)

    def proof(self, access_token: str) -> str:
        """HMAC-SHA256 of the access token under the app secret."""
        return hmac.new(self.secret.encode(), access_token.encode(), hashlib.sha256).hexdigest()
