"""Why a reporter's file is not here."""

from enum import StrEnum


class Missing(StrEnum):
    SIZE = "size"  # Larger than MEDIA_BYTES.
    HOST = "host"  # Its link leads elsewhere than to Zalo.
    FILES = "files"  # The case has as many as it may.
    TODAY = "today"  # Its reporter has sent enough for one day.
    DISK = "disk"  # Our disk is full. Tried again.
    LATER = "later"  # It did not arrive, or was not what was promised. Tried again.
    LOST = "lost"  # It will not arrive any more.
