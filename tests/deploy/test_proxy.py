"""The way in from outside, with the real nginx: what is for everybody passes, over TLS alone, and nothing else does."""

import asyncio
import re
import shutil
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from loa.runtime.ports import await_listening, free_port
from tests.rules.tree import ROOT
from tests.servers.certificate import make_certificate
from tests.services.test_every_route import PUBLIC

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
CONFIG = (ROOT / "deploy" / "proxy" / "nginx.conf").read_text()

needs_nginx = pytest.mark.skipif(not Path(NGINX).exists(), reason="nginx is not installed: apt-get install nginx-light")


def test_it_leads_to_public_routes_alone() -> None:
    """Not to the onboarding pages, which say what an OA misses: those are for operators."""
    paths = set(re.findall(r"location (?:= |~\*? )(\S+) \{", CONFIG))
    assert paths == {"^/webhooks/zalo/?$", "/", r"^/zalo_verifier[0-9A-Za-z_-]+\.html$", "^/oauth/(start|callback)$"}
    assert {"gateway /", "gateway /zalo_verifier{code}.html", "notify /oauth/start", "notify /oauth/callback"} <= PUBLIC


@pytest.fixture
async def behind() -> AsyncIterator[dict[str, int]]:
    """The port of each service: one that answers with its name and the headers that reached it."""
    runners: list[web.AppRunner] = []
    ports: dict[str, int] = {}
    for name in ("gateway", "notify"):

        async def answer(request: web.Request, name: str = name) -> web.Response:
            await request.read()
            return web.json_response({"service": name, "for": request.headers["X-Forwarded-For"]})

        app = web.Application(client_max_size=1 << 30)
        app.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        runners.append(runner)
        ports[name] = runner.addresses[0][1]
    yield ports
    for runner in runners:
        await runner.cleanup()


@pytest.fixture
async def proxy(behind: dict[str, int], tmp_path: Path) -> AsyncIterator[tuple[str, str]]:
    """Its addresses without and with TLS."""
    plain, tls = free_port(), free_port()
    make_certificate(tmp_path)
    config = CONFIG.replace("/tmp/", f"{tmp_path}/").replace("/etc/nginx/tls", str(tmp_path))  # noqa: S108 - the container's.
    for name, port in behind.items():
        config = re.sub(rf"http://{name}:\d+", f"http://127.0.0.1:{port}", config)
    config = config.replace("listen 8080", f"listen 127.0.0.1:{plain}").replace(
        "listen 8443", f"listen 127.0.0.1:{tls}"
    )
    file = tmp_path / "nginx.conf"
    file.write_text("daemon off;\nmaster_process off;\n" + config.replace("worker_rlimit_nofile 16384;", ""))
    process = await asyncio.create_subprocess_exec(NGINX, "-c", str(file), "-p", str(tmp_path), "-e", "stderr")
    try:
        await asyncio.to_thread(await_listening, tls, 60)
        yield f"http://127.0.0.1:{plain}", f"https://127.0.0.1:{tls}"
    finally:
        with suppress(ProcessLookupError):  # It has ended by itself: the test has failed, and its words say why.
            process.terminate()
        await asyncio.wait_for(process.wait(), 30)


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(ssl=False)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=30)) as session:
        yield session


@needs_nginx
async def test_only_what_is_public_passes_and_only_over_tls(
    proxy: tuple[str, str], browser: aiohttp.ClientSession
) -> None:
    plain, tls = proxy
    for path, service in (
        ("/webhooks/zalo", "gateway"),
        ("/webhooks/zalo/", "gateway"),
        ("/", "gateway"),
        ("/oauth/callback?code=c", "notify"),
    ):
        async with browser.get(tls + path, headers={"X-Forwarded-For": "9.9.9.9"}) as answer:
            assert answer.status == 200, path
            assert await answer.json() == {"service": service, "for": "127.0.0.1"}
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    for path in (
        "/api/oas",
        "/metrics",
        "/ready",
        "/openapi.json",
        "/onboarding/1",
        "/webhooks/zalo/x",
        "//api/oas",
        "/oauth/",
    ):
        async with browser.get(tls + path) as answer:
            assert answer.status == 404, path
            assert "Strict-Transport-Security" in answer.headers
    async with browser.get(f"{plain}/oauth/start", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"][:8]) == (301, "https://")


@needs_nginx
async def test_it_bounds_sizes_and_rates(proxy: tuple[str, str], browser: aiohttp.ClientSession) -> None:
    _, tls = proxy
    async with browser.post(f"{tls}/webhooks/zalo", data=b"a" * (4 << 20)) as answer:
        assert answer.status == 200
    async with browser.post(f"{tls}/webhooks/zalo", data=b"a" * (5 << 20)) as answer:
        assert answer.status == 413
    async with browser.get(f"{tls}/webhooks/zalo", headers={"X-Large": "a" * 9_000}) as answer:
        assert answer.status == 400
    statuses = []
    for _ in range(30):
        async with browser.get(f"{tls}/oauth/start") as answer:
            statuses.append(answer.status)
    assert {200, 429} == set(statuses)
    async with browser.get(f"{tls}/webhooks/zalo") as answer:
        assert answer.status == 200, "what is limited for pages is not limited for Zalo"


@needs_nginx
async def test_it_takes_no_old_tls(proxy: tuple[str, str]) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    port = int(proxy[1].rpartition(":")[2])
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await asyncio.open_connection("127.0.0.1", port, ssl=old)
