"""GET and POST /v4/oa/permission: the page on which an OA's administrator lets an app act for it."""

from html import escape
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from sandbox.platform import Platform

STYLE = """
body { font: 16px/1.5 "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; margin: 0; background: #edf1f6; color: #12233c }
main { max-width: 30rem; box-sizing: border-box; margin: 6vh auto; padding: 24px; background: #fff; border-radius: 16px }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .6rem }
p { margin: .4rem 0 1rem; overflow-wrap: anywhere }
small { color: #55647a }
fieldset { border: 0; margin: 0; padding: 0 }
legend { font-weight: 600; padding: 0; margin-bottom: .4rem }
label { display: flex; gap: .7rem; align-items: center; padding: .7rem .8rem; margin: .45rem 0 }
label { border: 1px solid #dde4ed; border-radius: 12px; cursor: pointer }
label:has(:checked) { border-color: #0b63e5; background: #e8f1ff }
input { width: 18px; height: 18px; accent-color: #0b63e5 }
button { font: inherit; font-weight: 600; width: 100%; min-height: 46px; margin: 1rem 0; cursor: pointer }
button { border: 0; border-radius: 23px; background: #0b63e5; color: #fff }
:focus-visible { outline: 2px solid #0b63e5; outline-offset: 2px }
@media (max-width: 500px) { main { margin: 0; min-height: 100vh; border-radius: 0 } }
"""
GRANT = """<p>Ứng dụng <b>{app_id}</b> xin phép quản lý thông tin và gửi tin nhắn thay mặt
Official Account.</p>
<form method="post" action="/v4/oa/permission">{hidden}
<fieldset><legend>Chọn Official Account cấp quyền</legend>{choices}</fieldset>
<button type="submit">Đồng ý cấp quyền</button></form>"""
REFUSAL = "Không thể cấp quyền"
REFUSED = "<p>Mã lỗi {code}: {words}</p><p>Xin kiểm tra lại liên kết mà ứng dụng đã đưa cho bạn.</p>"


def permission(platform: Platform) -> APIRouter:
    router = APIRouter(tags=["oauth"])

    @router.get("/v4/oa/permission", response_class=HTMLResponse)
    async def show_form(
        app_id: Annotated[str, Query(max_length=40)] = "",
        redirect_uri: Annotated[str, Query(max_length=2_000)] = "",
        state: Annotated[str, Query(max_length=2_000)] = "",
        code_challenge: Annotated[str, Query(max_length=200)] = "",
    ) -> Response:
        """The form. -14002 for an app nobody knows, -14003 for a redirect_uri that is no address."""
        refused = _refusal(platform, app_id, redirect_uri)
        if refused is not None:
            return refused
        fields = {"app_id": app_id, "redirect_uri": redirect_uri, "state": state, "code_challenge": code_challenge}
        return _form(platform, app_id, fields)

    @router.post("/v4/oa/permission", response_class=RedirectResponse, status_code=302)
    async def grant(
        app_id: Annotated[str, Form(max_length=40)] = "",
        oa_id: Annotated[str, Form(max_length=40)] = "",
        redirect_uri: Annotated[str, Form(max_length=2_000)] = "",
        state: Annotated[str, Form(max_length=2_000)] = "",
        code_challenge: Annotated[str, Form(max_length=200)] = "",
    ) -> Response:
        """Redirect to redirect_uri?code=…&oa_id=…&state=…: the code lives ten minutes and works once."""
        refused = _refusal(platform, app_id, redirect_uri)
        if refused is not None:
            return refused
        account = platform.network.accounts.get(oa_id)
        if account is None or account.record.app_id != app_id:
            return _page(REFUSAL, REFUSED.format(code=-14002, words="Official Account không hợp lệ"))
        account.authorised = True
        query = {"code": platform.tokens.code(app_id, oa_id, code_challenge), "oa_id": oa_id}
        query |= {"state": state} if state else {}
        query |= {"code_challenge": code_challenge} if code_challenge else {}
        glue = "&" if urlsplit(redirect_uri).query else "?"
        return RedirectResponse(f"{redirect_uri}{glue}{urlencode(query)}", status_code=302)

    return router


def _form(platform: Platform, app_id: str, fields: dict[str, str]) -> Response:
    """The page with one choice per OA of the app; what the app gave travels along, escaped."""
    mine = [account.record for account in platform.network.accounts.values() if account.record.app_id == app_id]
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields.items())
    choices = "".join(
        f'<label><input type="radio" name="oa_id" value="{escape(record.oa_id)}"{" checked" * (index == 0)}> '
        f"{escape(record.name)}</label>"
        for index, record in enumerate(mine)
    )
    return _page("Cấp quyền cho ứng dụng", GRANT.format(app_id=escape(app_id), hidden=hidden, choices=choices))


def _page(title: str, body: str) -> Response:
    """One small document, fit for a phone's width."""
    head = f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{title}</title><style>{STYLE}</style>'
    foot = "<small>Đây là Zalo giả lập của Loa, không phải trang của Zalo.</small>"
    return HTMLResponse(
        f'<!doctype html><html lang="vi"><meta charset="utf-8">{head}<main><h1>{title}</h1>{body}{foot}</main></html>'
    )


def _refusal(platform: Platform, app_id: str, redirect_uri: str) -> Response | None:
    if all(account.record.app_id != app_id for account in platform.network.accounts.values()):
        return _page(REFUSAL, REFUSED.format(code=-14002, words="Ứng dụng không hợp lệ (Invalid app id)"))
    try:
        parts = urlsplit(redirect_uri)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return _page(
            REFUSAL, REFUSED.format(code=-14003, words="Địa chỉ chuyển hướng không hợp lệ (Invalid redirect uri)")
        )
    return None
