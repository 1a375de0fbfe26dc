"""Exam day: fifty thousand citizens ask for their scores within one minute. Everyone is to be told the right marks, once.

`python -m bench.examday [citizens [seconds]]`.
"""

import asyncio
import csv
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bench.ground import Ground, ground
from bench.imports import score_file
from bench.journey import ECHOES, Crowd
from bench.rows import Row, at_least, at_most
from loa.imports.send import Door, send
from loa.runtime import secrets
from tests.doubles import NOON
from tests.journeys.province import PROVINCE, Province, province

ROWS, CITIZENS, SECONDS = 120_000, 50_000, 60
PATIENCE_SECONDS, LATER_SECONDS = 400, 5  # For the last answer; for a second one that ought not to come.
ZALO_WAITS_MS = 2_000
WORDINGS = (
    "điểm thi {}", "tra điểm sbd {}", "cho em xem diem thi so bao danh {}", "xem điểm thi của em {} ạ",
    "ĐIỂM THI TỐT NGHIỆP SBD {}", "sbd {} đc bao nhiêu điểm v", "cho hỏi con tôi số báo danh {} thi được mấy điểm", "diem thi {}",
)  # fmt: skip
SUBJECTS = {"toan": "Toán", "ngu_van": "Ngữ văn", "vat_li": "Vật lí", "hoa_hoc": "Hoá học"}
NO_MARKS = "Chưa có điểm môn nào"  # Whoever took no exam at all.
Marks = dict[str, float]
_MARK = re.compile(r"• ([^:\n]+): ([\d,]+)")


@dataclass(slots=True)
class Day:
    """What happened, citizen by citizen. Times in milliseconds since 1970, as the platform counts them."""

    asked: dict[str, str]  # Citizen -> candidate's number.
    began_ms: int = 0
    heard: dict[str, list[Marks]] = field(default_factory=dict)
    other: int = 0  # Messages that are no score.
    last_ms: int = 0
    webhooks: Counter[int] = field(default_factory=Counter)  # By what the gateway answered, in time or not.
    slowest_ms: float = 0.0

    def right(self, marks: dict[str, Marks]) -> int:
        """How many were told exactly the marks of their number, and once."""
        return sum(self.heard.get(who) == [marks[number]] for who, number in self.asked.items())

    @property
    def twice(self) -> int:
        return sum(len(told) > 1 for told in self.heard.values())

    @property
    def seconds(self) -> float:
        """From the first question to the last answer."""
        return max(1, self.last_ms - self.began_ms) / 1e3


def measure(ground: Ground) -> list[Row]:
    """The province is started outside the event loop: its processes belong to the thread that stays."""
    path = score_file(ground.home / "diem-thi.csv", ROWS)
    home = ground.home / "examday"
    home.mkdir()
    with province(home, ground.mongo, ground.kafka, LOG_LEVEL="warning") as one:
        return rows(asyncio.run(day(one, path, CITIZENS, SECONDS)), read_marks(path))


async def day(one: Province, path: Path, citizens: int, seconds: int) -> Day:
    door = Door(one.houses["chatbot"].url, secrets.read(one.settings.secrets, "chatbot-api-token"))
    await send(door, "scores", path, source="Sở Thử nghiệm", as_of=NOON, step=lambda _: None)
    numbers = list(read_marks(path))
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=120)) as http:
        async with http.put(f"{one.sandbox}/sandbox/webhooks/events", json={"events": ECHOES}) as answer:
            answer.raise_for_status()
        crowd = Crowd(http, one.sandbox)
        await crowd.gather(citizens, PROVINCE)
        await _skip(crowd)
        told = Day({who: numbers[nth * 7 % len(numbers)] for nth, who in enumerate(crowd.ids)})
        after = await _acknowledged(crowd, 0, Day({}))
        told.began_ms = time.time_ns() // 1_000_000
        await asyncio.gather(_ask(crowd, told, seconds), _hear(crowd, told), _watch(crowd, told, after))
    return told


async def _skip(crowd: Crowd) -> None:
    """What was said before this day."""
    while True:
        asked = {"after": str(crowd.after), "limit": "50000"}
        async with crowd.http.get(f"{crowd.sandbox}/sandbox/bulk/answers", params=asked) as answer:
            said = await answer.json()
        if not said:
            return
        crowd.after = said[-1]["seq"]


async def _ask(crowd: Crowd, told: Day, seconds: int) -> None:
    """An open loop: each second's share is sent when its second comes, whatever has been answered or even taken."""
    began, size = time.perf_counter(), -(-len(crowd.ids) // seconds)
    async with asyncio.TaskGroup() as group:
        for nth in range(seconds):
            await asyncio.sleep(max(0.0, began + nth - time.perf_counter()))
            share = crowd.ids[nth * size : (nth + 1) * size]
            words = [(who, WORDINGS[at % len(WORDINGS)].format(told.asked[who])) for at, who in enumerate(share)]
            group.create_task(crowd.write(words, PROVINCE))


async def _hear(crowd: Crowd, told: Day) -> None:
    """Until everybody has heard, and a little longer."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        asked = {"after": str(crowd.after), "limit": "5000"}
        async with crowd.http.get(f"{crowd.sandbox}/sandbox/bulk/answers", params=asked) as answer:
            said = await answer.json()
        for row in said:
            _note(told, row["citizen"], row["text"], row["at_ms"])
        crowd.after = said[-1]["seq"] if said else crowd.after
        if len(told.heard) == len(told.asked):
            ends = min(ends, time.monotonic() + LATER_SECONDS)
        await asyncio.sleep(0.0 if len(said) == 5_000 else 0.5)


def _note(told: Day, who: str, text: str, at_ms: int) -> None:
    if who not in told.asked:
        return  # Somebody of an earlier bench.
    if told.asked[who] not in text and NO_MARKS not in text:
        told.other += 1
        return
    marks = {subject: float(mark.replace(",", ".")) for subject, mark in _MARK.findall(text)}
    told.heard.setdefault(who, []).append(marks)
    told.last_ms = max(told.last_ms, at_ms)


async def _watch(crowd: Crowd, told: Day, after: int) -> None:
    """Every attempt to deliver a webhook, until as many were taken as citizens asked."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while told.webhooks[200] < len(told.asked) and time.monotonic() < ends:
        await asyncio.sleep(1.0)
        after = await _acknowledged(crowd, after, told)


async def _acknowledged(crowd: Crowd, after: int, told: Day) -> int:
    while True:
        asked = {"after": str(after), "limit": "10000"}
        async with crowd.http.get(f"{crowd.sandbox}/sandbox/webhooks", params=asked) as answer:
            attempts = (await answer.json())["attempts"]
        for attempt in attempts:
            told.webhooks[attempt["status"]] += 1
            told.slowest_ms = max(told.slowest_ms, attempt["elapsed_ms"])
        if not attempts:
            return after
        after = int(attempts[-1]["nth"])


def read_marks(path: Path) -> dict[str, Marks]:
    """By candidate's number, as the file has them; a subject that was not taken is left out."""
    with path.open(encoding="utf-8") as file:
        return {
            row["so_bao_danh"]: {name: float(row[key]) for key, name in SUBJECTS.items() if row[key]}
            for row in csv.DictReader(file)
        }


def rows(told: Day, marks: dict[str, Marks]) -> list[Row]:
    count, refused = len(told.asked), told.webhooks.total() - told.webhooks[200]
    return [
        at_least(
            "exam day: told the right marks, once",
            told.right(marks),
            "citizens",
            count,
            f"{len(marks)} rows in the file",
        ),
        at_most("exam day: answered twice", told.twice, "citizens", 0),
        at_least(
            "exam day: drained at",
            len(told.heard) / told.seconds,
            "citizens/s",
            500,
            f"{told.seconds:.0f} s from first question to last answer; broker, database, sandbox, generator on the same cores",
        ),
        at_most("exam day: slowest acknowledgement", told.slowest_ms, "ms", ZALO_WAITS_MS, "of every webhook"),
        at_most("exam day: webhooks not taken at once", refused, "webhooks", 0),
    ]


if __name__ == "__main__":
    _given = [int(word) for word in sys.argv[1:]]
    _citizens, _seconds = [*_given, *(CITIZENS, SECONDS)[len(_given) :]]
    with ground() as mine:
        _path = score_file(mine.home / "diem-thi.csv", ROWS)
        with province(mine.home / "examday", mine.mongo, mine.kafka, LOG_LEVEL="warning") as here:
            for _row in rows(asyncio.run(day(here, _path, _citizens, _seconds)), read_marks(_path)):
                print(f"{_row.name:42} {_row.value:12.2f} {_row.unit:12} {_row.bar:8} {_row.passed} {_row.note}")
