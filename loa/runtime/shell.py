"""The one place where another program is run to its end: bounded in time, its output captured, never through a shell."""

import os
import subprocess
from collections.abc import Mapping, Sequence

from loa.runtime.errors import SetupError


def run(
    words: Sequence[str], seconds: float, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Returns the output and how it ended. Raises FileNotFoundError without the program, SetupError when out of time."""
    full = os.environ | dict(environment or {})
    try:
        return subprocess.run(words, env=full, capture_output=True, text=True, timeout=seconds, check=False)  # noqa: S603 - callers pass words of ours; nothing is interpreted by a shell.
    except subprocess.TimeoutExpired:
        what = f"`{' '.join(words[:3])} …` did not end within {seconds:g} s."
        raise SetupError(what, "Check the network and the load of this machine, then try again.") from None
