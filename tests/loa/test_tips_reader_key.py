"""The keys of those who read tips: `make up` makes one for its demonstration, production none, and no service may hold one."""

from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from nacl.public import PrivateKey, SealedBox
from typer.testing import CliRunner

from chassis.errors import MisconfiguredError
from loa.__main__ import build
from loa.runtime import secrets
from services.tips.app import Secrets


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Secrets as `make up` makes them."""
    secrets.generate(tmp_path / "secrets")
    secrets.make_demo_reader(tmp_path / "secrets")
    return tmp_path / "secrets"


def test_the_tip_intake_finds_every_secret_it_needs(folder: Path) -> None:
    assert set(Secrets.load(folder).recipients.keys) == {"desk"}


def test_the_reader_opens_what_is_sealed_for_it_and_keeps_its_key_elsewhere(folder: Path) -> None:
    secrets.make_demo_reader(folder)
    private = PrivateKey(b64decode((folder.parent / "tips-desk" / "desk.key").read_text()))
    public = Secrets.load(folder).recipients.keys["desk"]
    assert SealedBox(private).decrypt(SealedBox(public).encrypt(b"key")) == b"key"


def test_a_unit_that_brings_its_own_readers_gets_no_other(tmp_path: Path) -> None:
    readers = tmp_path / "secrets" / "tips-recipients"
    readers.mkdir(parents=True)
    (readers / "so-ca.pub").write_text("AAAA")
    secrets.make_demo_reader(tmp_path / "secrets")
    assert [path.name for path in readers.iterdir()] == ["so-ca.pub"]
    assert not (tmp_path / "tips-desk").exists()


def test_the_secrets_of_production_hold_no_officers_key_and_say_what_is_missing(tmp_path: Path) -> None:
    result = CliRunner().invoke(build(["secrets"]), ["secrets", str(tmp_path / "secrets")])
    assert "put the officers' public keys into" in result.output
    assert not list((tmp_path / "secrets" / "tips-recipients").iterdir())
    assert not (tmp_path / "tips-desk").exists()
    with pytest.raises(ValueError, match="nobody could read a tip"):
        Secrets.load(tmp_path / "secrets")


@pytest.mark.parametrize("name", ["desk.key", "tips-recipients/old.bak", "intake.keys"])
def test_tips_does_not_start_where_it_could_read_with_a_readers_private_key(folder: Path, name: str) -> None:
    private = (folder.parent / "tips-desk" / "desk.key").read_text()
    (folder / name).write_text(f"k1:{private}" if name.endswith(".keys") else private)
    with pytest.raises(MisconfiguredError, match=rf"{name} is the private key of a reader of tips"):
        Secrets.load(folder)


def test_readers_are_listed_by_a_fingerprint_that_anybody_can_compute(folder: Path) -> None:
    recipients = Secrets.load(folder).recipients
    public = b64decode((folder / "tips-recipients" / "desk.pub").read_text())
    assert b64encode(public) == (folder / "tips-recipients" / "desk.pub").read_bytes().strip()
    (fingerprint,) = recipients.fingerprints().values()
    assert len(fingerprint) == 16
    assert fingerprint not in public.hex()
