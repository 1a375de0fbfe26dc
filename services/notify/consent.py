"""How an OA authorises us: a link of one use leads its administrator to Zalo and back, and Zalo is asked whose token that gave.

A code alone proves that some OA has consented, not which one: without the question the owner of any OA could take over the
sending of another.
"""

import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from chassis.audit import Access, AuditLog
from chassis.auth import Actor
from chassis.crypto import DecryptionError
from services.notify.keys import Keys
from services.notify.metrics import AUTHORISATIONS
from services.notify.store.oauth_links import Invitation, Inviter, OAuthLinkStore
from services.notify.store.oauth_state import OAuthStateStore, Pending
from services.notify.tokens import TokenProvider
from services.notify.zalo.answer import Answer, Refused, Taken
from services.notify.zalo.client import OpenApi
from services.notify.zalo.oauth import OAuth, Pair, Unsettled, new_verifier

log = structlog.get_logger()

_LINK_LIFE = timedelta(days=1)  # Long enough to reach an administrator in another office.
_OK, _BAD_REQUEST, _BAD_GATEWAY = 200, 400, 502
_ASK_FOR_A_LINK = "Anh/chị vui lòng xin đơn vị vận hành một liên kết mới."
_SILENT = _BAD_GATEWAY, f"Zalo chưa trả lời. {_ASK_FOR_A_LINK}"
_USED = _BAD_REQUEST, f"Liên kết cấp quyền không hợp lệ, đã được sử dụng hoặc đã quá hạn. {_ASK_FOR_A_LINK}"

Page = tuple[int, str]  # The HTTP status and what the administrator reads.


@dataclass(frozen=True, slots=True)
class OAuthConsent:
    oauth: OAuth
    api: OpenApi
    links: OAuthLinkStore
    states: OAuthStateStore
    tokens: TokenProvider
    keys: Keys
    audit: AuditLog
    own_url: str
    on_authorised: Callable[[str], Awaitable[None]]  # (oa_id): what waited for this OA may go.

    async def invite(self, oa_id: str, actor: Actor) -> tuple[str, datetime]:
        """Returns a link for the OA's administrator and when it ends. Raises TransientError."""
        link, until = secrets.token_urlsafe(32), datetime.now(UTC) + _LINK_LIFE
        await self.audit.record(
            actor, Access("authorisation.invite", "oa", [oa_id], oa_id, "a link to authorise the OA")
        )
        await self.links.add(link, Invitation(oa_id, Inviter.of(actor)), until)
        return f"{self.own_url}/oauth/start?link={link}", until

    async def start(self, link: str) -> str | None:
        """Returns the address at Zalo that the administrator is sent to; None for a link that is no longer good.

        Raises TransientError.
        """
        invitation = await self.links.take(link)
        if invitation is None:
            return None
        nonce, verifier = secrets.token_urlsafe(24), new_verifier()
        state = f"{nonce}.{self.keys.signature(nonce, invitation.oa_id)}"
        place = self.states.place(nonce, invitation.oa_id)
        await self.states.start(nonce, Pending(invitation, self.keys.seal(verifier, place)))
        return self.oauth.permission_url(f"{self.own_url}/oauth/callback", state, verifier)

    async def finish(self, code: str, oa_id: str, state: str) -> Page:
        """Raises TransientError."""
        nonce, _, signature = state.partition(".")
        signed = hmac.compare_digest(signature.encode(), self.keys.signature(nonce, oa_id).encode())
        pending = await self.states.finish(nonce) if signed else None
        if pending is None or pending.invitation.oa_id != oa_id:
            return _USED
        try:
            verifier = self.keys.open(pending.verifier, self.states.place(nonce, oa_id)).get_secret_value()
        except DecryptionError:
            return _USED
        grant = await self.oauth.exchange(code, verifier)
        if isinstance(grant, Unsettled):
            return _SILENT
        if not isinstance(grant, Pair):
            AUTHORISATIONS.labels("refused").inc()
            return _BAD_REQUEST, f"Zalo từ chối mã cấp quyền này (mã lỗi {grant.code}). {_ASK_FOR_A_LINK}"
        owner = await self.api.owner(grant.access.get_secret_value())
        return refusal(owner, oa_id) or await self._adopt(pending.invitation, grant)

    async def _adopt(self, invitation: Invitation, pair: Pair) -> Page:
        """On record before it is used: whoever can replace an authorisation could send in the OA's name."""
        oa_id, replaces = invitation.oa_id, await self.tokens.is_authorised(invitation.oa_id)
        action = "authorisation.replace" if replaces else "authorisation.grant"
        access = Access(action, "oa", [oa_id], oa_id, "the OA's administrator consented at Zalo")
        await self.audit.record(invitation.inviter.actor(), access)
        await self.tokens.adopt(oa_id, pair)
        AUTHORISATIONS.labels("replaced" if replaces else "granted").inc()
        if replaces:
            remedy = "nothing if it was meant; otherwise ask who made the link, `audit.events` names them"
            log.warning("authorisation_replaced", oa=oa_id, by=invitation.inviter.id, remedy=remedy)
        await self.on_authorised(oa_id)
        return _OK, f"Official Account {oa_id} đã cho phép hệ thống gửi tin. Anh/chị có thể đóng trang này."


def refusal(owner: Answer, oa_id: str) -> Page | None:
    """Returns why a token is not taken, by what Zalo answered to the question whose it is; None where it is this OA's."""
    match owner:
        case Taken(data=dict() as data) if str(data.get("oa_id", "")) == oa_id:
            return None
        case Taken(data=dict() as data) if data.get("oa_id"):
            AUTHORISATIONS.labels("foreign").inc()
            log.warning("foreign_authorisation", oa=oa_id, remedy="ask who opened the link: another OA consented")
            return (
                _BAD_REQUEST,
                f"Quyền vừa cấp thuộc về một Official Account khác, không phải {oa_id}. {_ASK_FOR_A_LINK}",
            )
        case Refused(code=code):
            AUTHORISATIONS.labels("unproven").inc()
            return _BAD_REQUEST, f"Zalo không xác nhận quyền này (mã lỗi {code}). {_ASK_FOR_A_LINK}"
        case _:
            AUTHORISATIONS.labels("unproven").inc()
            return _SILENT
