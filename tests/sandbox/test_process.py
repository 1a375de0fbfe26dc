"""The sandbox as a process: it starts, remembers what it should, says what is missing, and stops when asked."""

from pathlib import Path

import httpx
import pytest

from sandbox.__main__ import main
from sandbox.people import Draft
from sandbox.platform import Platform
from sandbox.settings import Secrets
from tests.sandbox.process import running, secrets
from tests.zalo import APP_ID, APP_SECRET, OA, OA_KEY, settings

pytestmark = pytest.mark.slow


def test_tokens_people_and_conversations_outlive_a_restart_with_a_snapshot(tmp_path: Path) -> None:
    state = {"STATE": str(tmp_path / "state.json")}
    with running(tmp_path, **state) as first:
        with httpx.Client(base_url=first.url) as client:
            pair = client.post(f"/sandbox/oas/{OA}/token").json()
            citizen = client.post("/sandbox/citizens", json={"name": "Người Thử", "phone": "0900000001"}).json()[
                "citizen_id"
            ]
            client.post(f"/sandbox/citizens/{citizen}/send", json={"oa_id": OA, "text": "xin chào"})
            user_id = client.get(f"/sandbox/citizens/{citizen}").json()["user_ids"][OA]
        assert first.stop() == 0
    with running(tmp_path, **state) as again, httpx.Client(base_url=again.url) as client:
        body = {"recipient": {"user_id": user_id}, "message": {"text": "chào lại"}}
        reply = client.post("/v3.0/oa/message/cs", json=body, headers={"access_token": pair["access_token"]}).json()
        assert reply["error"] == 0
        history = client.get(f"/sandbox/citizens/{citizen}/history", params={"oa_id": OA}).json()
        assert [message["text"] for message in history] == ["xin chào", "chào lại"]


def test_a_refreshed_pair_outlives_even_a_kill(tmp_path: Path) -> None:
    state = {"STATE": str(tmp_path / "state.json")}
    form = {"app_id": APP_ID, "grant_type": "refresh_token"}
    headers = {"secret_key": APP_SECRET}
    with running(tmp_path, **state) as first:
        refresh = httpx.post(f"{first.url}/sandbox/oas/{OA}/token").json()["refresh_token"]
        pair = httpx.post(
            f"{first.url}/v4/oa/access_token", data={**form, "refresh_token": refresh}, headers=headers
        ).json()
        first.process.kill()
        first.process.wait(10)
    with running(tmp_path, **state) as again:
        address = f"{again.url}/v4/oa/access_token"
        assert httpx.post(address, data={**form, "refresh_token": refresh}, headers=headers).json()["error"] == -14014
        more = httpx.post(address, data={**form, "refresh_token": pair["refresh_token"]}, headers=headers).json()
        assert "access_token" in more


@pytest.mark.parametrize(
    ("environ", "arguments", "word"),
    [
        ({"SECRETS_DIR": "/nowhere"}, [], "zalo-app-secret"),
        ({"OAS_FILE": "/nowhere.yaml"}, [], "nowhere.yaml"),
        ({"HTTP_PORT": "ninety"}, [], "http_port"),
        ({"STATE": __file__}, [], "not a snapshot"),
        ({"OAS_FILE": __file__}, [], "sandbox: "),
        ({}, ["--please"], "usage"),
    ],
)
def test_a_start_that_cannot_be_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], arguments: list[str], word: str
) -> None:
    for name, value in ({"SECRETS_DIR": str(secrets(tmp_path))} | environ).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=word):
        main(arguments)


def test_an_empty_secret_is_refused_by_its_files_name(tmp_path: Path) -> None:
    (secrets(tmp_path) / "zalo-oa-secret-key").write_text("\n")
    with pytest.raises(ValueError, match="zalo-oa-secret-key is empty"):
        Secrets.load(tmp_path / "secrets")


async def test_ids_are_not_repeated_by_the_next_run(tmp_path: Path) -> None:
    seen: set[str] = set()
    for _ in range(2):
        platform = Platform.build(settings(), Secrets.load(secrets(tmp_path)))
        citizen_id = platform.network.new_citizen("Người Thử").citizen_id
        contact = platform.network.contact(citizen_id, OA)
        result = await platform.citizen_actions.write(contact, Draft("text", "a"))
        seen |= {contact.user_id, result.message_id, platform.network.by_app(contact)}
    assert len(seen) == 6


def test_nothing_personal_and_no_secret_is_printed(tmp_path: Path) -> None:
    with running(tmp_path) as made:
        with httpx.Client(base_url=made.url) as client:
            pair = client.post(f"/sandbox/oas/{OA}/token").json()
            citizen = client.post("/sandbox/citizens", json={"name": "Tên Riêng", "phone": "0900000001"}).json()[
                "citizen_id"
            ]
            client.post(f"/sandbox/citizens/{citizen}/send", json={"oa_id": OA, "text": "lời riêng"})
            client.post(f"/sandbox/citizens/{citizen}/send", json={"oa_id": OA, "text": 5})
            client.post("/v3.0/oa/message/cs", content=b"{", headers={"access_token": pair["access_token"]})
        made.stop()
        printed = made.process.stdout.read() if made.process.stdout else ""
    for word in ("Tên Riêng", "0900000001", "lời riêng", pair["access_token"], APP_SECRET, OA_KEY):
        assert word not in printed
