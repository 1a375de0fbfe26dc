"""A whole round trip, webhook in to answer accepted by Zalo: what it costs the three services, and how long it takes."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import aiohttp

from bench.environment import Environment
from bench.pipeline import QUESTIONS, TAPS
from bench.processes import cpu_seconds
from bench.rows import Row, at_most_u
from loa.testkit.system import POLICE, FullSystem, full_system, new_citizen

SERVICES = ("gateway", "chatbot", "notify")
ECHOES = {"oa_send_text": False, "user_received_message": False, "user_seen_message": False}
CITIZENS, QUIET, WARM_UP = 1_000, 150, 500
TIMEOUT_SECONDS = 180


@dataclass(slots=True)
class CitizenLoad:
    """Citizens who all write at once, and the answers they get back."""

    http: aiohttp.ClientSession
    sandbox: str
    ids: list[str] = field(default_factory=list)
    after: int = 0

    async def create_citizens(self, size: int, oa_id: str = POLICE) -> None:
        async with self.http.post(f"{self.sandbox}/sandbox/bulk", json={"citizens": size, "oa_id": oa_id}) as answer:
            answer.raise_for_status()
            self.ids = [citizen["citizen_id"] for citizen in (await answer.json())["citizens"]]

    async def write(self, texts: Sequence[tuple[str, str]], oa_id: str = POLICE) -> None:
        """`(citizen, text)` of each message; queued, not waited for."""
        messages = [{"citizen_id": citizen, "oa_id": oa_id, "text": text} for citizen, text in texts]
        async with self.http.post(f"{self.sandbox}/sandbox/bulk/send", json={"messages": messages}) as answer:
            answer.raise_for_status()

    async def read_answers(self, count: int) -> list[dict[str, object]]:
        """Until `count` answers have come. Raises TimeoutError when they do not."""
        answers: list[dict[str, object]] = []
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while len(answers) < count:
            params = {"after": str(self.after), "limit": "50000"}
            async with self.http.get(f"{self.sandbox}/sandbox/bulk/answers", params=params) as answer:
                rows = await answer.json()
            answers += rows
            self.after = rows[-1]["seq"] if rows else self.after
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(answers)} of {count} answers within {TIMEOUT_SECONDS} s")
            await asyncio.sleep(0.05)
        return answers


@dataclass(frozen=True, slots=True)
class Trip:
    """Messages per second, and CPU-milliseconds per message: of each service, and of MongoDB and the broker together."""

    per_second: float
    services_ms: dict[str, float]
    servers_ms: float

    @property
    def ours_ms(self) -> float:
        return sum(self.services_ms.values())

    def __str__(self) -> str:
        return ", ".join(f"{name} {ms:.2f}" for name, ms in self.services_ms.items())


def measure(environment: Environment) -> list[Row]:
    """The system is started outside the event loop: its processes belong to the thread that stays."""
    home = environment.home / "journey"
    home.mkdir()
    with full_system(home, environment.mongo, environment.kafka, LOG_LEVEL="warning") as system:
        return asyncio.run(_measure(environment, system))


async def _measure(environment: Environment, system: FullSystem) -> list[Row]:
    async with aiohttp.ClientSession() as http:
        quiet = await _quiet(system, http)
        async with http.put(f"{system.sandbox}/sandbox/webhooks/events", json={"events": ECHOES}) as answer:
            answer.raise_for_status()
        load = CitizenLoad(http, system.sandbox)
        await load.create_citizens(CITIZENS)
        await _trip(environment, system, load, TAPS, WARM_UP)
        taps = await _trip(environment, system, load, TAPS, 6_000)
        questions = await _trip(environment, system, load, QUESTIONS, 3_000)
    return _rows(quiet, taps, questions, environment.u)


async def _quiet(system: FullSystem, http: aiohttp.ClientSession) -> list[float]:
    """Returns the seconds from a citizen's tap to the answer in the chat, one at a time, shortest first."""
    citizen = await new_citizen(http, system.sandbox)
    seconds: list[float] = []
    for number in range(QUIET):
        started = time.perf_counter()
        await citizen.says(TAPS[number % len(TAPS)])
        await citizen.receives()
        seconds.append(time.perf_counter() - started)
        await asyncio.sleep(0.05)
    return sorted(seconds[20:])


async def _trip(
    environment: Environment, system: FullSystem, load: CitizenLoad, texts: Sequence[str], count: int
) -> Trip:
    def cpu() -> dict[str, float]:
        return {name: cpu_seconds(system.services[name].pid) for name in SERVICES}

    before, servers_before, started = cpu(), environment.servers_cpu(), time.perf_counter()
    await load.write([(load.ids[number % len(load.ids)], texts[number % len(texts)]) for number in range(count)])
    await load.read_answers(count)
    seconds, per_message = time.perf_counter() - started, 1e3 / count
    services_ms = {name: (after - before[name]) * per_message for name, after in cpu().items()}
    return Trip(count / seconds, services_ms, (environment.servers_cpu() - servers_before) * per_message)


def _rows(quiet: list[float], taps: Trip, questions: Trip, u: float) -> list[Row]:
    p99 = quiet[min(len(quiet) - 1, int(len(quiet) * 0.99))]
    cores = "sandbox, broker, database and generator on the same cores"
    return [
        at_most_u(
            "answer, quiet system, p50",
            statistics.median(quiet) * 1e3,
            "ms",
            150,
            u=u,
            note="tap to chat, one at a time",
        ),
        at_most_u("answer, quiet system, p99", p99 * 1e3, "ms", 400, u=u),
        at_most_u("round trip, tap: CPU of three services", taps.ours_ms, "ms/message", 5.5, u=u, note=str(taps)),
        Row("round trip, tap: CPU of MongoDB and broker", taps.servers_ms, "ms/message"),
        Row("round trip, taps", taps.per_second, "messages/s", note=cores),
        at_most_u(
            "round trip, free text: CPU of three services", questions.ours_ms, "ms/message", 7, u=u, note=str(questions)
        ),
        Row("round trip, free text: CPU of MongoDB and broker", questions.servers_ms, "ms/message"),
        Row("round trip, free text", questions.per_second, "messages/s", note=cores),
    ]
