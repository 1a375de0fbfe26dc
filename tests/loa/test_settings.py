"""One environment name moves one thing; a wrong one is named before anything starts."""

import os
import re
from pathlib import Path

import pytest

from loa.runtime import ports, secrets
from loa.runtime.errors import SetupError
from loa.runtime.settings import ROOT, Settings


def test_every_address_can_be_moved_by_one_name() -> None:
    names = Settings.read({}).ports()
    moved = Settings.read({name: str(20_000 + index) for index, name in enumerate(names)})
    assert set(moved.ports().values()) == set(range(20_000, 20_000 + len(names)))


def test_state_lives_in_the_checkout_wherever_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings.read({}).loa_state == ROOT / ".loa"
    assert Settings.read({"LOA_STATE": "here"}).loa_state == tmp_path / "here"


def test_other_commands_find_what_was_moved_when_it_was_started(tmp_path: Path) -> None:
    started = Settings.read({"LOA_STATE": str(tmp_path), "SANDBOX_PORT": "8120", "TIPS_PORT": "8152"})
    started.save_addresses("tansu")
    here = {"LOA_STATE": str(tmp_path), "TIPS_PORT": "8202"}
    assert Settings.current(here).sandbox_port == 8120
    assert Settings.current(here).tips_port == 8202, "what is said now comes first"
    assert Settings.read(here).sandbox_port == 8020, "a new start begins from the defaults"


@pytest.mark.parametrize(("name", "value"), [("GATEWAY_PORT", "eighty"), ("MONGO_PORT", "0"), ("BROKER", "rabbit")])
def test_a_setting_that_does_not_hold_is_named(name: str, value: str) -> None:
    with pytest.raises(SetupError, match=name):
        Settings.read({name: value})


def test_one_port_for_two_parts_is_refused() -> None:
    with pytest.raises(SetupError, match="GATEWAY_PORT and NOTIFY_PORT"):
        ports.require_free(Settings.read({"NOTIFY_PORT": "8000"}).ports())


def test_the_page_on_running_tells_every_setting() -> None:
    page = (ROOT / "docs" / "running.md").read_text()
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))
    assert {name.upper() for name in Settings.model_fields} <= documented


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    secrets.generate(folder)
    before = contents(tmp_path)
    secrets.generate(folder)
    assert contents(tmp_path) == before
    assert {folder / name for name in secrets.MAKERS} <= set(before)


def test_a_secret_that_is_missing_is_added_and_the_others_stay(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    secrets.generate(folder)
    pepper = secrets.read(folder, "pepper")
    (folder / "tokens.keys").unlink()
    secrets.generate(folder)
    assert secrets.read(folder, "pepper") == pepper
    assert secrets.read(folder, "tokens.keys").startswith("k1:")


def test_two_machines_share_no_secret(tmp_path: Path) -> None:
    for machine in ("one", "two"):
        secrets.generate(tmp_path / machine / "secrets")
    first, second = (set(contents(tmp_path / machine).values()) for machine in ("one", "two"))
    assert len(first) == len(contents(tmp_path / "one")), "two of one machine's secrets are the same"
    assert not first & second


def test_the_folder_of_secrets_is_this_users_alone_whatever_the_umask(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        secrets.generate(tmp_path / "secrets")
    finally:
        os.umask(old)
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.rglob("*"))


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
