"""What sealing keeps, and from whom."""

from base64 import b64encode
from pathlib import Path
from uuid import UUID

import pytest

from chassis.crypto import DecryptionError, KeyRing, Pepper, Place, UnknownKeyError
from chassis.errors import MisconfiguredError, TransientError
from tests.doubles import ADDRESSES, BODIES, PEPPER, RING_FILES

OLD, NEW = KeyRing({"k1": b"1" * 32}), KeyRing({"k2": b"2" * 32, "k1": b"1" * 32})
WORDS = "tôi muốn báo tin".encode()
FIRST, SECOND = UUID(int=1), UUID(int=2)
HERE = Place.body("oa", "citizen", FIRST)
KEY = b64encode(b"x" * 32).decode()


def test_what_is_sealed_opens_at_its_place() -> None:
    assert OLD.open(OLD.seal(WORDS, HERE), HERE) == WORDS


def test_the_same_words_are_never_sealed_alike() -> None:
    assert OLD.seal(WORDS, HERE) != OLD.seal(WORDS, HERE)


def test_after_a_rotation_the_new_key_seals_and_the_old_one_still_opens() -> None:
    before = OLD.seal(WORDS, HERE)
    after = NEW.seal(WORDS, HERE)
    assert NEW.open(before, HERE) == WORDS
    assert after.startswith("k2.")


def test_a_key_that_is_yet_to_come_is_waited_for_and_one_that_is_gone_is_not() -> None:
    middle = KeyRing({"k2": b"2" * 32})
    with pytest.raises(UnknownKeyError) as waits:
        middle.open(KeyRing({"k10": b"3" * 32}).seal(WORDS, HERE), HERE)
    assert isinstance(waits.value, TransientError)
    with pytest.raises(DecryptionError):
        middle.open(OLD.seal(WORDS, HERE), HERE)


@pytest.mark.parametrize(
    "place",
    [
        Place.body("another", "citizen", FIRST),
        Place.body("oa", "another", FIRST),
        Place.body("oa", "citizen", SECOND),
        Place.address("oa", "citizen"),
        Place.stored("oa", "citizen", FIRST.hex),
        Place("body", "oa", ("citizen",)),
        Place("body", "oa", ()),
    ],
)
def test_what_is_copied_to_another_place_does_not_open(place: Place) -> None:
    with pytest.raises(DecryptionError):
        OLD.open(OLD.seal(WORDS, HERE), place)


@pytest.mark.parametrize(
    ("place", "other"),
    [
        (Place.stored("db.c", "a", "bc"), Place.stored("db.c", "ab", "c")),
        (Place.stored("db.c", "a"), Place.stored("db.c", "a", "")),
        (Place.stored("db.c", "a", 1), Place.stored("db.c", "a", "1")),
        (Place.stored("db.c", 'a","b'), Place.stored("db.c", "a", "b")),
        (Place.stored("db.c", "a", 1), Place.stored("db.c", "a", 2)),
        (Place.stored("db.c", "a"), Place.stored("db.d", "a")),
    ],
)
def test_no_two_places_are_written_alike(place: Place, other: Place) -> None:
    assert place.encode() != other.encode()


def test_no_byte_of_a_sealed_text_can_be_changed() -> None:
    sealed = OLD.seal(b"short", HERE)
    for at in range(len(sealed)):
        other = "A" if sealed[at] != "A" else "B"
        changed = sealed[:at] + other + sealed[at + 1 :]
        with pytest.raises((DecryptionError, UnknownKeyError)) as fault:
            OLD.open(changed, HERE)
        assert "short" not in str(fault.value)


@pytest.mark.parametrize("text", ["", ".", "k1", "k1.", "k1.AAAA", "k1.ữ", "k1.=", "unknown.AAAA", "k1." + "A" * 31])
def test_what_is_no_sealed_text_at_all_does_not_open(text: str) -> None:
    with pytest.raises(DecryptionError):
        OLD.open(text, HERE)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("", "empty"),
        ("# nothing but a remark\n\n", "empty"),
        (KEY, "line 1"),
        (f"k1:{KEY}\nk2:{KEY[:-4]}", "line 2"),
        (f"k1:{KEY}\nk2:{KEY[:-1]}!", "line 2"),
        (f"k1:{KEY}\nk.2:{KEY}", "line 2"),
        (f"k1:{KEY}\nk0:{KEY}", "line 2"),
        (f"k1:{KEY}\nnew:{KEY}", "line 2"),
        (f"k1:{KEY}\nk1:{KEY}", "line 2"),
        (f"k1:{KEY}\nk2:ữ{KEY}", "line 2"),
    ],
)
def test_a_bad_ring_is_refused_by_line_and_no_key_is_quoted(text: str, remedy: str) -> None:
    with pytest.raises(MisconfiguredError, match=remedy) as fault:
        KeyRing.parse(text)
    chain = f"{fault.value!r} {fault.value.__cause__!r} {fault.value.__context__!r}"
    assert KEY[:8] not in chain


def test_the_first_key_of_a_ring_seals() -> None:
    ring = KeyRing.parse(f"# newest first\nk2:{KEY}\nk1:{b64encode(b'o' * 32).decode()}\n")
    assert ring.seal(b"", HERE).startswith("k2.")


def test_keys_do_not_show_in_a_ring_s_repr() -> None:
    assert "111" not in repr(OLD)
    assert "ppp" not in repr(PEPPER)


@pytest.mark.parametrize("written", ["", "c2hvcnQ=", "not base64!", "ữ"])
def test_a_pepper_too_weak_to_hide_an_id_is_refused(tmp_path: Path, written: str) -> None:
    (tmp_path / "pepper").write_text(written)
    with pytest.raises(MisconfiguredError, match="pepper"):
        Pepper.load(tmp_path / "pepper")


@pytest.mark.parametrize("load", [KeyRing.load, Pepper.load])
def test_a_missing_secret_is_told_by_its_path(tmp_path: Path, load: object) -> None:
    assert callable(load)
    with pytest.raises(MisconfiguredError, match=r"bodies\.keys.*SECRETS_DIR"):
        load(tmp_path / "bodies.keys")


def test_secrets_are_read_from_their_files(tmp_path: Path) -> None:
    for name, text in RING_FILES.items():
        (tmp_path / name).write_text(text)
    assert KeyRing.load(tmp_path / "bodies.keys") == BODIES
    assert KeyRing.load(tmp_path / "addresses.keys") == ADDRESSES
    assert Pepper.load(tmp_path / "pepper") == PEPPER


def test_a_pseudonym_is_stable_and_tells_its_parts_apart() -> None:
    assert PEPPER.pseudonym("oa", "user") == PEPPER.pseudonym("oa", "user")
    assert PEPPER.pseudonym("ab", "c") != PEPPER.pseudonym("a", "bc")
    assert PEPPER.pseudonym("oa", "user") != Pepper(b"q" * 32).pseudonym("oa", "user")
    assert len(PEPPER.pseudonym("oa", "user")) == 32
