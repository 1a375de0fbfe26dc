"""`/api/oas` and `/api/apps`: the registry over HTTP, for `loa oa` and the console. Secrets go in and never come out."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Response, status

from chassis.auth import RESPONSES, Actor, Auth
from contracts.scopes import Scope
from services.gateway.registry.schemas import AppInput, AppView, NewSecret, OaPage, OasInput, OaView
from services.gateway.registry.service import RegistryService

Id = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,32}$")]
_MISSING: dict[int | str, dict[str, Any]] = {404: {"description": "Not registered."}}


def registry_api(service: RegistryService, auth: Auth) -> list[APIRouter]:
    """The routers of OAs and of apps."""
    read, write = auth.require(Scope.REGISTRY_READ), auth.require(Scope.REGISTRY_WRITE)
    return [
        _list(_router("/api/oas", read), service, read),
        _change(_router("/api/oas", write), service, write),
        _rotate(_router("/api/oas", write), service),
        _show_app(_router("/api/apps", auth.require(Scope.REGISTRY_READ, every_oa=True)), service),
        _change_apps(_router("/api/apps", auth.require(Scope.REGISTRY_WRITE, every_oa=True)), service),
    ]


def _router(prefix: str, allowed: Any) -> APIRouter:
    return APIRouter(prefix=prefix, tags=["registry"], dependencies=[allowed], responses=RESPONSES)


def _list(router: APIRouter, service: RegistryService, allowed: Any) -> APIRouter:
    @router.get("")
    async def list_oas(
        actor: Annotated[Actor, allowed],
        after: Annotated[str, Query(max_length=32)] = "",
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> OaPage:
        """A page of accounts in the order of their ids; `next` continues it."""
        oas = await service.oas(after, limit)
        following = oas[-1].oa_id if len(oas) == limit else None
        return OaPage(oas=[oa for oa in oas if actor.serves(oa.oa_id)], next=following)

    @router.get("/{oa_id}", responses=_MISSING)
    async def show_oa(oa_id: Id) -> OaView:
        return await service.oa(oa_id)

    return router


def _change(router: APIRouter, service: RegistryService, allowed: Any) -> APIRouter:
    @router.put("", status_code=status.HTTP_204_NO_CONTENT)
    async def put_oas(body: OasInput, actor: Annotated[Actor, allowed]) -> Response:
        """Register or change up to a thousand OAs at once. Saying it again changes nothing."""
        if not all(actor.serves(oa.oa_id) for oa in body.oas):
            raise HTTPException(status.HTTP_403_FORBIDDEN, "this key or token does not cover every OA of the list")
        await service.put_oas(body.oas)
        return Response(status_code=status.HTTP_204_NO_CONTENT)

    @router.post("/{oa_id}/enable", responses=_MISSING)
    async def enable_oa(oa_id: Id) -> OaView:
        return await service.switch_oa(oa_id, on=True)

    @router.post("/{oa_id}/disable", responses=_MISSING)
    async def disable_oa(oa_id: Id) -> OaView:
        """Its webhooks are acknowledged and dropped from now on."""
        return await service.switch_oa(oa_id, on=False)

    return router


def _rotate(router: APIRouter, service: RegistryService) -> APIRouter:
    @router.post("/{oa_id}/rotate", responses=_MISSING)
    async def rotate_oa(oa_id: Id, body: NewSecret) -> OaView:
        """A new OA Secret Key for this OA alone; the previous key stays valid until the next rotation or `/settle`."""
        return await service.rotate_oa(oa_id, body)

    @router.post("/{oa_id}/settle", responses=_MISSING)
    async def settle_oa(oa_id: Id) -> OaView:
        """End the rotation: only the newest secret is good."""
        return await service.settle_oa(oa_id)

    return router


def _show_app(router: APIRouter, service: RegistryService) -> APIRouter:
    @router.get("/{app_id}", responses=_MISSING)
    async def show_app(app_id: Id) -> AppView:
        return await service.app(app_id)

    return router


def _change_apps(router: APIRouter, service: RegistryService) -> APIRouter:
    @router.put("/{app_id}")
    async def put_app(app_id: Id, body: AppInput) -> AppView:
        """Register or change an app. A secret given here replaces all others: `/rotate` keeps the previous one."""
        return await service.put_app(app_id, body)

    @router.post("/{app_id}/rotate", responses=_MISSING)
    async def rotate_app(app_id: Id, body: NewSecret) -> AppView:
        """A new OA Secret Key for all OAs of the app; the previous key stays valid until the next one or `/settle`."""
        return await service.rotate_app(app_id, body)

    @router.post("/{app_id}/settle", responses=_MISSING)
    async def settle_app(app_id: Id) -> AppView:
        """End the rotation: only the newest secret is good."""
        return await service.settle_app(app_id)

    return router
