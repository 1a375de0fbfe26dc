"""Exam day: fifty thousand citizens ask for their scores within one minute. Everyone must get the right marks, once.

`python -m bench.examday [citizens [seconds]]`.
"""

import asyncio
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bench.environment import Environment, bench_environment
from bench.examday_result import Day, read_marks, rows
from bench.imports import score_file
from bench.journey import ECHOES, CitizenLoad
from bench.rows import Row
from bench.table import show
from loa.clients.imports import ChatbotClient, send
from loa.runtime import secrets
from loa.testkit.system import PROVINCE, FullSystem, full_system

ROWS, CITIZENS, SECONDS = 120_000, 50_000, 60
TIMEOUT_SECONDS, LINGER_SECONDS = 400, 5  # For the last answer; for a second one that ought not to come.
WORDINGS = (
    "điểm thi {}", "tra điểm sbd {}", "cho em xem diem thi so bao danh {}", "xem điểm thi của em {} ạ",
    "ĐIỂM THI TỐT NGHIỆP SBD {}", "sbd {} đc bao nhiêu điểm v", "cho hỏi con tôi số báo danh {} thi được mấy điểm", "diem thi {}",
)  # fmt: skip


def measure(environment: Environment) -> list[Row]:
    """The system is started outside the event loop: its processes belong to the thread that stays."""
    path = score_file(environment.home / "diem-thi.csv", ROWS)
    home = environment.home / "examday"
    home.mkdir()
    with full_system(home, environment.mongo, environment.kafka, LOG_LEVEL="warning") as system:
        return rows(asyncio.run(day(system, path, CITIZENS, SECONDS)), read_marks(path), environment.u)


async def day(system: FullSystem, path: Path, citizens: int, seconds: int) -> Day:
    client = ChatbotClient(system.services["chatbot"].url, secrets.read(system.settings.secrets, "chatbot-api-token"))
    await send(client, "scores", path, source="Sở Thử nghiệm", as_of=datetime.now(UTC), step=lambda _: None)
    numbers = list(read_marks(path))
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=120)) as http:
        async with http.put(f"{system.sandbox}/sandbox/webhooks/events", json={"events": ECHOES}) as answer:
            answer.raise_for_status()
        load = CitizenLoad(http, system.sandbox)
        await load.create_citizens(citizens, PROVINCE)
        await _skip_earlier_answers(load)
        result = Day({citizen: numbers[index * 7 % len(numbers)] for index, citizen in enumerate(load.ids)})
        after = await _acknowledged(load, 0, Day({}))
        result.began_ms = time.time_ns() // 1_000_000
        await asyncio.gather(
            _send_questions(load, result, seconds), _read_answers(load, result), _watch_webhooks(load, result, after)
        )
    return result


async def _skip_earlier_answers(load: CitizenLoad) -> None:
    """What was published before this day."""
    while True:
        params = {"after": str(load.after), "limit": "50000"}
        async with load.http.get(f"{load.sandbox}/sandbox/bulk/answers", params=params) as answer:
            answers = await answer.json()
        if not answers:
            return
        load.after = answers[-1]["seq"]


async def _send_questions(load: CitizenLoad, result: Day, seconds: int) -> None:
    """An open loop: each second's share is sent when its second comes, whatever has been answered or even accepted."""
    began, size = time.perf_counter(), -(-len(load.ids) // seconds)
    async with asyncio.TaskGroup() as group:
        for second in range(seconds):
            await asyncio.sleep(max(0.0, began + second - time.perf_counter()))
            share = load.ids[second * size : (second + 1) * size]
            messages = [
                (citizen, WORDINGS[index % len(WORDINGS)].format(result.questions[citizen]))
                for index, citizen in enumerate(share)
            ]
            group.create_task(load.write(messages, PROVINCE))


async def _read_answers(load: CitizenLoad, result: Day) -> None:
    """Wait until everybody has an answer, and a little longer."""
    ends = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < ends:
        params = {"after": str(load.after), "limit": "5000"}
        async with load.http.get(f"{load.sandbox}/sandbox/bulk/answers", params=params) as answer:
            answers = await answer.json()
        for row in answers:
            result.note(row["citizen"], row["text"], row["at_ms"])
        load.after = answers[-1]["seq"] if answers else load.after
        if len(result.answers) == len(result.questions):
            ends = min(ends, time.monotonic() + LINGER_SECONDS)
        await asyncio.sleep(0.0 if len(answers) == 5_000 else 0.5)


async def _watch_webhooks(load: CitizenLoad, result: Day, after: int) -> None:
    """Every attempt to deliver a webhook, until as many were taken as citizens asked."""
    ends = time.monotonic() + TIMEOUT_SECONDS
    while result.webhooks[200] < len(result.questions) and time.monotonic() < ends:
        await asyncio.sleep(1.0)
        after = await _acknowledged(load, after, result)


async def _acknowledged(load: CitizenLoad, after: int, result: Day) -> int:
    while True:
        params = {"after": str(after), "limit": "10000"}
        async with load.http.get(f"{load.sandbox}/sandbox/webhooks", params=params) as answer:
            attempts = (await answer.json())["attempts"]
        for attempt in attempts:
            result.webhooks[attempt["status"]] += 1
            result.slowest_ms = max(result.slowest_ms, attempt["elapsed_ms"])
        if not attempts:
            return after
        after = int(attempts[-1]["nth"])


if __name__ == "__main__":
    _arguments = [int(word) for word in sys.argv[1:]]
    _citizens, _seconds = [*_arguments, *(CITIZENS, SECONDS)[len(_arguments) :]]
    with bench_environment() as _environment:
        _path = score_file(_environment.home / "diem-thi.csv", ROWS)
        with full_system(
            _environment.home / "examday", _environment.mongo, _environment.kafka, LOG_LEVEL="warning"
        ) as _system:
            _day = asyncio.run(day(_system, _path, _citizens, _seconds))
        show(rows(_day, read_marks(_path), _environment.u), _environment.u)
