"""The secrets of one machine: made once, kept 0600, never in the tree, never printed."""

import base64
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from nacl.public import PrivateKey


def _text() -> str:
    return secrets.token_urlsafe(32)


def _hex() -> str:
    return secrets.token_hex(32)  # Goes into a URL and a configuration file, where only plain characters are safe.


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _ring() -> str:
    return f"k1:{_key()}"  # One `kid:base64` a line; the first line is the active key.


def _key_file() -> str:
    return base64.b64encode(secrets.token_bytes(384)).decode()  # What mongod's --keyFile asks for.


MAKERS: Mapping[str, Callable[[], str]] = {
    "zalo-app-secret": _text,
    "zalo-oa-secret-key": _text,
    "bodies.keys": _ring,
    "addresses.keys": _ring,
    "intake.keys": _ring,
    "tokens.keys": _ring,
    "pepper": _key,
    "chatbot-pepper": _key,
    "gateway-api-token": _text,
    "chatbot-api-token": _text,
    "tips-api-token": _text,
    "notify-api-token": _text,
    "mongo-password": _hex,
    "mongo-key-file": _key_file,
}


def generate(folder: Path) -> None:
    """Make whatever is missing in `folder`. What is there stays, so keys outlive every restart."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name, make in MAKERS.items():
        secret = folder / name
        if not secret.exists():
            _write_whole(secret, make() + "\n")
    _make_reader_keys(folder)


def _make_reader_keys(folder: Path) -> None:
    """Who reads tips here: a key pair. Its private half lies beside `folder`, since no house may hold it."""
    readers, private = folder / "tips-recipients", folder.parent / "tips-desk" / "desk.key"
    if any(readers.glob("*.pub")):
        return
    for directory in (readers, private.parent):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not private.exists():
        _write_whole(private, base64.b64encode(bytes(PrivateKey.generate())).decode() + "\n")
    public = PrivateKey(base64.b64decode(private.read_text())).public_key
    _write_whole(readers / "desk.pub", base64.b64encode(bytes(public)).decode() + "\n")


def write_mongo_url(folder: Path, hosts: str) -> None:
    """The address with the password in it, as a secret of its own: what MONGO_URL_FILE names."""
    address = f"mongodb://loa:{read(folder, 'mongo-password')}@{hosts}/?replicaSet=loa&authSource=admin"
    _write_whole(folder / "mongo-url", address + "\n")


def read(folder: Path, name: str) -> str:
    return (folder / name).read_text().strip()


def _write_whole(secret: Path, text: str) -> None:
    """Under another name first: a power cut in between must not leave half a key that looks like one."""
    half = secret.with_name(f".{secret.name}.{os.getpid()}")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(secret)
