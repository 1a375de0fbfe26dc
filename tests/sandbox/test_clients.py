"""Clients that were written for the real Zalo, unmodified: led here by a proxy and a private CA alone."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import requests
import zalo_sdk.oa
import zalo_sdk.zns

from sandbox.tls import HOSTS, certificates
from tests.sandbox.builders import picture
from tests.sandbox.process import Running, running
from tests.sandbox.situations_by_phone import STATUS_DATA
from tests.zalo import APP_ID, APP_SECRET, OA


@pytest.fixture(scope="module")
def zalo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("zalo"), "--tls") as made:
        yield made


@pytest.fixture
def led(zalo: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """The environment that `--tls` prints; the client itself is untouched."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{zalo.ports[2]}")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(zalo.home / "tls/ca.pem"))
    return zalo


def citizen(zalo: Running) -> tuple[str, str]:
    with httpx.Client(base_url=zalo.url) as control:
        citizen_id = control.post("/sandbox/citizens", json={"name": "Người Thử", "phone": "84900000001"}).json()[
            "citizen_id"
        ]
        control.post(f"/sandbox/citizens/{citizen_id}/send", json={"oa_id": OA, "text": "xin chào"})
        return citizen_id, control.get(f"/sandbox/citizens/{citizen_id}").json()["user_ids"][OA]


def tokens(zalo: Running) -> dict[str, str]:
    pair: dict[str, str] = httpx.post(f"{zalo.url}/sandbox/oas/{OA}/token").json()
    return {name: pair[name] for name in ("access_token", "refresh_token")}


def test_zalo_sdk_refreshes_sends_reads_and_is_refused_its_spent_refresh_token(led: Running) -> None:
    citizen_id, user_id = citizen(led)
    client = zalo_sdk.oa.Client(app_id=APP_ID, secret_key=APP_SECRET, **tokens(led))
    spent = client.refresh_token

    access, refresh, _ = client.refresh_acccess_token()
    assert access == client.access_token
    assert refresh != spent

    recipient = zalo_sdk.oa.ZaloRecipient(user_id=user_id)
    sent = client.send_message(recipient, zalo_sdk.oa.ZaloMessageBody(text="Chào từ thư viện"))
    assert sent["data"]["user_id"] == user_id
    inbox = httpx.get(f"{led.url}/sandbox/citizens/{citizen_id}/inbox").json()
    assert [message["text"] for message in inbox] == ["Chào từ thư viện"]

    assert client.get_user_detail(user_id)["data"]["display_name"] == "Người Thử"

    client.refresh_token = spent
    with pytest.raises(zalo_sdk.ZaloOAException):
        client.refresh_acccess_token()


def test_zalo_sdk_uploads_tags_lists_and_sends_by_phone(led: Running) -> None:
    citizen_id, user_id = citizen(led)
    pair = tokens(led)
    client = zalo_sdk.oa.Client(app_id=APP_ID, secret_key=APP_SECRET, **pair)
    uploaded = client.upload_file(picture(), "image", "a.png", "image/png")
    assert uploaded["data"]["attachment_id"]
    httpx.post(f"{led.url}/sandbox/citizens/{citizen_id}/follow", json={"oa_id": OA})
    client.tag_follower(user_id, "cư trú")
    assert client.get_tags_of_oa()["data"] == ["cư trú"]
    assert {"user_id": user_id} in client.get_list({"offset": 0, "count": 50})["data"]["users"]
    assert client.get_zalo_user_quotas(user_id)["data"]["last_interaction"]
    by_phone = zalo_sdk.zns.Client(app_id=APP_ID, secret_key=APP_SECRET, **pair)
    assert by_phone.send_zns_message("84900000001", "700001", STATUS_DATA, "ma-1")["data"]["msg_id"]
    assert by_phone.get_template_list(0, 10, zalo_sdk.zns.ZNSTemplateStatus.Enabled)["data"]


def test_zalo_sdk_recognises_an_expired_token(led: Running) -> None:
    client = zalo_sdk.oa.Client(app_id=APP_ID, secret_key=APP_SECRET, **tokens(led))
    httpx.put(f"{led.url}/sandbox/faults", json={"expire_tokens": True})
    with pytest.raises(zalo_sdk.ZaloOAAuthTokenExpiredException):
        client.get_user_detail("1")
    httpx.put(f"{led.url}/sandbox/faults", json={})


@pytest.mark.usefixtures("led")
@pytest.mark.parametrize("host", HOSTS)
def test_each_host_name_is_served_with_the_private_ca(host: str) -> None:
    assert requests.get(f"https://{host}/ready", timeout=10).json()["status"] == "ready"


def test_without_the_ca_nobody_is_fooled(led: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(requests.exceptions.SSLError):
        requests.get("https://openapi.zalo.me/ready", timeout=10)
    assert led.process.poll() is None


@pytest.mark.parametrize(
    "line", [b"CONNECT example.vn:443 HTTP/1.1", b"GET http://openapi.zalo.me/ HTTP/1.1", b"CONNECT"]
)
def test_the_proxy_leads_nowhere_else(zalo: Running, line: bytes) -> None:
    with socket.create_connection(("127.0.0.1", zalo.ports[2]), timeout=10) as connection:
        connection.sendall(line + b"\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 403")


def test_certificates_are_kept_and_their_key_is_private(tmp_path: Path) -> None:
    paths = certificates(tmp_path)
    before = paths.ca.read_bytes()
    assert certificates(tmp_path).ca.read_bytes() == before
    assert paths.key.stat().st_mode & 0o077 == 0
    context = ssl.create_default_context(cafile=str(paths.ca))
    assert context.cert_store_stats()["x509_ca"] == 1
