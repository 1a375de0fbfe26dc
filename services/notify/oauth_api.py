"""The pages on which an OA's administrator authorises us."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from chassis.auth import public
from chassis.errors import TransientError
from chassis.pages import PAGE_HEADERS
from services.notify.consent import OAuthConsent

_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>body{{font:18px/1.6 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem;color:#1c2733}}
h1{{font-size:1.5rem;color:{color}}}
button{{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:.5rem;color:#fff;background:#0b6b3a}}
</style><h1>{title}</h1><p>{words}</p>{form}</html>"""
_FORM = """<form method="post" action="/oauth/start?link={link}"><button>Tiếp tục đến Zalo</button></form>"""
_GOOD, _BAD = "#0b6b3a", "#a12622"
_OK, _SEE_OTHER, _BAD_REQUEST, _UNAVAILABLE = 200, 303, 400, 503
_BUSY = _UNAVAILABLE, "Hệ thống đang bận. Anh/chị vui lòng thử lại sau ít phút."

Link = Annotated[str, Query(pattern=r"^[A-Za-z0-9_-]{20,64}$")]


def router(consent: OAuthConsent) -> APIRouter:
    reason = (
        "a person's browser, with a link of one use, goes to Zalo and comes back; the state is signed and good once"
    )
    pages = APIRouter(prefix="/oauth", tags=["tokens"], dependencies=[public(reason)])

    @pages.get("/start", response_class=HTMLResponse)
    def show(link: Link) -> HTMLResponse:
        """A page with a button. Whatever merely looks at a link, such as a chat's preview, does not use it up."""
        words = "Anh/chị sắp được chuyển đến Zalo để cho phép hệ thống gửi tin thay mặt Official Account."
        return _page(_OK, words, title="Cấp quyền gửi tin", form=_FORM.format(link=link))

    @pages.post("/start", response_class=RedirectResponse, response_model=None)
    async def start(link: Link) -> RedirectResponse | HTMLResponse:
        """Uses the link up and leads the administrator to Zalo's permission page."""
        try:
            address = await consent.start(link)
        except TransientError:
            return _page(*_BUSY)
        if address is None:
            return _page(
                _BAD_REQUEST,
                "Liên kết này đã được sử dụng hoặc đã quá hạn. Anh/chị vui lòng xin đơn vị vận hành một liên kết mới.",
            )
        return RedirectResponse(address, _SEE_OTHER, PAGE_HEADERS)

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
            return _page(*_BUSY)

    return pages


def _page(status: int, words: str, title: str = "", form: str = "") -> HTMLResponse:
    good = status == _OK
    title = title or ("Đã kết nối Zalo OA" if good else "Chưa kết nối được Zalo OA")
    page = _PAGE.format(title=title, words=words, color=_GOOD if good else _BAD, form=form)
    return HTMLResponse(page, status, PAGE_HEADERS)
