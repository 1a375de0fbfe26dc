"""Ids in the shapes Zalo uses. A nonce of the start keeps two runs from ever making the same message id."""

import hashlib
import time

_ODD = 0x9E3779B97F4A7C15  # Odd, so that multiplying by it modulo 2^64 is one-to-one.
_MASK = (1 << 64) - 1
MARGIN = 1_000_000  # Ids a crashed run may have used after its last snapshot.


class Ids:
    __slots__ = ("_n", "nonce")

    def __init__(self, nonce: int | None = None, used: int = 0) -> None:
        """`used`: how many were made before, when a snapshot is continued."""
        self.nonce = time.time_ns() & _MASK if nonce is None else nonce
        self._n = used

    @property
    def used(self) -> int:
        return self._n

    def message(self) -> str:
        """Twenty hex digits, never repeated within a run nor, in practice, across runs."""
        self._n += 1
        return f"{(self._n * _ODD ^ self.nonce) & _MASK:016x}{self._n & 0xFFFF:04x}"

    def user(self, citizen_id: str, oa_id: str) -> str:
        """Nineteen digits, scoped to the OA: the same citizen is somebody else to every OA."""
        return self._digits(f"user:{citizen_id}:{oa_id}")

    def by_app(self, citizen_id: str, app_id: str) -> str:
        return self._digits(f"app:{citizen_id}:{app_id}")

    def number(self) -> str:
        """A fresh number of nineteen digits: groups, orders, consents."""
        self._n += 1
        return self._digits(f"number:{self._n}")

    def _digits(self, words: str) -> str:
        digest = hashlib.blake2b(f"{self.nonce}:{words}".encode(), digest_size=8).digest()
        return str(10**18 + int.from_bytes(digest) % (8 * 10**18))

    def resume(self, nonce: int, used: int) -> None:
        """Go on where a snapshot stopped, with a margin for ids made after it was written."""
        self.nonce, self._n = nonce, used + MARGIN
