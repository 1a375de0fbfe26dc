"""The one time zone that everything Loa tells citizens and officers is in."""

from datetime import timedelta, timezone
from typing import Final

VIETNAM: Final = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")  # No summer time since 1975.
