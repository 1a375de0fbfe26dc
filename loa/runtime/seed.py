"""The demonstration province: every OA of the sandbox lets Loa's app act for it, as its administrator would by hand."""

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp

from loa.registry import register
from loa.runtime.settings import Settings
from loa.runtime.trouble import SetupError

TIMEOUT = aiohttp.ClientTimeout(total=20)
Tell = Callable[[str], None]


def province(settings: Settings, tell: Tell) -> None:
    """Authorise each OA; again is as good as once. Raises SetupError naming the OA and the step that failed."""
    sandbox = f"http://127.0.0.1:{settings.sandbox_port}"
    notify = f"http://127.0.0.1:{settings.notify_port}"
    try:
        count = asyncio.run(_province(settings, sandbox, notify))
    except (aiohttp.ClientError, TimeoutError) as silent:
        what = f"The demonstration could not be seeded: {type(silent).__name__}."
        raise SetupError(what, "Is Loa up? `loa status` says; then `loa seed`.") from silent
    tell(f"{count} Official Accounts have given Loa their permission.")


async def _province(settings: Settings, sandbox: str, notify: str) -> int:
    async with aiohttp.ClientSession(timeout=TIMEOUT) as http:
        async with http.get(f"{sandbox}/sandbox/oas") as answer:
            answer.raise_for_status()
            oas: list[dict[str, Any]] = await answer.json()
        await register(f"http://127.0.0.1:{settings.gateway_port}", settings.secrets, oas)
        for oa in oas:
            await _authorise(http, sandbox, notify, oa["oa_id"])
    return len(oas)


async def _authorise(http: aiohttp.ClientSession, sandbox: str, notify: str, oa_id: str) -> None:
    """Notify asks, the sandbox's permission form is granted, and the code goes back to notify."""
    page = await _next(
        http.get(f"{notify}/oauth/start", params={"oa_id": oa_id}, allow_redirects=False), oa_id, "start"
    )
    address = urlsplit(page)
    if f"{address.scheme}://{address.netloc}" != sandbox:
        remedy = "Open notify's /oauth/start?oa_id=… as the OA's administrator; only the sandbox grants by itself."
        raise SetupError(f"Notify asks for permission at {address.netloc}, which is not the sandbox.", remedy)
    form = {**dict(parse_qsl(address.query, keep_blank_values=True)), "oa_id": oa_id}
    back = await _next(http.post(f"{sandbox}{address.path}", data=form, allow_redirects=False), oa_id, "permission")
    async with http.get(back) as answer:
        if not answer.ok:
            raise _refused(oa_id, "callback", answer.status)


async def _next(request: Any, oa_id: str, step: str) -> str:
    async with request as answer:
        where: str | None = answer.headers.get("Location")
        if where is None:
            raise _refused(oa_id, step, answer.status)
        return where


def _refused(oa_id: str, step: str, status: int) -> SetupError:
    what = f"OA {oa_id} could not be authorised: the step `{step}` answered {status}."
    return SetupError(what, "Read the logs of notify and sandbox (`loa status` says where), then `loa seed`.")
