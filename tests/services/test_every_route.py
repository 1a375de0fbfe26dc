"""Every route of every service demands a scope, or is declared public with a reason, and is on the list below."""

import inspect
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import httpx
import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from chassis.auth import Auth, Public, Required, is_public
from chassis.http import create_public_app
from chassis.settings import PublicSettings
from contracts.scopes import Scope
from services.gateway.app import Gateway
from services.gateway.webhook import PATH
from tests.console import Console, UsedInMemory, allow
from tests.loa.setting_names import settings_of
from tests.services.routes import SERVICES, Route, application, routers, routes

CONSOLE = Console()
KEY = "loa_of-the-test"
HEALTH = {"/alive", "/ready", "/metrics"}
PUBLIC = {
    *(f"{service} {path}" for service in SERVICES for path in HEALTH),
    "chatbot /forms/{version}/{name}",
    "chatbot /qr/{oa_id}.png",
    "chatbot /checkin/{code}.png",
    "chatbot /cameras/{camera_id}/{minute}.jpg",
    "chatbot /papers/{token}",
    "gateway /",
    "gateway /zalo_verifier{code}.html",
    "gateway /onboarding/{oa_id}",
    "notify /oauth/start",
    "notify /oauth/callback",
}
PAGES_OF_FASTAPI = {"/openapi.json"}  # Which calls there are; nobody's data.


@pytest.mark.parametrize("route", routes(), ids=str)
def test_a_route_demands_one_scope_or_says_why_it_is_public(route: Route) -> None:
    demanded = {check.scope for check in route.checks if isinstance(check, Required)}
    reasons = [check.reason for check in route.checks if isinstance(check, Public)]
    assert (len(demanded), len(reasons)) in {(1, 0), (0, 1)}
    assert all(len(reason) > 20 for reason in reasons)


def test_what_is_public_is_on_the_list() -> None:
    assert {str(route) for route in routes() if not route.is_guarded} == PUBLIC


def test_beside_its_routes_an_application_serves_only_the_description_of_them(tmp_path: Path) -> None:
    for service in SERVICES:
        served = iter_route_contexts(application(service, tmp_path).routes)
        others = {route.path for route in served if not isinstance(route.original_route, APIRoute)}
        assert others == PAGES_OF_FASTAPI


async def test_past_the_application_goes_zalos_webhook_alone() -> None:
    """Zalo proves itself by its signature over the bytes."""
    reached: list[str] = []

    def part(name: str) -> Any:
        async def serve(scope: Any, receive: Any, send: Any) -> None:
            del scope, receive, send
            reached.append(name)

        return serve

    fields = {name: MagicMock() for name in Gateway.__dataclass_fields__} | {
        "pages": part("pages"),
        "webhook": part("webhook"),
    }
    gateway = Gateway(**fields)
    for path in (PATH, f"{PATH}/", PATH.upper(), "/api/oas", f"{PATH}/x"):
        await gateway({"type": "http", "path": path}, MagicMock(), MagicMock())
    assert reached == ["webhook", "webhook", "webhook", "pages", "pages"]


@pytest.mark.parametrize("service", SERVICES)
def test_everybodys_port_serves_what_is_public_and_nothing_else(service: str, tmp_path: Path) -> None:
    made = list(routers(service, Auth(service, tmp_path, UsedInMemory())))
    served = iter_route_contexts(create_public_app(service, [each for each in made if is_public(each)]).routes)
    public = {path.removeprefix(f"{service} ") for path in PUBLIC if path.startswith(f"{service} ")} - HEALTH
    assert {route.path for route in served} == public
    assert bool(public) == issubclass(settings_of(service), PublicSettings)


GUARDED = [route for route in routes() if route.is_guarded]


async def status(route: Route, folder: Path, bearer: str = "") -> int:
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    transport = httpx.ASGITransport(application(route.service, folder), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
        return (await http.request(route.method, route.target, headers=headers)).status_code


@pytest.mark.parametrize("route", GUARDED, ids=str)
async def test_without_the_right_key_a_guarded_route_answers_nothing(route: Route, tmp_path: Path) -> None:
    (demanded,) = {check.scope for check in route.checks if isinstance(check, Required)}
    allow(tmp_path, KEY, *(scope for scope in Scope if scope != demanded))
    assert await status(route, tmp_path) == 401
    assert await status(route, tmp_path, "loa_another") == 401
    assert await status(route, tmp_path, KEY) == 403


@pytest.mark.parametrize("route", [route for route in GUARDED if route.names_oa], ids=str)
async def test_with_a_key_or_a_token_of_another_oa_it_answers_nothing(route: Route, tmp_path: Path) -> None:
    allow(tmp_path, KEY, *Scope, oa_ids=frozenset({"1001"}), console=CONSOLE.signers)
    assert await status(route, tmp_path, KEY) == 403
    token = CONSOLE.token(route.service, route.method, route.target, roles=["officer", "supervisor", "it"])
    assert await status(route, tmp_path, token) == 403


PERSONAL = {
    Scope.QUEUE_READ,
    Scope.APPOINTMENTS_CHECK_IN,
    Scope.DOSSIERS_READ,
    Scope.CASES_READ,
    Scope.DELIVERIES_READ,
    Scope.QUARANTINE_OPEN,
}


@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_a_route_to_personal_data_records_who_looks(route: Route) -> None:
    (demanded,) = {check.scope for check in route.checks if isinstance(check, Required)}
    if demanded in PERSONAL:
        assert "audit" in names_used(route.route.endpoint)


def names_used(function: Any) -> set[str]:
    """The variables of the function around it that a function uses, itself or through another of them."""
    names = set(inspect.getclosurevars(function).nonlocals)
    inner = [value for value in inspect.getclosurevars(function).nonlocals.values() if inspect.isfunction(value)]
    return names.union(*map(names_used, inner))
