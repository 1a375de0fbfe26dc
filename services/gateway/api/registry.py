"""`/api/oas` and `/api/apps`: the registry over HTTP, for `loa oa` and the console. Secrets go in and never come out."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response, status

from chassis.auth import REFUSED
from services.gateway.registry.schemas import AppInput, AppView, NewSecret, OaPage, OasInput, OaView
from services.gateway.registry.service import RegistryService

Id = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,32}$")]
_MISSING: dict[int | str, dict[str, Any]] = {404: {"description": "Not registered."}}


def registry_api(service: RegistryService, auth: Any) -> list[APIRouter]:
    """The routers of OAs and of apps."""
    oas, apps = _router("/api/oas", auth), _router("/api/apps", auth)
    _oas(oas, service)
    _oa_secrets(oas, service)
    _apps(apps, service)
    return [oas, apps]


def _router(prefix: str, auth: Any) -> APIRouter:
    return APIRouter(prefix=prefix, tags=["registry"], dependencies=[auth], responses=REFUSED)


def _oas(router: APIRouter, service: RegistryService) -> None:
    @router.get("")
    async def list_oas(
        after: Annotated[str, Query(max_length=32)] = "", limit: Annotated[int, Query(ge=1, le=500)] = 100
    ) -> OaPage:
        """A page of accounts in the order of their ids; `next` continues it."""
        oas = await service.oas(after, limit)
        return OaPage(oas=oas, next=oas[-1].oa_id if len(oas) == limit else None)

    @router.put("", status_code=status.HTTP_204_NO_CONTENT)
    async def put_oas(body: OasInput) -> Response:
        """Register or change up to a thousand OAs at once. Saying it again changes nothing."""
        await service.put_oas(body.oas)
        return Response(status_code=status.HTTP_204_NO_CONTENT)

    @router.get("/{oa_id}", responses=_MISSING)
    async def show_oa(oa_id: Id) -> OaView:
        return await service.oa(oa_id)

    @router.post("/{oa_id}/enable", responses=_MISSING)
    async def enable_oa(oa_id: Id) -> OaView:
        return await service.switch_oa(oa_id, on=True)

    @router.post("/{oa_id}/disable", responses=_MISSING)
    async def disable_oa(oa_id: Id) -> OaView:
        """Its webhooks are acknowledged and dropped from now on."""
        return await service.switch_oa(oa_id, on=False)


def _oa_secrets(router: APIRouter, service: RegistryService) -> None:
    @router.post("/{oa_id}/rotate", responses=_MISSING)
    async def rotate_oa(oa_id: Id, body: NewSecret) -> OaView:
        """A new OA Secret Key for this OA alone; the one before it stays good until the next rotation or `/settle`."""
        return await service.rotate_oa(oa_id, body)

    @router.post("/{oa_id}/settle", responses=_MISSING)
    async def settle_oa(oa_id: Id) -> OaView:
        """End the rotation: only the newest secret is good."""
        return await service.settle_oa(oa_id)


def _apps(router: APIRouter, service: RegistryService) -> None:
    @router.put("/{app_id}")
    async def put_app(app_id: Id, body: AppInput) -> AppView:
        """Register or change an app. A secret given here replaces those it has: `/rotate` keeps the one before."""
        return await service.put_app(app_id, body)

    @router.get("/{app_id}", responses=_MISSING)
    async def show_app(app_id: Id) -> AppView:
        return await service.app(app_id)

    @router.post("/{app_id}/rotate", responses=_MISSING)
    async def rotate_app(app_id: Id, body: NewSecret) -> AppView:
        """A new OA Secret Key for all OAs of the app; the one before it stays good until the next one or `/settle`."""
        return await service.rotate_app(app_id, body)

    @router.post("/{app_id}/settle", responses=_MISSING)
    async def settle_app(app_id: Id) -> AppView:
        """End the rotation: only the newest secret is good."""
        return await service.settle_app(app_id)
