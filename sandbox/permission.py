"""GET and POST /v4/oa/permission: the page on which an OA's administrator lets an app act for it."""

from html import escape
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from sandbox.platform import Platform

PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>Cấp quyền cho ứng dụng</title>
<style>body{{font:16px/1.5 system-ui;max-width:32rem;margin:2rem auto;padding:0 1rem}}
label{{display:block;padding:.6rem;border:1px solid #ccd;border-radius:.5rem;margin:.4rem 0}}
button{{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:.5rem;background:#0068ff;color:#fff}}</style>
<h1>Cấp quyền cho ứng dụng</h1>
<p>Ứng dụng <b>{app_id}</b> xin phép quản lý thông tin và gửi tin nhắn thay mặt Official Account.
Xin chọn Official Account muốn cấp quyền.</p>
<form method="post" action="/v4/oa/permission">{hidden}{choices}<button type="submit">Đồng ý cấp quyền</button></form>
<p><small>Đây là Zalo giả lập của Loa, không phải trang của Zalo.</small></p></html>"""
ERROR = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Không thể cấp quyền</title>
<h1>Không thể cấp quyền</h1><p>Mã lỗi {code}: {words}</p></html>"""


def permission(platform: Platform) -> APIRouter:
    router = APIRouter(tags=["oauth"])

    @router.get("/v4/oa/permission", response_class=HTMLResponse)
    async def ask(
        app_id: Annotated[str, Query(max_length=40)] = "",
        redirect_uri: Annotated[str, Query(max_length=2_000)] = "",
        state: Annotated[str, Query(max_length=2_000)] = "",
        code_challenge: Annotated[str, Query(max_length=200)] = "",
    ) -> Response:
        """The form. -14002 for an app nobody knows, -14003 for a redirect_uri that is no address."""
        refused = _refusal(platform, app_id, redirect_uri)
        if refused is not None:
            return refused
        kept = {"app_id": app_id, "redirect_uri": redirect_uri, "state": state, "code_challenge": code_challenge}
        return HTMLResponse(_form(platform, app_id, kept))

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
        account = platform.world.accounts.get(oa_id)
        if account is None or account.record.app_id != app_id:
            return HTMLResponse(ERROR.format(code=-14002, words="Official Account không hợp lệ"))
        account.authorised = True
        said = {"code": platform.tokens.code(app_id, oa_id, code_challenge), "oa_id": oa_id}
        said |= {"state": state} if state else {}
        said |= {"code_challenge": code_challenge} if code_challenge else {}
        glue = "&" if urlsplit(redirect_uri).query else "?"
        return RedirectResponse(f"{redirect_uri}{glue}{urlencode(said)}", status_code=302)

    return router


def _form(platform: Platform, app_id: str, kept: dict[str, str]) -> str:
    """The page with one choice per OA of the app; what the app gave travels along, escaped."""
    mine = [account.record for account in platform.world.accounts.values() if account.record.app_id == app_id]
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in kept.items())
    choices = "".join(
        f'<label><input type="radio" name="oa_id" value="{escape(record.oa_id)}"{" checked" * (nth == 0)}> '
        f"{escape(record.name)}</label>"
        for nth, record in enumerate(mine)
    )
    return PAGE.format(app_id=escape(app_id), hidden=hidden, choices=choices)


def _refusal(platform: Platform, app_id: str, redirect_uri: str) -> Response | None:
    if all(account.record.app_id != app_id for account in platform.world.accounts.values()):
        return HTMLResponse(ERROR.format(code=-14002, words="Ứng dụng không hợp lệ (Invalid app id)"))
    try:
        parts = urlsplit(redirect_uri)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return HTMLResponse(ERROR.format(code=-14003, words="Địa chỉ chuyển hướng không hợp lệ (Invalid redirect uri)"))
    return None
