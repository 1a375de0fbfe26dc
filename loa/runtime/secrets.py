"""The secrets of one machine: made once, stored with mode 0600, never in the repository, never printed."""

import base64
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from nacl.public import PrivateKey
from nacl.signing import SigningKey

from chassis.api_clients import new_key
from contracts.catalogue import SERVICES
from loa.runtime.api_clients import OPERATOR, ClientFile
from loa.runtime.whole_file import write_whole


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
    "tokens.keys": _ring,
    "pepper": _key,
    "chatbot-pepper": _key,
    "tips-pepper": _key,
    **{f"{service}-api-token": new_key for service in OPERATOR},
    "auditor-signing.key": _key,
    "tips-signing.key": _key,
    "chatbot-signing.key": _key,
    "mongo-password": _hex,
    **{f"{service}-mongo-password": _hex for service in SERVICES},
    "mongo-key-file": _key_file,
    "kafka-password": _hex,
    **{f"{service}-kafka-password": _hex for service in SERVICES},
}


READERS = "tips-recipients"  # The public keys of those who read tips.


def generate(folder: Path) -> None:
    """Make whatever is missing in `folder`. What is there stays, so keys outlive every restart."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name, make in MAKERS.items():
        secret = folder / name
        if not secret.exists():
            write_whole(secret, make() + "\n")
    _admit_operator(folder)
    _publish_signer(folder)
    _publish_transit_signers(folder)
    (folder / READERS).mkdir(mode=0o700, exist_ok=True)


def _publish_signer(folder: Path) -> None:
    """The public half of the auditor's key, below former ones: they vouch for what they signed."""
    public = _public_half(folder, "auditor-signing.key")
    file = folder / "auditor-signer.pub"
    known = file.read_text().split() if file.exists() else []
    if public not in known:
        write_whole(file, "\n".join([*known, public, ""]))


def _publish_transit_signers(folder: Path) -> None:
    """The public halves that the gateway knows the transit keys of tips and chatbot by."""
    for service in ("tips", "chatbot"):
        write_whole(folder / f"{service}-signer.pub", _public_half(folder, f"{service}-signing.key") + "\n")


def _public_half(folder: Path, name: str) -> str:
    signing_key = SigningKey(base64.b64decode(read(folder, name)))
    return base64.b64encode(bytes(signing_key.verify_key)).decode()


def _admit_operator(folder: Path) -> None:
    """The operator's own client of each service, whose key `loa` reads from `<service>-api-token`."""
    clients = ClientFile(folder)
    for service, scopes in OPERATOR.items():
        clients.ensure(f"operator-{service}", read(folder, f"{service}-api-token"), scopes)


def make_demo_reader(folder: Path) -> None:
    """The key pair of a demonstration's reader of tips, unless there is a reader. For `make up` alone.

    Its private half lies beside `folder`, since no service may hold it. In production nothing makes an officer's private key:
    it is born where the officer is.
    """
    readers, private = folder / READERS, folder.parent / "tips-desk" / "desk.key"
    if has_readers(folder):
        return
    for directory in (readers, private.parent):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not private.exists():
        write_whole(private, base64.b64encode(bytes(PrivateKey.generate())).decode() + "\n")
    public = PrivateKey(base64.b64decode(private.read_text())).public_key
    write_whole(readers / "desk.pub", base64.b64encode(bytes(public)).decode() + "\n")


def has_readers(folder: Path) -> bool:
    """Returns whether anybody could read a tip."""
    return any((folder / READERS).glob("*.pub"))


def read(folder: Path, name: str) -> str:
    return (folder / name).read_text().strip()
