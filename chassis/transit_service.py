"""Joins a service's transit keys: its ring, its signing key, and what its topics say about who has read what."""

import json
from datetime import timedelta
from typing import TypeVar

from chassis.kafka import Account, is_read, read_whole
from chassis.rolling_ring import RollingRing
from chassis.service import Resources
from chassis.settings import TransitSettings
from chassis.signing import load_signing_key
from chassis.transit import is_sealed_to_readers, key_ids
from chassis.transit_keys import AHEAD, LONGEST, TransitKeys
from contracts.catalogue import DEAD, READERS
from contracts.transit_key import TransitKeyMade

S = TypeVar("S", bound=TransitSettings)

_SLACK = timedelta(days=1)  # A line is made in the course of a day, a key a day ahead.


def build_transit_keys(
    service: str,
    resources: Resources[S],
    signing_key: str,
    made: type[TransitKeyMade],
    retention: timedelta,
) -> TransitKeys:
    """`signing_key` is a file of SECRETS_DIR. Raises MisconfiguredError."""
    settings = resources.settings
    topics = [settings.topic_prefix + topic for topic in READERS[service]]
    group, dead = settings.topic_prefix + service, settings.topic_prefix + DEAD[service]

    async def named() -> frozenset[str]:
        return frozenset(
            key_id
            for record in await read_whole(settings.kafka_servers, dead, Account.of(settings))
            for key_id in _key_ids(record.value)
        )

    return TransitKeys(
        service=service,
        db=resources.db,
        ring=RollingRing(settings.transit_path(service), AHEAD + LONGEST + _SLACK),
        signer=load_signing_key(settings.secrets_dir / signing_key),
        made=made,
        publish=resources.publisher.publish,
        is_read=lambda before: is_read(settings, group, topics, before),
        now=resources.clock,
        retention=retention,
        named=named,
    )


def _key_ids(value: bytes) -> tuple[str, ...]:
    """Dead letters may be anything."""
    try:
        body = json.loads(value)["body"]
    except (ValueError, KeyError, TypeError):
        return ()
    return key_ids(body) if isinstance(body, str) and is_sealed_to_readers(body) else ()
