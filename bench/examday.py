"""Exam day: fifty thousand citizens ask for their scores within one minute. Everyone is to be told the right marks, once."""

import asyncio
import csv
import time
from collections import Counter
from pathlib import Path

import aiohttp

from bench.ground import Ground
from bench.imports import score_file
from bench.journey import ECHOES, Crowd
from bench.rows import Row, at_least, at_most
from loa.imports.send import Door, send
from loa.runtime import secrets
from tests.doubles import NOON
from tests.journeys.province import Province, province

OA = "4100000000000000301"  # The province's e-government OA.
ROWS, CITIZENS, SECONDS = 120_000, 50_000, 60
WORDINGS = ("điểm thi {}", "tra điểm sbd {}", "cho em xem diem thi so bao danh {}", "xem điểm thi của em {} ạ")


async def measure(ground: Ground) -> list[Row]:
    with province(ground.home / "examday", ground.mongo, ground.kafka, LOG_LEVEL="warning") as one:
        return await day(one, ground.home, CITIZENS, SECONDS)


async def day(one: Province, home: Path, citizens: int, seconds: int) -> list[Row]:
    path = score_file(home / "diem-thi.csv", ROWS)
    door = Door(one.houses["chatbot"].url, secrets.read(one.settings.secrets, "chatbot-api-token"))
    await send(door, "scores", path, source="Sở Thử nghiệm", as_of=NOON, step=lambda _: None)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=120)) as http:
        async with http.put(f"{one.sandbox}/sandbox/webhooks/events", json={"events": ECHOES}) as answer:
            answer.raise_for_status()
        crowd = Crowd(http, one.sandbox)
        await crowd.gather(citizens, OA)
        asked = {who: str(37_000_000 + nth * 2 % ROWS) for nth, who in enumerate(crowd.ids)}
        started = time.perf_counter()
        slow, told = await asyncio.gather(_ask(crowd, asked, seconds), _hear(crowd, asked))
        took = time.perf_counter() - started
    return _rows(_right(told, asked, path), told, took, slow)


async def _ask(crowd: Crowd, asked: dict[str, str], seconds: int) -> Counter[str]:
    """An open loop: each second's share is sent when its second comes, whatever has been answered."""
    seen: Counter[str] = Counter()
    began, size = time.perf_counter(), -(-len(crowd.ids) // seconds)
    after = 0
    for nth in range(seconds):
        await asyncio.sleep(max(0.0, began + nth - time.perf_counter()))
        share = crowd.ids[nth * size : (nth + 1) * size]
        await crowd.write([(who, WORDINGS[at % 4].format(asked[who])) for at, who in enumerate(share)], OA)
        after = await _acknowledged(crowd, after, seen)
    for _ in range(20):
        await asyncio.sleep(0.5)
        after = await _acknowledged(crowd, after, seen)
    return seen


async def _acknowledged(crowd: Crowd, after: int, seen: Counter[str]) -> int:
    """How the webhooks since `after` went: refused, late, or in time."""
    told = {"after": str(after), "limit": "1000"}
    async with crowd.http.get(f"{crowd.sandbox}/sandbox/webhooks", params=told) as answer:
        attempts = (await answer.json())["attempts"]
    for attempt in attempts:
        late = attempt["elapsed_ms"] > 2_000
        seen["refused" if attempt["status"] != 200 else "late" if late else "in time"] += 1
        seen["slowest_ms"] = max(seen["slowest_ms"], int(attempt["elapsed_ms"]))
    return int(attempts[-1]["nth"]) if attempts else after


async def _hear(crowd: Crowd, asked: dict[str, str]) -> dict[str, list[str]]:
    """Every message that names the number its citizen asked about."""
    told: dict[str, list[str]] = {who: [] for who in crowd.ids}
    deadline = time.monotonic() + 400
    missing = len(told)
    while missing and time.monotonic() < deadline:
        for row in await crowd.hear(1):
            if asked[str(row["citizen"])] in str(row["text"]):
                told[str(row["citizen"])].append(str(row["text"]))
        missing = sum(not words for words in told.values())
    return told


def _right(told: dict[str, list[str]], asked: dict[str, str], path: Path) -> int:
    """How many heard exactly the marks of their own number."""
    names = {"toan": "Toán", "ngu_van": "Ngữ văn", "vat_li": "Vật lí", "hoa_hoc": "Hoá học"}
    with path.open(encoding="utf-8") as file:
        marks = {row["so_bao_danh"]: row for row in csv.DictReader(file)}
    right = 0
    for who, words in told.items():
        row = marks[asked[who]]
        lines = [f"{name}: {float(row[key]):g}".replace(".", ",") for key, name in names.items() if row[key]]
        absent = [name for key, name in names.items() if not row[key]]
        good = bool(words) and all(line in words[0].splitlines() or f"• {line}" in words[0] for line in lines)
        right += good and not any(f"{name}:" in words[0] for name in absent)
    return right


def _rows(right: int, told: dict[str, list[str]], took: float, slow: Counter[str]) -> list[Row]:
    twice = sum(len(words) > 1 for words in told.values())
    return [
        at_least(
            "exam day: answered with the right marks", right, "citizens", len(told), f"{ROWS} rows imported before"
        ),
        at_most("exam day: answered twice", twice, "citizens", 0),
        at_least(
            "exam day: answers",
            len(told) / took,
            "answers/s",
            500,
            f"{took:.0f} s from the first question to the last answer",
        ),
        at_most(
            "exam day: slowest acknowledgement seen", slow["slowest_ms"], "ms", 2_000, f"{slow['in time']} looked at"
        ),
        at_most("exam day: webhooks refused", slow["refused"], "webhooks", 0),
    ]
