"""Every route of every service, found in the code itself."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

import services
from chassis.auth import Auth, Public, Required
from chassis.http import create_app
from chassis.jobs_api import jobs_api
from tests.console import UsedInMemory

SERVICES = [module.name for module in pkgutil.iter_modules(services.__path__)]
EXAMPLES = {"oa_id": "2002", "key": "0" * 24, "case_id": "0" * 32, "minute": "202601010000"}


@dataclass(frozen=True)
class Route:
    service: str
    route: RouteContext

    @property
    def checks(self) -> list[Required | Public]:
        return [call for call in calls(self.route.dependant) if isinstance(call, Required | Public)]

    @property
    def is_guarded(self) -> bool:
        return any(isinstance(check, Required) for check in self.checks)

    @property
    def names_oa(self) -> bool:
        params = [*self.route.dependant.path_params, *self.route.dependant.query_params]
        return any(param.name == "oa_id" for param in params)

    @property
    def method(self) -> str:
        return min(self.route.methods or ())

    @property
    def target(self) -> str:
        params = {param.name for param in self.route.dependant.path_params}
        path = str(self.route.path).format(**{name: EXAMPLES.get(name, "x") for name in params})
        return f"{path}?oa_id=2002" if self.names_oa and "oa_id" not in params else path

    def __str__(self) -> str:
        return f"{self.service} {self.route.path}"


def calls(dependant: Dependant) -> Iterator[Any]:
    for dependency in dependant.dependencies:
        yield dependency.call
        yield from calls(dependency)


def routers(service: str, auth: Auth) -> Iterator[APIRouter]:
    """What each function that makes routers makes, wherever in the service it stands: none can be forgotten here."""
    package = importlib.import_module(f"services.{service}")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if module.name.endswith("__main__"):
            continue
        for name, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            makes_routers = function.__annotations__.get("return") in (APIRouter, list[APIRouter])
            if makes_routers and function.__module__ == module.name and not name.startswith("_"):
                parameters = inspect.signature(function).parameters
                made = function(**{name: auth if name == "auth" else MagicMock() for name in parameters})
                yield from made if isinstance(made, list) else [made]


def application(service: str, folder: Path) -> FastAPI:
    auth = Auth(service, folder, UsedInMemory())
    return create_app(service, lambda: True, {}, [*routers(service, auth), jobs_api(MagicMock(), auth)])


def routes(folder: Path = Path()) -> list[Route]:
    return [
        Route(service, route)
        for service in SERVICES
        for route in iter_route_contexts(application(service, folder).routes)
        if isinstance(route.original_route, APIRoute)
    ]
