"""The one time zone of everything that citizens and officers read."""

from datetime import timedelta, timezone
from typing import Final

VIETNAM: Final = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")  # No summer time since 1975.
