"""Receipts come late, early and twice; a status only ever moves forward. Pure."""

from collections.abc import Iterable, Mapping

from services.notify.entry import Status

HEIGHT: Mapping[Status, int] = {
    Status.ACCEPTED: 0,
    Status.SENDING: 1,
    Status.SUPPRESSED: 2,
    Status.EXPIRED: 2,
    Status.FAILED: 2,
    Status.SENT: 2,
    Status.DELIVERED: 3,
    Status.SEEN: 4,
}


def rises(known: Status, told: Status) -> bool:
    """Whether a receipt moves an entry on."""
    return HEIGHT[told] > HEIGHT[known]


def worth_saying(known: Status, told: Status) -> bool:
    """A repeat at the same height is said again, under the same id: the first telling may have been lost in a crash."""
    return HEIGHT[told] >= HEIGHT[known]


def highest(told: Iterable[tuple[str, Status]]) -> dict[str, Status]:
    """Of several receipts for one message, the one that says most."""
    best: dict[str, Status] = {}
    for reference, status in told:
        if reference not in best or rises(best[reference], status):
            best[reference] = status
    return best
