"""Who may do what on the broker: a service writes its topics, reads its own and is in its own group. All from the contracts.

Kafka keeps these rights (docs/decisions/0026-accounts.md); Tansu knows none.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError, for_code
from aiokafka.protocol.admin import (
    CreateAclsRequest_v1,
    DeleteAclsRequest_v1,
    DescribeAclsRequest,
)
from aiokafka.protocol.api import Request

from chassis.errors import TransientError
from chassis.kafka.account import Account
from chassis.kafka.shutdown import bounded
from contracts.catalogue import DEAD, READERS, SERVICES, TABLES, WATCHED, WRITERS

_ANSWER_SECONDS, _STOP_SECONDS = 30.0, 5.0
_ANY, _ALLOW, _ANY_HOST = 1, 3, "*"  # Of Kafka's protocol, as the figures below.


class Resource(IntEnum):
    TOPIC = 2
    GROUP = 3


class Operation(IntEnum):
    READ = 3
    WRITE = 4
    CREATE = 5
    DESCRIBE = 8


_LITERAL, _PREFIXED = 3, 4


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """Reading and writing include describing. A group's name is a prefix: a service may have several."""

    service: str
    operation: Operation
    resource: Resource
    name: str

    def entry(self) -> tuple[int, str, int, str, str, int, int]:
        """Returns it as Kafka's protocol has it."""
        pattern = _PREFIXED if self.resource is Resource.GROUP else _LITERAL
        return self.resource, self.name, pattern, f"User:{self.service}", _ANY_HOST, self.operation, _ALLOW


def rights(topic_prefix: str = "") -> frozenset[Right]:
    """Returns every right of every service. Pure."""
    made: set[Right] = set()
    for service in SERVICES:
        topics = [(Operation.WRITE, topic) for topic in WRITERS[service]]
        topics += [(Operation.READ, topic) for topic in (*READERS.get(service, ()), *TABLES.get(service, ()))]
        if service in DEAD:  # What it could not handle it may look at again.
            topics += [(operation, DEAD[service]) for operation in (Operation.WRITE, Operation.CREATE, Operation.READ)]
        groups = [(Operation.READ, service)] if service in READERS else []
        groups += [(Operation.DESCRIBE, watched) for watched in WATCHED.get(service, ())]
        made |= {Right(service, operation, Resource.TOPIC, topic_prefix + topic) for operation, topic in topics}
        made |= {Right(service, operation, Resource.GROUP, topic_prefix + group) for operation, group in groups}
    return frozenset(made)


async def ensure_rights(servers: str, administrator: Account, topic_prefix: str = "") -> None:
    """The services have these rights, and no others. Raises TransientError when the broker does not answer, or refuses."""
    wanted = {right.entry() for right in rights(topic_prefix)}
    principals = {f"User:{service}" for service in SERVICES}
    admin = AIOKafkaAdminClient(bootstrap_servers=servers, **administrator.client_options())
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            await admin.start()
            present = {entry for entry in await _present(admin) if entry[3] in principals}
            await _change(admin, _Create(sorted(wanted - present)))
            await _change(admin, _Delete(sorted(present - wanted)))
    except (KafkaError, TimeoutError, OSError) as fault:
        raise TransientError(
            f"the broker did not take the services' rights ({type(fault).__name__}): is KAFKA_USER its administrator?"
        ) from fault
    finally:
        await bounded(admin.close(), _STOP_SECONDS)


class _Create(Request[CreateAclsRequest_v1]):  # type: ignore[misc]  # aiokafka ships no types.
    """Several at once, which aiokafka's own request does not do."""

    API_KEY = CreateAclsRequest_v1.API_KEY

    def __init__(self, entries: Sequence[tuple[Any, ...]]) -> None:
        self.entries = entries

    def build(self, request_struct_class: type[CreateAclsRequest_v1]) -> CreateAclsRequest_v1:
        return request_struct_class(list(self.entries))


class _Delete(Request[DeleteAclsRequest_v1]):  # type: ignore[misc]  # See above.
    """The same for those that match exactly."""

    API_KEY = DeleteAclsRequest_v1.API_KEY

    def __init__(self, entries: Sequence[tuple[Any, ...]]) -> None:
        self.entries = entries

    def build(self, request_struct_class: type[DeleteAclsRequest_v1]) -> DeleteAclsRequest_v1:
        return request_struct_class(list(self.entries))


async def _present(admin: AIOKafkaAdminClient) -> Iterable[tuple[Any, ...]]:
    every = DescribeAclsRequest(_ANY, None, _ANY, None, None, _ANY, _ANY)
    answer = await admin._send_request(every)  # noqa: SLF001 - the client has no call for rights.
    _check(answer.error_code)
    return [
        (resource, name, pattern, *entry)
        for resource, name, pattern, entries in answer.resources
        for entry in map(tuple, entries)
    ]


async def _change(admin: AIOKafkaAdminClient, request: _Create | _Delete) -> None:
    if request.entries:
        answer = await admin._send_request(request)  # noqa: SLF001 - see above.
        for code, *_ in answer.creation_responses if isinstance(request, _Create) else answer.filter_responses:
            _check(code)


def _check(code: int) -> None:
    if code:
        raise for_code(code)
