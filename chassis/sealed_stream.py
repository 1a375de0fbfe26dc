"""A long file sealed piece by piece: libsodium's secretstream (XChaCha20-Poly1305). Neither sealing nor opening holds all of it.

A stream has a header and chunks. It opens only whole and in order: a chunk that is missing, moved, or of another stream does not
open, and an end that was cut off is noticed. The place that it is sealed for is bound into every chunk.
"""

from collections.abc import Iterable, Iterator

from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_init_pull,
    crypto_secretstream_xchacha20poly1305_init_push,
    crypto_secretstream_xchacha20poly1305_pull,
    crypto_secretstream_xchacha20poly1305_push,
    crypto_secretstream_xchacha20poly1305_state,
    crypto_secretstream_xchacha20poly1305_TAG_FINAL,
    crypto_secretstream_xchacha20poly1305_TAG_MESSAGE,
)

CHUNK_BYTES = 1024 * 1024
KEY_BYTES = 32


class CutOffError(ValueError):
    """Of a stream, the end is missing, or something follows it."""


class StreamSealer:
    """Seals one stream. `header` is no secret, and is needed to open it."""

    def __init__(self, key: bytes, place: bytes) -> None:
        self._state, self._place = crypto_secretstream_xchacha20poly1305_state(), place
        self.header: bytes = crypto_secretstream_xchacha20poly1305_init_push(self._state, key)

    def seal(self, chunk: bytes, *, last: bool) -> bytes:
        """Returns the next chunk, sealed. One call, with the last chunk, says so."""
        tag = (
            crypto_secretstream_xchacha20poly1305_TAG_FINAL
            if last
            else crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
        )
        sealed: bytes = crypto_secretstream_xchacha20poly1305_push(self._state, chunk, self._place, tag)
        return sealed


def open_stream(key: bytes, place: bytes, header: bytes, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yields the plain chunks. Raises CutOffError, nacl.exceptions.CryptoError for what is forged, moved or of another place."""
    state = crypto_secretstream_xchacha20poly1305_state()
    crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
    ended = False
    for sealed in chunks:
        if ended:
            raise CutOffError("something follows the end of the stream")
        plain, tag = crypto_secretstream_xchacha20poly1305_pull(state, sealed, place)
        ended = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL
        yield plain
    if not ended:
        raise CutOffError("the end of the stream is missing")
