"""An officer's acting token: what the console signs for one call of one officer to one service.

A compact JWS (RFC 7515) signed with Ed25519 (RFC 9864), alive for a minute at most, bound to the service, the method, the
path with its query, and the body. This is the verifying side; the console issues them.
"""

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Literal

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

ISSUER = "console"
LIFETIME_SECONDS = 60
SKEW_SECONDS = 5  # How far the console's clock may run ahead of ours.
MAX_LENGTH = 8_192
_ALGORITHM = "Ed25519"
_KEY_BYTES = 32
_REGISTRY = jws.JWSRegistry(algorithms=[_ALGORITHM])

Name = Annotated[str, Field(pattern=r"^[0-9A-Za-z_.:-]{1,64}$")]


class RefusedTokenError(Exception):
    """A token that proves nothing. `reason` is a closed set: malformed, signature, expired, binding, replayed."""

    def __init__(self, reason: Literal["malformed", "signature", "expired", "binding", "replayed"]) -> None:
        super().__init__(reason)
        self.reason = reason


class ActingClaims(BaseModel):
    """What the token states. `oa_ids` may be `["*"]`: every OA."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, hide_input_in_errors=True)

    iss: Literal["console"]
    aud: str = Field(max_length=32)
    sub: Name
    roles: list[Annotated[str, Field(max_length=32)]] = Field(max_length=16)
    oa_ids: list[Annotated[str, Field(max_length=32)]] = Field(max_length=200)
    unit: str = Field("", max_length=64, pattern=r"^[0-9A-Za-z_.:-]*$")
    iat: int
    exp: int
    jti: Name
    htm: str = Field(max_length=16)
    htu: str = Field(max_length=2_048)
    bh: str = Field(max_length=64)


@dataclass(frozen=True, slots=True)
class Call:
    """The request that a token must have been made for. `target` is the path and the query, as they were sent."""

    service: str
    method: str
    target: str
    body: bytes


def parse_signers(text: str) -> dict[str, OKPKey]:
    """Returns the console's public keys by their ids, from lines `id:base64 of 32 bytes`. Raises ValueError naming the line."""
    signers: dict[str, OKPKey] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, value = line.strip().partition(":")
        try:
            public = b64decode(value, validate=True)
        except ValueError:
            public = b""
        if not name.isalnum() or len(public) != _KEY_BYTES:
            raise ValueError(f"line {number}: want `id:base64 of {_KEY_BYTES} bytes`")
        encoded = urlsafe_b64encode(public).decode().rstrip("=")
        signers[name] = OKPKey.import_key({"kty": "OKP", "crv": _ALGORITHM, "x": encoded})
    return signers


def body_hash(body: bytes) -> str:
    """Returns the `bh` claim: SHA-256 in base64url without padding, as everything in a JWS is written."""
    return urlsafe_b64encode(sha256(body).digest()).decode().rstrip("=")


def verify(token: str, signers: Mapping[str, OKPKey], call: Call, now: datetime) -> ActingClaims:
    """Returns what the token states of this call. Raises RefusedTokenError. Whether it was used before is not asked here."""
    claims = _claims(_payload(token, signers))
    seconds = now.timestamp()
    if claims.exp <= seconds or claims.iat > seconds + SKEW_SECONDS or claims.exp - claims.iat > LIFETIME_SECONDS:
        raise RefusedTokenError("expired")
    bound = (claims.aud, claims.htm, claims.htu, claims.bh)
    if bound != (call.service, call.method, call.target, body_hash(call.body)):
        raise RefusedTokenError("binding")
    return claims


def _payload(token: str, signers: Mapping[str, OKPKey]) -> bytes:
    """Returns the signed bytes, having checked the signature by the key that the header names."""
    if len(token) > MAX_LENGTH:
        raise RefusedTokenError("malformed")
    try:
        unverified = jws.extract_compact(token.encode(), None, _REGISTRY)
        signer = signers.get(str(unverified.headers().get("kid")))
        if signer is None or not jws.validate_compact(unverified, signer, registry=_REGISTRY):
            raise RefusedTokenError("signature")
    except (JoseError, ValueError, TypeError, AttributeError):
        raise RefusedTokenError("malformed") from None
    return unverified.payload or b""


def _claims(payload: bytes) -> ActingClaims:
    try:
        return ActingClaims.model_validate_json(payload)
    except ValidationError:
        raise RefusedTokenError("malformed") from None
