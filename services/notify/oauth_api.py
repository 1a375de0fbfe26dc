"""How an OA authorises us: its administrator is led to Zalo and back, with PKCE and a state that only we can have written."""

import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from chassis.auth import public
from chassis.crypto import DecryptionError
from chassis.errors import TransientError
from services.notify.keys import Keys
from services.notify.store.oauth_state import OAuthStateStore
from services.notify.tokens import TokenProvider
from services.notify.zalo.oauth import OAuth, Pair, Unsettled, new_verifier

_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>body{{font:18px/1.6 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem;color:#1c2733}}
h1{{font-size:1.5rem;color:{color}}}</style><h1>{title}</h1><p>{words}</p></html>"""
_GOOD, _BAD = "#0b6b3a", "#a12622"
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
}
_SEE_OTHER, _BAD_REQUEST, _BAD_GATEWAY, _UNAVAILABLE = 303, 400, 502, 503


@dataclass(frozen=True, slots=True)
class OAuthConsent:
    oauth: OAuth
    states: OAuthStateStore
    tokens: TokenProvider
    keys: Keys
    own_url: str
    on_authorised: Callable[[str], Awaitable[None]]  # (oa_id): what waited for this OA may go.

    async def start(self, oa_id: str) -> str:
        """Returns the address the administrator is sent to. Raises TransientError."""
        nonce, verifier = secrets.token_urlsafe(24), new_verifier()
        state = f"{nonce}.{self.keys.signature(nonce, oa_id)}"
        await self.states.start(nonce, oa_id, self.keys.seal_verifier(verifier, nonce))
        return self.oauth.permission_url(f"{self.own_url}/oauth/callback", state, verifier)

    async def finish(self, code: str, oa_id: str, state: str) -> tuple[int, str]:
        """Returns the HTTP status and what the administrator reads. Raises TransientError."""
        nonce, _, signature = state.partition(".")
        pending = await self.states.finish(nonce) if self._is_signed_by_us(nonce, signature, oa_id) else None
        if pending is None or pending[0] not in ("", oa_id):
            return (
                _BAD_REQUEST,
                "Liên kết cấp quyền không hợp lệ, đã được sử dụng hoặc đã quá 10 phút. Vui lòng bắt đầu lại.",
            )
        try:
            verifier = self.keys.open_verifier(pending[1], nonce)
        except DecryptionError:
            return _BAD_REQUEST, "Liên kết cấp quyền không hợp lệ. Vui lòng bắt đầu lại."
        grant = await self.oauth.exchange(code, verifier)
        if isinstance(grant, Unsettled):
            return _BAD_GATEWAY, "Zalo chưa trả lời. Vui lòng bắt đầu lại sau ít phút."
        if not isinstance(grant, Pair):
            return _BAD_REQUEST, f"Zalo từ chối mã cấp quyền này (mã lỗi {grant.code}). Vui lòng bắt đầu lại."
        await self.tokens.adopt(oa_id, grant)
        await self.on_authorised(oa_id)
        return 200, f"Official Account {oa_id} đã cho phép hệ thống gửi tin. Anh/chị có thể đóng trang này."

    def _is_signed_by_us(self, nonce: str, signature: str, oa_id: str) -> bool:
        """Signed for this OA, or for any."""
        return any(
            hmac.compare_digest(signature.encode(), self.keys.signature(nonce, signed_oa_id).encode())
            for signed_oa_id in (oa_id, "")
        )


def router(consent: OAuthConsent) -> APIRouter:
    reason = "a person's browser comes from and goes back to Zalo; the state is signed and good once"
    pages = APIRouter(prefix="/oauth", tags=["tokens"], dependencies=[public(reason)])

    @pages.get("/start", response_class=RedirectResponse, response_model=None)
    async def start(oa_id: Annotated[str, Query(pattern=r"^[0-9]{0,19}$")] = "") -> RedirectResponse | HTMLResponse:
        """Leads an OA's administrator to Zalo's permission page."""
        try:
            return RedirectResponse(await consent.start(oa_id), _SEE_OTHER, _HEADERS)
        except TransientError:
            return _page(_UNAVAILABLE, "Hệ thống đang bận. Vui lòng thử lại sau ít phút.")

    @pages.get("/callback", response_class=HTMLResponse)
    async def callback(
        code: Annotated[str, Query(min_length=1, max_length=2_048)],
        oa_id: Annotated[str, Query(pattern=r"^[0-9]{1,19}$")],
        state: Annotated[str, Query(max_length=256)] = "",
    ) -> HTMLResponse:
        """Where Zalo sends them back to, with a code."""
        try:
            return _page(*await consent.finish(code, oa_id, state))
        except TransientError:
            return _page(_UNAVAILABLE, "Hệ thống đang bận. Vui lòng bắt đầu lại sau ít phút.")

    return pages


def _page(status: int, words: str) -> HTMLResponse:
    good = status == 200  # noqa: PLR2004 — HTTP.
    title = "Đã kết nối Zalo OA" if good else "Chưa kết nối được Zalo OA"
    return HTMLResponse(_PAGE.format(title=title, words=words, color=_GOOD if good else _BAD), status, _HEADERS)
