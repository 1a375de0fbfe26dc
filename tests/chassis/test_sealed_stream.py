"""A stream opens whole, in order, with its key, at its place; or not at all."""

from collections.abc import Sequence

import pytest
from nacl.exceptions import CryptoError

from chassis.sealed_stream import CutOffError, StreamSealer, open_stream

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
PLAIN = (b"one", b"two" * 1_000, b"")


def sealed(chunks: Sequence[bytes] = PLAIN, place: bytes = b"here") -> tuple[bytes, list[bytes]]:
    stream = StreamSealer(KEY, place)
    return stream.header, [stream.seal(chunk, last=at == len(chunks) - 1) for at, chunk in enumerate(chunks)]


def opened(header: bytes, chunks: Sequence[bytes], key: bytes = KEY, place: bytes = b"here") -> list[bytes]:
    return list(open_stream(key, place, header, chunks))


def test_what_is_sealed_opens_to_the_same_chunks() -> None:
    header, chunks = sealed()
    assert opened(header, chunks) == list(PLAIN)
    assert b"two" not in b"".join(chunks)


def test_two_streams_of_the_same_bytes_have_nothing_in_common() -> None:
    assert sealed()[0] != sealed()[0]
    assert sealed()[1][1] != sealed()[1][1]


def test_another_key_or_another_place_opens_nothing() -> None:
    header, chunks = sealed()
    for key, place in ((OTHER_KEY, b"here"), (KEY, b"there")):
        with pytest.raises(CryptoError):
            opened(header, chunks, key, place)


def test_a_chunk_that_is_missing_moved_forged_or_of_another_stream_does_not_open() -> None:
    header, (first, second, last) = sealed()
    _, others = sealed()
    forged = second[:-1] + bytes([second[-1] ^ 1])
    for chunks in (
        [second, last],
        [second, first, last],
        [first, forged, last],
        [first, others[1], last],
        [first, last],
    ):
        with pytest.raises(CryptoError):
            opened(header, chunks)


def test_an_end_that_is_cut_off_or_added_to_is_noticed() -> None:
    header, chunks = sealed()
    with pytest.raises(CutOffError):
        opened(header, chunks[:2])
    with pytest.raises(CutOffError):
        opened(header, [])
    with pytest.raises(CutOffError):
        opened(header, [*chunks, chunks[-1]])
