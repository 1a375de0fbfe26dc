"""Chains of made-up records, with signed checkpoints, for tests to break."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from nacl.signing import SigningKey

from contracts.audit import AuditRecorded
from services.auditor.chain import GENESIS, Tip, checkpoint, digest, tip_of
from services.auditor.decide import decide
from services.auditor.signing import Signer

SIGNER = Signer(SigningKey(b"a" * 32))
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
Document = dict[str, Any]


def record(number: int, **changes: Any) -> AuditRecorded:
    fields: Document = {
        "id": UUID(int=number),
        "occurred_at": NOW,
        "conversation": f"subject-{number}",
        "oa_id": "1001",
        "service": "chatbot",
        "actor_kind": "officer",
        "actor_id": "officer-1",
        "action": "queue.read",
        "subject_kind": "conversation",
        "reason": "trả lời công dân",
    }
    return AuditRecorded.model_validate(fields | changes)


def chain(length: int = 9, signed: tuple[int, ...] = (3, 6)) -> tuple[list[Document], list[Document]]:
    """Entries, and checkpoints at some of them."""
    entries = decide(Tip(), set(), map(record, range(1, length + 1)))
    checkpoints: list[Document] = []
    for seq in signed:
        previous = digest(checkpoints[-1]) if checkpoints else GENESIS
        tip = tip_of(entries[seq - 1])
        checkpoints.append(SIGNER.sign(checkpoint(tip, NOW.isoformat(), SIGNER.id, previous)))
    return entries, checkpoints
