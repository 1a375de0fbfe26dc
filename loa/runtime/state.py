"""The state folder knows which way of keeping things it was made for: what another made is neither read nor lost."""

import json
from pathlib import Path

from loa.runtime.errors import SetupError
from loa.runtime.whole_file import write_whole

LAYOUT = 2  # 1: texts were not sealed for their place.
FILE = "state.json"
UPGRADE = "upgrade.json"  # There while an upgrade is under way: names the copy that it made.
DATA = ("mongo", "kafka")  # Folders of the state folder that hold what citizens and officers left.


def require_known(state: Path) -> None:
    """Raises SetupError on data without a version, or of a newer Loa. An empty or missing folder is a beginning."""
    layout = stored_layout(state)
    if layout == LAYOUT or (layout is None and not any((state / folder).exists() for folder in DATA)):
        return
    aside = f"mv {state} {state}.before"
    if layout is None:
        raise SetupError(
            f"{state} holds data from before releases numbered it, which this release does not carry on.",
            f"Begin anew and keep the old: {aside}; or set LOA_STATE to another folder.",
        )
    if layout < LAYOUT:
        raise SetupError(
            f"{state} was made by an earlier Loa (layout {layout}, this one has {LAYOUT}), whose sealed texts it does not open.",
            f"Start that release again; or begin anew and keep the old: {aside}",
        )
    raise SetupError(
        f"{state} was made by a newer Loa (layout {layout}, this one knows {LAYOUT}).",
        f"Start that release again; or begin anew and keep the old: {aside}",
    )


def require_upgraded(state: Path) -> None:
    """Raises SetupError while an upgrade waits to be ended."""
    if (state / UPGRADE).exists():
        raise SetupError(
            f"An upgrade of {state} was begun and has not ended.", "`loa upgrade` goes on where it stopped."
        )


def stored_layout(state: Path) -> int | None:
    """Returns the layout that the folder was made for, None where nothing says it."""
    try:
        return int(json.loads((state / FILE).read_text())["layout"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def mark(state: Path) -> None:
    """Write the layout into a folder that `require_known` took, before anything else is put there."""
    write_whole(state / FILE, json.dumps({"layout": LAYOUT}) + "\n")
