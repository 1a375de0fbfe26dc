"""`/api/oas` and `/api/apps`: the registry over HTTP, for `loa oa` and the console. Secrets go in and never come out."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response, status

from chassis.guard import REFUSED
from services.gateway.registry.desk import Desk
from services.gateway.registry.shapes import AppGiven, AppShown, NewSecret, OaPage, OasGiven, OaShown

Id = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,32}$")]
_MISSING: dict[int | str, dict[str, Any]] = {404: {"description": "Not registered."}}


def registry_api(desk: Desk, door_keeper: Any) -> list[APIRouter]:
    """The routers of OAs and of apps."""
    oas, apps = _router("/api/oas", door_keeper), _router("/api/apps", door_keeper)
    _oas(oas, desk)
    _oa_secrets(oas, desk)
    _apps(apps, desk)
    return [oas, apps]


def _router(prefix: str, door_keeper: Any) -> APIRouter:
    return APIRouter(prefix=prefix, tags=["registry"], dependencies=[door_keeper], responses=REFUSED)


def _oas(router: APIRouter, desk: Desk) -> None:
    @router.get("")
    async def list_oas(
        after: Annotated[str, Query(max_length=32)] = "", limit: Annotated[int, Query(ge=1, le=500)] = 100
    ) -> OaPage:
        """A page of accounts in the order of their ids; `next` continues it."""
        found = await desk.oas(after, limit)
        return OaPage(oas=found, next=found[-1].oa_id if len(found) == limit else None)

    @router.put("", status_code=status.HTTP_204_NO_CONTENT)
    async def put_oas(given: OasGiven) -> Response:
        """Register or change up to a thousand OAs at once. Saying it again changes nothing."""
        await desk.put_oas(given.oas)
        return Response(status_code=status.HTTP_204_NO_CONTENT)

    @router.get("/{oa_id}", responses=_MISSING)
    async def show_oa(oa_id: Id) -> OaShown:
        return await desk.oa(oa_id)

    @router.post("/{oa_id}/enable", responses=_MISSING)
    async def enable_oa(oa_id: Id) -> OaShown:
        return await desk.switch_oa(oa_id, on=True)

    @router.post("/{oa_id}/disable", responses=_MISSING)
    async def disable_oa(oa_id: Id) -> OaShown:
        """Its webhooks are acknowledged and dropped from now on."""
        return await desk.switch_oa(oa_id, on=False)


def _oa_secrets(router: APIRouter, desk: Desk) -> None:
    @router.post("/{oa_id}/rotate", responses=_MISSING)
    async def rotate_oa(oa_id: Id, given: NewSecret) -> OaShown:
        """A new OA Secret Key for this OA alone; the one before it stays good until the next rotation or `/settle`."""
        return await desk.rotate_oa(oa_id, given)

    @router.post("/{oa_id}/settle", responses=_MISSING)
    async def settle_oa(oa_id: Id) -> OaShown:
        """End the rotation: only the newest secret is good."""
        return await desk.settle_oa(oa_id)


def _apps(router: APIRouter, desk: Desk) -> None:
    @router.put("/{app_id}")
    async def put_app(app_id: Id, given: AppGiven) -> AppShown:
        """Register or change an app. A secret given here replaces those it has: `/rotate` keeps the one before."""
        return await desk.put_app(app_id, given)

    @router.get("/{app_id}", responses=_MISSING)
    async def show_app(app_id: Id) -> AppShown:
        return await desk.app(app_id)

    @router.post("/{app_id}/rotate", responses=_MISSING)
    async def rotate_app(app_id: Id, given: NewSecret) -> AppShown:
        """A new OA Secret Key for all OAs of the app; the one before it stays good until the next one or `/settle`."""
        return await desk.rotate_app(app_id, given)

    @router.post("/{app_id}/settle", responses=_MISSING)
    async def settle_app(app_id: Id) -> AppShown:
        """End the rotation: only the newest secret is good."""
        return await desk.settle_app(app_id)
