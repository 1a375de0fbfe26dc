"""What is sealed to readers opens for them alone, in its place alone, and for nobody once their key is gone."""

from uuid import UUID

import pytest
from nacl.public import PrivateKey

from chassis.crypto import DecryptionError, Place
from chassis.transit import is_sealed_to, is_sealed_to_readers, key_ids, open_sealed, seal_to
from tests.doubles import BODIES

TIPS, CHATBOT = PrivateKey(b"1" * 32), PrivateKey(b"2" * 32)
READERS = {"tips-1": TIPS.public_key, "chatbot-1": CHATBOT.public_key}
PLACE = Place.body("oa", "conversation", UUID(int=1))


@pytest.mark.parametrize(("key_id", "key"), [("tips-1", TIPS), ("chatbot-1", CHATBOT)])
def test_every_reader_opens_it(key_id: str, key: PrivateKey) -> None:
    assert open_sealed(seal_to(b"words", READERS, PLACE), {key_id: key}, PLACE) == b"words"


def test_nobody_else_does_and_nobody_at_all_without_the_key() -> None:
    sealed = seal_to(b"words", READERS, PLACE)
    for keys in ({}, {"tips-2": TIPS}, {"tips-1": PrivateKey(b"3" * 32)}):
        with pytest.raises(DecryptionError):
            open_sealed(sealed, keys, PLACE)


def test_in_another_place_it_does_not_open() -> None:
    with pytest.raises(DecryptionError):
        open_sealed(seal_to(b"words", READERS, PLACE), {"tips-1": TIPS}, Place.body("oa", "another", UUID(int=1)))


@pytest.mark.parametrize(
    "sealed", ["", ".", "..", "tips-1..", "tips-1.AAAA.AAAA", "tips-1.é.AAAA", "tips-1.a.b", "a.b.c.d.e.f"]
)
def test_what_is_forged_or_cut_short_is_a_bad_record(sealed: str) -> None:
    with pytest.raises(DecryptionError):
        open_sealed(sealed, {"tips-1": TIPS}, PLACE)


def test_what_is_sealed_to_readers_says_to_whom() -> None:
    sealed = seal_to(b"words", READERS, PLACE)
    assert key_ids(sealed) == ("tips-1", "chatbot-1")
    assert (is_sealed_to(sealed, "tips"), is_sealed_to(sealed, "notify")) == (True, False)
    assert is_sealed_to_readers(sealed)
    assert not is_sealed_to_readers(BODIES.seal(b"words", PLACE))
