"""Writes a file so that no reader ever sees half of it."""

import os
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """With 0600, under another name first: a power cut in between must not leave half a key that looks like one."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
