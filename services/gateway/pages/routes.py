"""Domain verification and the onboarding page, over HTTP."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse

from chassis.auth import public
from chassis.pages import PAGE_HEADERS
from services.gateway.pages import html
from services.gateway.pages.steps import OaStatus, last_event, steps
from services.gateway.registry.cache import RegistryCache
from services.gateway.registry.schemas import oa_view
from services.gateway.store.accounts import Accounts


def pages(store: Accounts, registry: RegistryCache, webhook_url: str) -> APIRouter:
    reason = "Zalo's verifier and a person's browser read these; they show no secret and nobody's data"
    router = APIRouter(default_response_class=HTMLResponse, tags=["pages"], dependencies=[public(reason)])

    @router.get("/")
    async def home() -> HTMLResponse:
        """Carries the meta tags by which Zalo verifies our domain."""
        return HTMLResponse(html.home(registry.verifications()), headers=PAGE_HEADERS)

    @router.get("/zalo_verifier{code}.html", responses={404: {"description": "Not a code of ours."}})
    async def verifier(code: Annotated[str, Path(max_length=200)]) -> HTMLResponse:
        """The file by which Zalo verifies our domain: there for registered codes only."""
        if code not in registry.verifications():
            return HTMLResponse("", 404, headers=PAGE_HEADERS)
        return HTMLResponse(html.verifier(code), headers=PAGE_HEADERS)

    @router.get("/onboarding/{oa_id}", responses={404: {"description": "Not registered."}})
    async def onboarding(oa_id: Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,32}$")]) -> HTMLResponse:
        """What is still missing before messages of this OA's citizens arrive."""
        document = await store.get("accounts", oa_id)
        if document is None:
            return HTMLResponse(html.missing(oa_id), 404, headers=PAGE_HEADERS)
        oa = oa_view(document)
        secrets = len(registry.secrets(oa.app_id, oa_id)) or oa.secrets
        status = OaStatus(oa.enabled, secrets, len(registry.verifications()), oa.seen, oa.refused_at)
        page = html.onboarding(oa.name, oa_id, webhook_url, steps(status, datetime.now(UTC)), last_event(status))
        return HTMLResponse(page, headers=PAGE_HEADERS)

    return router
