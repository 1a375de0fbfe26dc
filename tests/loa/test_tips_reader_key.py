"""The key of the desk that reads tips: made once, its private half out of every service's reach."""

from base64 import b64decode
from pathlib import Path

from nacl.public import PrivateKey, SealedBox

from loa.runtime import secrets
from services.tips.app import Secrets


def test_the_tip_intake_finds_every_secret_it_needs(tmp_path: Path) -> None:
    secrets.generate(tmp_path / "secrets")
    assert set(Secrets.load(tmp_path / "secrets").recipients.keys) == {"desk"}


def test_the_reader_opens_what_is_sealed_for_it_and_keeps_its_key_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    secrets.generate(folder)
    secrets.generate(folder)
    private = PrivateKey(b64decode((tmp_path / "tips-desk" / "desk.key").read_text()))
    public = Secrets.load(folder).recipients.keys["desk"]
    assert SealedBox(private).decrypt(SealedBox(public).encrypt(b"key")) == b"key"
    texts = [path.read_text() for path in folder.rglob("*") if path.is_file()]
    assert not any((tmp_path / "tips-desk" / "desk.key").read_text().strip() in text for text in texts)


def test_a_unit_that_brings_its_own_readers_gets_no_other(tmp_path: Path) -> None:
    readers = tmp_path / "secrets" / "tips-recipients"
    readers.mkdir(parents=True)
    (readers / "so-ca.pub").write_text("AAAA")
    secrets.generate(tmp_path / "secrets")
    assert [path.name for path in readers.iterdir()] == ["so-ca.pub"]
    assert not (tmp_path / "tips-desk").exists()
