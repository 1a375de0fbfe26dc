"""`loa oa`: the registry from the command line, against a gateway that runs."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from loa.clients.registry import register
from loa.commands.oa import app
from loa.runtime.errors import SetupError
from loa.testkit.servers import LiveBroker, LiveMongo
from tests.services.gateway.gateway_process import GatewayProcesses, gateway_processes

pytestmark = pytest.mark.live


@pytest.fixture
async def scene(broker: LiveBroker, mongo: LiveMongo, tmp_path: Path) -> AsyncIterator[GatewayProcesses]:
    """A gateway, and this machine's secrets where `loa` looks for them."""
    async with gateway_processes(broker, mongo, tmp_path / "state") as gateway:
        gateway.start()
        yield gateway


async def typed(scene: GatewayProcesses, *words: str, **more: str) -> Result:
    environment = {"LOA_STATE": str(scene.home), "GATEWAY_INTERNAL_PORT": str(scene.services[0].port), **more}
    return await asyncio.to_thread(CliRunner(env=environment).invoke, app, list(words))


async def test_an_oa_is_added_shown_rotated_disabled_and_enabled(scene: GatewayProcesses, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("a made-up key of Zalo\n")
    added = await typed(scene, "add", "41", "--app", "1", "--name", "Công an phường Mẫu", "--kind", "police_ward")
    assert added.exit_code == 0, added.output
    rotated = await typed(scene, "rotate", "41", "--key-file", str(key))
    assert "secrets        1" in rotated.output
    assert "a made-up key" not in rotated.output
    assert "secrets        2" in (await typed(scene, "rotate", "41", "--key-file", str(key))).output
    assert "secrets        1" in (await typed(scene, "settle", "41")).output
    assert "enabled        False" in (await typed(scene, "disable", "41")).output
    assert "enabled        True" in (await typed(scene, "enable", "41")).output
    shown = await typed(scene, "show", "41")
    assert "Công an phường Mẫu" in shown.output
    assert "police_ward" in shown.output


async def test_thousands_come_from_a_file_and_are_listed_page_by_page(scene: GatewayProcesses, tmp_path: Path) -> None:
    file = tmp_path / "oas.yaml"
    file.write_text("".join(f'- {{oa_id: "{n}", app_id: "1", name: OA {n}}}\n' for n in range(1_000, 3_500)))
    assert "2500 registered" in (await typed(scene, "add", "--file", str(file))).output
    listed = (await typed(scene, "list")).output
    assert all(f"OA {n}" in listed for n in (1_000, 2_000, 3_499))


async def test_an_app_gets_its_key_and_codes(scene: GatewayProcesses, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("a made-up key of Zalo")
    made = await typed(scene, "app", "1", "--key-file", str(key), "--verification", "abc", "--verification", "def")
    assert "['abc', 'def']" in made.output
    assert "secrets        1" in (await typed(scene, "app", "1")).output  # What is not given stays.


async def test_what_is_wrong_is_said_with_its_remedy(scene: GatewayProcesses, tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_text("just text")
    for words, message in (
        (("show", "999"), "not registered"),
        (("authorise", "999"), "not registered"),
        (("add", "41"), "--app"),
        (("add", "--file", str(tmp_path / "odd.yaml")), "not a list of OAs"),
        (("add", "--file", str(tmp_path / "none.yaml")), "cannot be read"),
        (("rotate", "41", "--key-file", str(tmp_path / "none")), "cannot be read"),
        (("list", "--gateway", "http://127.0.0.1:1"), "does not answer"),
    ):
        answer = await typed(scene, *words)
        assert isinstance(answer.exception, SetupError), words
        assert message in str(answer.exception)
        assert "Remedy" in str(answer.exception)


async def test_seeding_registers_every_oa_with_this_machines_key_and_may_be_repeated(scene: GatewayProcesses) -> None:
    oas = [
        {"oa_id": "41", "app_id": "1", "name": "Một", "description": "x"},
        {"oa_id": "42", "app_id": "1", "name": "Hai"},
    ]
    for _ in range(2):
        await register(scene.services[0].url, scene.secrets, oas)
    async with scene.registry(scene.services[0]) as registry:
        assert [oa["name"] for oa in await registry.oas()] == ["Một", "Hai"]
