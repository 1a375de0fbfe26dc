"""Codes that people read aloud, copy from paper and type: receipts, bookings, tips."""

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # Without those that are misread or misheard: 0 O 1 I L U.
_GROUP, _GROUPS = 4, 2


def readable_code(prefix: str, number: int) -> str:
    """Returns `TB-7K3M-9QX2`: the low digits of `number` as eight of 30 letters, some 39 bits."""
    groups = (readable_letters(number // len(LETTERS) ** (_GROUP * group), _GROUP) for group in range(_GROUPS))
    return "-".join((prefix, *groups))


def readable_letters(number: int, count: int) -> str:
    """Returns the `count` low digits of a number, the lowest first, as letters."""
    return "".join(LETTERS[number // len(LETTERS) ** position % len(LETTERS)] for position in range(count))
