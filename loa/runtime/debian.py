"""System packages that no wheel brings. Installed where we may, named where we may not; nothing else is touched."""

import os
import shutil
from collections.abc import Mapping

from loa.runtime.errors import SetupError
from loa.runtime.shell import run

MINUTES = 10


def require(packages: Mapping[str, str]) -> None:
    """`packages` maps a Debian package to why it is needed. Raises SetupError where apt-get cannot be run or fails."""
    if not packages:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    remedy = "Run: " + " ".join(["sudo", *command])
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise SetupError("; ".join(packages.values()) + ".", remedy + " (or your system's packages of that name).")
    print(f"Installing {', '.join(packages)}: {'; '.join(packages.values())}.", flush=True)
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "-q", "update"], MINUTES * 60, quiet)  # May fail for a source that has nothing to do with us.
    result = run(command, MINUTES * 60, quiet)
    if result.returncode:
        raise SetupError(f"apt-get could not install {', '.join(packages)}: {result.stderr[-500:]}", remedy)
