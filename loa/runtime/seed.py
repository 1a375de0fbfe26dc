"""The demonstration province: its OAs are registered at the gateway, and each lets Loa's app act for it.

The second is what an OA's administrator does by hand at Zalo's permission page; here the sandbox's page is answered.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import yaml

from loa.clients.authorisations import authorisation_link
from loa.clients.registry import Registry, register
from loa.runtime import demo
from loa.runtime.errors import SetupError
from loa.runtime.settings import ROOT, Settings

OAS = ROOT / "content" / "demo" / "oas.yaml"
GATEWAY_LOOKS_SECONDS = 2.5  # A replica of the gateway looks for changed OAs every two.
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DemoSeeder:
    """Addresses such as http://127.0.0.1:8100; the services' are those for operators."""

    gateway: str
    notify: str
    sandbox: str
    secrets: Path

    async def seed(self, oas: list[dict[str, Any]]) -> int:
        """Again is as good as once. Raises SetupError naming the step that failed."""
        async with Registry.here(self.gateway, self.secrets) as registry:
            registered = {oa["oa_id"] for oa in await registry.oas()}
        await register(self.gateway, self.secrets, oas)
        clock = asyncio.get_running_loop().time
        visible_at = clock() + GATEWAY_LOOKS_SECONDS
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as http:
            for oa in oas:
                await self._authorise(http, oa["oa_id"])
        if any(oa["oa_id"] not in registered for oa in oas):
            await asyncio.sleep(visible_at - clock())
        return len(oas)

    async def _authorise(self, http: aiohttp.ClientSession, oa_id: str) -> None:
        """Start an authorisation at notify, grant it in the sandbox, and return the code to notify."""
        link, _ = await authorisation_link(self.notify, self.secrets, oa_id)
        request = http.post(link, allow_redirects=False)
        address = urlsplit(await _next(request, oa_id, "start"))
        if f"{address.scheme}://{address.netloc}" != self.sandbox:
            remedy = "`loa oa authorise` makes a link for the OA's administrator; only the sandbox grants by itself."
            raise SetupError(f"Notify starts the authorisation at {address.netloc}, which is not the sandbox.", remedy)
        form = {**dict(parse_qsl(address.query, keep_blank_values=True)), "oa_id": oa_id}
        grant = http.post(f"{self.sandbox}{address.path}", data=form, allow_redirects=False)
        async with http.get(await _next(grant, oa_id, "permission")) as answer:
            if not answer.ok:
                raise _refused(f"OA {oa_id}: the step `callback`", answer.status)


def seed_demo(settings: Settings, report: Progress) -> None:
    """Seed the province of content/demo/oas.yaml. Raises SetupError."""
    here = "http://127.0.0.1"
    seeding = DemoSeeder(
        gateway=f"{here}:{settings.gateway_internal_port}",
        notify=f"{here}:{settings.notify_internal_port}",
        sandbox=f"{here}:{settings.sandbox_port}",
        secrets=settings.secrets,
    )
    try:
        count = asyncio.run(seeding.seed(yaml.safe_load(OAS.read_text())))
    except (aiohttp.ClientError, TimeoutError) as silent:
        what = f"The demonstration could not be seeded: {type(silent).__name__}."
        raise SetupError(what, "Is Loa up? `loa status` says; then `loa seed`.") from silent
    report(f"{count} Official Accounts are registered and have given Loa their permission.")
    if any(loaded := demo.load(settings).values()):
        report(f"{sum(loaded)} made-up scores, fines and dossiers are loaded.")


async def _next(request: Any, oa_id: str, step: str) -> str:
    async with request as answer:
        where: str | None = answer.headers.get("Location")
        if where is None:
            raise _refused(f"OA {oa_id}: the step `{step}`", answer.status)
        return where


def _refused(step: str, status: int) -> SetupError:
    what = f"The demonstration could not be seeded: {step} answered {status}."
    return SetupError(what, "Read the logs of gateway, notify and sandbox (`loa status` says where), then `loa seed`.")
