"""How Zalo signs a webhook: SHA-256 over app id, raw body, the body's timestamp and the OA Secret Key, unseparated."""

import hashlib


def mac(app_id: str, body: bytes, timestamp: str, secret_key: str) -> str:
    """The value of X-ZEvent-Signature: `mac=` and 64 lower-case hex digits."""
    digest = hashlib.sha256(app_id.encode())
    digest.update(body)
    digest.update(timestamp.encode())
    digest.update(secret_key.encode())
    return f"mac={digest.hexdigest()}"
