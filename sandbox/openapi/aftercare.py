"""What comes back from templates (ratings, taps), RSA keys and journey tokens."""

import secrets

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.calls import Call, int_of
from sandbox.clock import DAY_MS
from sandbox.endpoints import Endpoint
from sandbox.errors import ZaloError
from sandbox.people import Json
from sandbox.platform import Platform

JOURNEY_MS = DAY_MS
KEY_BITS = 2_048


def ratings(platform: Platform, call: Call) -> Json:
    """Ratings that citizens gave (by control call), per template."""
    return _slice(platform.ratings, call, "data")


def responses(platform: Platform, call: Call) -> Json:
    """Taps on response buttons, per template."""
    return _slice(platform.responses, call, "data")


def make_key(platform: Platform, call: Call) -> Json:
    """-143 when there is one."""
    oa_id = call.account.oa_id
    if oa_id in platform.rsa_keys:
        raise ZaloError(-143, family="zns")
    public = rsa.generate_private_key(public_exponent=65_537, key_size=KEY_BITS).public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    platform.rsa_keys[oa_id] = pem.decode()
    return {"public_key": platform.rsa_keys[oa_id]}


def get_key(platform: Platform, call: Call) -> Json:
    """-142 when none was made."""
    key = platform.rsa_keys.get(call.account.oa_id)
    if key is None:
        raise ZaloError(-142, family="zns")
    return {"public_key": key}


def journey(platform: Platform, call: Call) -> Json:
    """A token under which the messages of one journey are charged once."""
    token = secrets.token_urlsafe(32)
    platform.journeys[token] = (call.account.oa_id, platform.clock.now_ms() + JOURNEY_MS)
    return {"token": token, "expired_time": str(platform.journeys[token][1])}


def check_journey(platform: Platform, call: Call) -> Json:
    """-148 without a token, -149 for one nobody issued, -150 after a day."""
    token = call.params().get("token") or (call.json().get("token") if call.body else None)
    if not token:
        raise ZaloError(-148, family="zns")
    oa_id, until = platform.journeys.get(str(token), ("", 0))
    if oa_id != call.account.oa_id:
        raise ZaloError(-149, family="zns")
    if until < platform.clock.now_ms():
        raise ZaloError(-150, family="zns")
    return {"token": token, "expired_time": str(until)}


def _slice(records: list[Json], call: Call, key: str) -> Json:
    params: Json = {**dict(call.params()), **(call.json() if call.body else {})}
    try:
        offset, limit = int_of(params, "offset", 0, 0, 1_000_000), int_of(params, "limit", 20, 1, 100)
    except ZaloError:
        raise ZaloError(-132, "offset, limit", family="zns") from None
    template_id = params.get("template_id")
    mine = [
        each for each in records if each["oa_id"] == call.account.oa_id and template_id in (None, each["template_id"])
    ]
    return {"total": len(mine), key: mine[offset : offset + limit]}


PAGE: Json = {"template_id": "700005", "offset": 0, "limit": 20}
ENDPOINTS = (
    Endpoint("POST", "/rating/get", ratings, "Ratings", family="zns", example=PAGE),
    Endpoint("GET", "/response/get", responses, "Taps on response buttons", "query", "zns", {"template_id": "700005"}),
    Endpoint("POST", "/rsa/key/gen", make_key, "Make an RSA key", family="zns"),
    Endpoint("GET", "/rsa/key/get", get_key, "The RSA key", "none", "zns"),
    Endpoint("POST", "/journey/get-token", journey, "New journey", family="zns"),
    Endpoint("GET", "/journey/check-token", check_journey, "Is the journey open", "query", "zns", {"token": "…"}),
)
