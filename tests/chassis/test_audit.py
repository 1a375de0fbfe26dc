"""No look at personal data without a record of it on the log."""

import asyncio
from collections.abc import Sequence

import pytest

from chassis import audit
from chassis.audit import Access, AuditLog
from chassis.auth import Actor
from chassis.errors import TransientError
from contracts.audit import AuditRecorded
from contracts.event import Event
from contracts.scopes import Scope
from tests.doubles import NOON, PEPPER

OFFICER = Actor("officer", "officer-1", frozenset({Scope.QUEUE_READ}), None, unit="unit-1", reason="khiếu nại 12")
PROGRAM = Actor("client", "one-stop", frozenset({Scope.QUEUE_READ}), None)


class Log:
    def __init__(self) -> None:
        self.events: list[Event] = []

    async def publish(self, events: Sequence[Event]) -> None:
        self.events += events


async def test_each_subject_is_a_record_of_who_looked_at_what_when_and_why() -> None:
    log = Log()
    trail = AuditLog("chatbot", PEPPER, log.publish, lambda: NOON)
    await trail.record(OFFICER, Access("queue.read", "conversation", ["first", "second"], "1001", "the queue"))
    records = [event for event in log.events if isinstance(event, AuditRecorded)]
    assert [(record.conversation, record.actor_id, record.actor_unit) for record in records] == [
        ("first", "officer-1", "unit-1"),
        ("second", "officer-1", "unit-1"),
    ]
    assert {(record.reason, record.occurred_at, record.oa_id) for record in records} == {("khiếu nại 12", NOON, "1001")}
    assert len({record.id for record in records}) == 2


async def test_where_nobody_states_a_reason_the_purpose_stands() -> None:
    log = Log()
    await AuditLog("chatbot", PEPPER, log.publish, lambda: NOON).record(
        PROGRAM, Access("dossier.read", "dossier", ["subject"], purpose="the history")
    )
    assert [event.reason for event in log.events if isinstance(event, AuditRecorded)] == ["the history"]


async def test_a_look_that_finds_nobody_is_a_record_too() -> None:
    log = Log()
    trail = AuditLog("chatbot", PEPPER, log.publish, lambda: NOON)
    await trail.record(PROGRAM, Access("queue.read", "conversation", [], "1001", "the queue"))
    assert [(event.action, event.oa_id) for event in log.events if isinstance(event, AuditRecorded)] == [
        ("queue.read", "1001")
    ]


def test_a_subject_s_pseudonym_says_nothing_and_is_always_the_same() -> None:
    trail = AuditLog("chatbot", PEPPER, Log().publish, lambda: NOON)
    pseudonym = trail.pseudonym("dossier", "H29.12-260101-0001")
    assert pseudonym == trail.pseudonym("dossier", "H29.12-260101-0001")
    assert pseudonym != trail.pseudonym("case", "H29.12-260101-0001")
    assert "H29" not in pseudonym


@pytest.mark.parametrize("hangs", [False, True])
async def test_without_the_log_there_is_no_answer_and_the_message_names_the_remedy(
    monkeypatch: pytest.MonkeyPatch, hangs: bool
) -> None:
    monkeypatch.setattr(audit, "_SECONDS", 0.05)

    async def unable(_: Sequence[Event]) -> None:
        if hangs:
            await asyncio.Event().wait()
        raise TransientError("the broker is away")

    trail = AuditLog("chatbot", PEPPER, unable, lambda: NOON)
    with pytest.raises(TransientError, match="KAFKA_SERVERS"):
        await trail.record(OFFICER, Access("queue.read", "conversation", ["first"]))
