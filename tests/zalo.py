"""The fake Zalo in the test's own process, and a gateway that writes down what it is told."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from aiohttp import web

from sandbox.app import build
from sandbox.platform import Platform
from sandbox.settings import Secrets, Settings
from sandbox.signing import mac

ROOT = Path(__file__).parents[1]
APP_ID = "1000000000000000001"
APP_SECRET = "an-app-secret-made-up"
OA_KEY = "an-oa-key-made-up"
OA, OTHER_OA = "4100000000000000012", "4100000000000000201"
PHONE = "84900000001"
SECRETS = Secrets.model_validate({"app_secret": APP_SECRET, "oa_secret_key": OA_KEY})


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """One webhook as it came: bytes and headers."""

    body: bytes
    headers: dict[str, str]

    @property
    def event(self) -> dict[str, Any]:
        payload: dict[str, Any] = json.loads(self.body)
        return payload

    @property
    def name(self) -> str:
        return str(self.event["event_name"])

    def rightly_signed(self) -> bool:
        event = self.event
        return self.headers["X-ZEvent-Signature"] == mac(event["app_id"], self.body, event["timestamp"], OA_KEY)


@dataclass(slots=True)
class FakeGateway:
    """Answers each webhook with the next of `answers`, then 200 for ever."""

    deliveries: list[WebhookDelivery] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    url: str = ""

    async def receive(self, request: web.Request) -> web.Response:
        self.deliveries.append(WebhookDelivery(await request.read(), dict(request.headers)))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    def names(self) -> list[str]:
        return [delivery.name for delivery in self.deliveries]


@dataclass(slots=True, repr=False)
class SandboxHarness:
    """The platform, a client at its door, the gateway behind it, and one citizen who has followed and written."""

    platform: Platform
    client: httpx.AsyncClient
    gateway: FakeGateway
    token: str = ""
    refresh: str = ""
    citizen_id: str = ""
    user_id: str = ""

    async def post(self, path: str, body: Any = None, token: str | None = None, **more: Any) -> dict[str, Any]:
        """Zalo's reply to a POST with JSON, whatever the HTTP status."""
        headers = {"access_token": self.token if token is None else token, **more.pop("headers", {})}
        answer = await self.client.post(path, **({"json": body} if body is not None else {}), headers=headers, **more)
        return dict(answer.json())

    async def get(self, path: str, data: Any = None, **query: Any) -> dict[str, Any]:
        params = {"data": json.dumps(data)} if data is not None else query
        answer = await self.client.get(path, params=params, headers={"access_token": self.token})
        return dict(answer.json())

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        """A control call that must succeed."""
        answer = await self.client.request(method, f"/sandbox{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def send(self, text: str = "Xin chào", /, **message: Any) -> dict[str, Any]:
        content = {"text": text, **message} if text else message
        return await self.post("/v3.0/oa/message/cs", {"recipient": {"user_id": self.user_id}, "message": content})

    async def quiet(self) -> None:
        """Until every webhook raised so far has had its say."""
        while self.platform.webhooks.pending():  # noqa: ASYNC110  Polled: the hot path owes tests no event.
            await asyncio.sleep(0.002)

    async def pass_time(self, seconds: float) -> None:
        await self.control("PUT", "/clock", {"offset_seconds": self.platform.clock.offset_ms / 1000 + seconds})

    async def at_hour(self, hour: int) -> None:
        """Move the clock on to the next full hour of Vietnam's day with this number."""
        now = self.platform.clock.local()
        ahead = (hour - now.hour) % 24 * 3600 - now.minute * 60 - now.second
        await self.pass_time(ahead if ahead > 0 else ahead + 86_400)
        await self.renew()

    async def renew(self) -> None:
        """A fresh token: the old one may have run out while time passed."""
        self.token = (await self.control("POST", f"/oas/{OA}/token"))["access_token"]


@asynccontextmanager
async def fake_gateway() -> AsyncIterator[FakeGateway]:
    receiver = FakeGateway()
    app = web.Application()
    app.router.add_post("/webhooks/zalo", receiver.receive)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhooks/zalo"
        yield receiver
    finally:
        await runner.cleanup()


def settings(**more: Any) -> Settings:
    demo = ROOT / "content/demo"
    values = {
        "oas_file": demo / "oas.yaml",
        "templates_file": demo / "templates.yaml",
        "public_url": "http://sandbox.test",
    }
    return Settings.model_validate(values | more)


@asynccontextmanager
async def sandbox_harness(**more: Any) -> AsyncIterator[SandboxHarness]:
    """Everything opened, and closed again at the end."""
    async with fake_gateway() as receiver:
        platform = Platform.build(settings(webhook_url=receiver.url, retry_scale=0.0001, **more), SECRETS)
        transport = httpx.ASGITransport(app=build(platform))
        async with platform, httpx.AsyncClient(transport=transport, base_url="http://sandbox.test") as client:
            harness = SandboxHarness(platform, client, receiver)
            pair = await harness.control("POST", f"/oas/{OA}/token")
            harness.token, harness.refresh = pair["access_token"], pair["refresh_token"]
            harness.citizen_id = (await harness.control("POST", "/citizens", {"name": "Người Thử", "phone": PHONE}))[
                "citizen_id"
            ]
            harness.user_id = platform.network.contact(harness.citizen_id, OA).user_id
            await harness.control("POST", f"/citizens/{harness.citizen_id}/follow", {"oa_id": OA})
            receiver.deliveries.clear()
            yield harness
