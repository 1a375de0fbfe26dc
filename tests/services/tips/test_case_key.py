"""Who can read a case: whoever holds a private key it was wrapped for, and nobody else, ourselves included."""

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey

from services.tips.case_key import CaseKey, Recipients, unwrap
from tests.events import OA

DESK, UNIT = PrivateKey(b"d" * 32), PrivateKey(b"u" * 32)
OTHER_OA = "1000000000000000098"


def recipients(folder: Path, **keys: PrivateKey) -> Recipients:
    for name, key in keys.items():
        (folder / f"{name.replace('__', '.')}.pub").write_text(b64encode(bytes(key.public_key)).decode() + "\n")
    return Recipients.load(folder)


@given(st.binary(max_size=4_000))
def test_what_is_sealed_opens_with_the_key_it_was_sealed_with(plain: bytes) -> None:
    key = CaseKey.fresh(OA, "case")
    assert key.open(key.seal(plain, "piece a"), "piece a") == plain


def test_the_same_words_never_look_the_same_twice() -> None:
    key = CaseKey.fresh(OA, "case")
    assert key.seal(b"words", "piece a") != key.seal(b"words", "piece a")


@pytest.mark.parametrize(
    "elsewhere",
    [
        lambda key: (CaseKey(key.oa_id, "another case", key.number, key.secret), "piece a"),
        lambda key: (CaseKey(OTHER_OA, key.case_id, key.number, key.secret), "piece a"),
        lambda key: (CaseKey(key.oa_id, key.case_id, 1, key.secret), "piece a"),
        lambda key: (key, "piece b"),
        lambda key: (CaseKey.fresh(key.oa_id, key.case_id), "piece a"),
    ],
    ids=["another case", "another OA", "another number", "another piece", "another key"],
)
def test_what_is_moved_elsewhere_does_not_open(elsewhere: Callable[[CaseKey], tuple[CaseKey, str]]) -> None:
    key = CaseKey.fresh(OA, "case")
    other, what = elsewhere(key)
    with pytest.raises(CryptoError):
        other.open(key.seal(b"words", "piece a"), what)


def test_a_flipped_bit_does_not_open() -> None:
    key = CaseKey.fresh(OA, "case")
    sealed = bytearray(key.seal(b"words", "piece a"))
    sealed[-1] ^= 1
    with pytest.raises(CryptoError):
        key.open(bytes(sealed), "piece a")


def test_each_case_has_a_key_of_its_own() -> None:
    assert CaseKey.fresh(OA, "case").secret != CaseKey.fresh(OA, "case").secret


def test_the_key_is_in_no_representation() -> None:
    key = CaseKey(OA, "case", 0, b"k" * 32)
    assert "kkkk" not in repr(key)


def test_every_reader_of_the_unit_gets_the_key_and_no_other_unit_does(tmp_path: Path) -> None:
    readers = recipients(tmp_path, desk=DESK, **{f"{OA}__unit": UNIT, f"{OTHER_OA}__unit": PrivateKey(b"x" * 32)})
    key = CaseKey.fresh(OA, "case")
    boxes = {str(entry["for"]): entry["box"] for entry in readers.wrap(key)}
    assert set(boxes) == {"desk", f"{OA}.unit"}
    for name, private in (("desk", DESK), (f"{OA}.unit", UNIT)):
        box = boxes[name]
        assert isinstance(box, bytes)
        assert unwrap(box, private) == key.secret


def test_another_readers_box_stays_shut(tmp_path: Path) -> None:
    box = recipients(tmp_path, desk=DESK).wrap(CaseKey.fresh(OA, "case"))[0]["box"]
    assert isinstance(box, bytes)
    with pytest.raises(CryptoError):
        unwrap(box, UNIT)


def test_without_anyone_who_reads_for_every_unit_the_service_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="put the public key of a desk"):
        recipients(tmp_path, **{f"{OA}__unit": UNIT})


@pytest.mark.parametrize("text", ["", "???", "AAAA", "hoàng"])
def test_a_key_that_is_none_is_named_by_its_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "desk.pub").write_text(text)
    with pytest.raises(ValueError, match=r"desk\.pub: want an X25519 public key"):
        Recipients.load(tmp_path)
