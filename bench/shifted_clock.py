"""Clocks that can be set while a process runs: a small library, loaded before libc, adds what stands in a file to the wall clock.

The monotonic clock stays as it is, as it does when an operator or NTP sets a machine's time. Needs a C compiler.
"""

import shutil
import struct
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_SOURCE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

static volatile long long *shift;
static int (*real)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("SHIFTED_CLOCK");
    int file = path ? open(path, O_RDONLY) : -1;
    void *page = file >= 0 ? mmap(0, sizeof(long long), PROT_READ, MAP_SHARED, file, 0) : MAP_FAILED;
    shift = page == MAP_FAILED ? 0 : page;
    real = dlsym(RTLD_NEXT, "clock_gettime");
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    if (!real) begin();
    int failed = real(clock, now);
    if (!failed && shift && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += *shift;
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *result) {
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (result) *result = exact.tv_sec;
    return exact.tv_sec;
}
"""


@dataclass(frozen=True, slots=True)
class ShiftedClocks:
    """One clock for each name."""

    library: Path
    folder: Path

    @classmethod
    def build(cls, folder: Path) -> "ShiftedClocks | None":
        """Returns None where there is no compiler."""
        compiler = shutil.which("cc")
        if compiler is None:
            return None
        source, library = folder / "shifted_clock.c", folder / "shifted_clock.so"
        source.write_text(_SOURCE)
        subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", library, source, "-ldl"], check=True)  # noqa: S603 - our own source.
        return cls(library, folder)

    def environment(self, name: str) -> Mapping[str, str]:
        """What a process needs for its clock to be settable."""
        self.shift(name, 0)
        return {"LD_PRELOAD": str(self.library), "SHIFTED_CLOCK": str(self._path(name))}

    def shift(self, name: str, seconds: int) -> None:
        """From now on it is so many seconds ahead of the machine's clock, below zero: behind."""
        with self._path(name).open("r+b" if self._path(name).exists() else "w+b") as file:
            file.write(struct.pack("=q", seconds))

    def _path(self, name: str) -> Path:
        return self.folder / f"clock-{name}"
