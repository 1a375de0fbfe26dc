"""The sandbox as a process with its page, a gateway that can be told to refuse, and a browser."""

import json
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser

from loa.runtime import secrets
from loa.testkit.process import ServiceProcess
from tests.browser import chromium

OA, PORTAL = "4100000000000000012", "4100000000000000201"


@dataclass(slots=True)
class GatewayStub:
    """What the gateway heard, and what it answers."""

    url: str = ""
    status: int = 200
    received: list[dict[str, Any]] = field(default_factory=list)

    def names(self) -> list[str]:
        return [str(event["event_name"]) for event in self.received]

    def last(self, name: str) -> dict[str, Any]:
        return next(event for event in reversed(self.received) if event["event_name"] == name)


@dataclass(slots=True)
class Fake:
    """The running sandbox, played through its control API."""

    url: str
    gateway: GatewayStub
    http: httpx.Client
    token: str = ""

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.http.request(method, f"/sandbox{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def citizen(self, name: str = "Lê Thị Ví Dụ") -> str:
        return str(self.control("POST", "/citizens", {"name": name, "reads": False})["citizen_id"])

    def says(self, citizen_id: str, text: str, oa_id: str = OA) -> None:
        self.control("POST", f"/citizens/{citizen_id}/send", {"oa_id": oa_id, "text": text})

    def oa_says(self, citizen_id: str, message: dict[str, Any]) -> dict[str, Any]:
        """Over the OpenAPI, as notify does."""
        user_id = self.control("GET", f"/citizens/{citizen_id}")["user_ids"][OA]
        body = {"recipient": {"user_id": user_id}, "message": message}
        answer = self.http.post("/v3.0/oa/message/cs", json=body, headers={"access_token": self.token}).json()
        assert answer["error"] == 0, answer
        return dict(answer["data"])

    def history(self, citizen_id: str) -> list[dict[str, Any]]:
        return list(self.control("GET", f"/citizens/{citizen_id}/history?oa_id={OA}"))

    def bytes_at(self, url: str) -> bytes:
        return self.http.get(url).content

    def page(self, citizen_id: str, oa_id: str = OA) -> str:
        """The address at which this conversation is open."""
        return f"{self.url}/chat/?mo={citizen_id}_{oa_id}"


@pytest.fixture(scope="session")
def gateway() -> Iterator[GatewayStub]:
    stub = GatewayStub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            stub.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(stub.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stub.url = f"http://127.0.0.1:{server.server_port}/webhooks/zalo"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield stub
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def running(gateway: GatewayStub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fake]:
    home = tmp_path_factory.mktemp("page")
    secrets.generate(home / "secrets")
    environment = {"WEBHOOK_URL": gateway.url, "SECRETS_DIR": str(home / "secrets"), "RETRY_SCALE": "0.02"}
    service = ServiceProcess("sandbox", environment, home).start()
    try:
        service.await_ready()
        with httpx.Client(base_url=service.url, timeout=20) as http:
            fake = Fake(service.url, gateway, http)
            fake.token = fake.control("POST", f"/oas/{OA}/token")["access_token"]
            yield fake
    finally:
        service.stop()


@pytest.fixture
def fake(running: Fake) -> Iterator[Fake]:
    running.gateway.status = 200
    running.gateway.received.clear()
    yield running
    running.gateway.status = 200


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as chrome:
        yield chrome
