"""Receipts come late, early and twice; a status only ever moves forward. Pure."""

from collections.abc import Iterable, Mapping

from services.notify.delivery import Status

STATUS_HEIGHT: Mapping[Status, int] = {
    Status.ACCEPTED: 0,
    Status.SENDING: 1,
    Status.SUPPRESSED: 2,
    Status.EXPIRED: 2,
    Status.FAILED: 2,
    Status.SENT: 2,
    Status.DELIVERED: 3,
    Status.SEEN: 4,
}


def moves_forward(current: Status, reported: Status) -> bool:
    """Whether a receipt moves an entry on."""
    return STATUS_HEIGHT[reported] > STATUS_HEIGHT[current]


def is_worth_publishing(current: Status, reported: Status) -> bool:
    """A repeat of the same status is published again, under the same id: the first may have been lost in a crash."""
    return STATUS_HEIGHT[reported] >= STATUS_HEIGHT[current]


def highest_status(reported: Iterable[tuple[str, Status]]) -> dict[str, Status]:
    """Returns for each message the furthest of its receipts."""
    best: dict[str, Status] = {}
    for reference, status in reported:
        if reference not in best or moves_forward(best[reference], status):
            best[reference] = status
    return best
