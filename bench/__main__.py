"""`make bench`: every measurement, as a table and as bench/results.json. Names on the command line choose some of them."""

import asyncio
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench import examday, growth, imports, journey, pipeline, webhook
from bench.environment import Environment, bench_environment
from bench.machine import commit, machine
from bench.rows import Row
from bench.table import show

BENCHES: dict[str, Callable[[Environment], list[Row]]] = {
    "webhook": lambda environment: asyncio.run(webhook.measure(environment)),
    "pipeline": lambda environment: asyncio.run(pipeline.measure(environment)),
    "journey": journey.measure,
    "imports": lambda environment: asyncio.run(imports.measure(environment)),
    "examday": examday.measure,
    "growth": lambda environment: asyncio.run(growth.measure(environment)),
}
RESULTS = Path(__file__).with_name("results.json")


def main(names: list[str]) -> int:
    """Returns 0 when every bar was met, 1 otherwise: a missed bar is shown, never hidden."""
    unknown = set(names) - set(BENCHES)
    if unknown:
        print(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
        return 2
    rows: list[Row] = []
    with bench_environment() as environment:
        for name in names or BENCHES:
            print(f"measuring {name} …", flush=True)
            rows += BENCHES[name](environment)
    show(rows, environment.u)
    report = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": machine(),
        "u_us": environment.u * 1e6,
        "rows": [row.json(environment.u) for row in rows],
    }
    RESULTS.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return int(any(row.passed is False for row in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
