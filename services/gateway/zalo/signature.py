"""X-ZEvent-Signature: SHA-256 over app id, raw body, the body's timestamp and the OA Secret Key, unseparated. Pure.

Over the bytes as they came: re-serialising changes escapes and order, and every Vietnamese body fails.
"""

import hmac
from collections.abc import Sequence
from hashlib import sha256

HEADER = b"x-zevent-signature"
_PREFIX = b"mac="


def mac(app_id: str, raw: bytes, timestamp: str, secret: bytes) -> str:
    """64 lower-case hex digits, without the prefix."""
    return sha256(app_id.encode() + raw + timestamp.encode() + secret).hexdigest()


def proven(header: bytes | None, app_id: str, raw: bytes, timestamp: str, secrets: Sequence[bytes]) -> int | None:
    """The place in `secrets` of the one that made `header`, or None.

    Every secret is tried and each comparison takes the same time, so the answer's delay reveals nothing.
    """
    if not header:
        return None
    signature = header.strip().removeprefix(_PREFIX).lower()
    common = sha256(app_id.encode() + raw + timestamp.encode())
    matched: int | None = None
    for index, secret in enumerate(secrets):
        digest = common.copy()
        digest.update(secret)
        same = hmac.compare_digest(digest.hexdigest().encode(), signature)
        matched = index if same and matched is None else matched
    return matched
