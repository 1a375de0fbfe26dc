"""Sends a file's rows to the chatbot in chunks, and goes on where an earlier try had stopped."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp

from loa.clients.table import Row, digest, rows
from loa.runtime.errors import SetupError

CHUNK = 5_000
TIMEOUT = aiohttp.ClientTimeout(total=120)


@dataclass(slots=True)
class Outcome:
    rows: int = 0
    resumed_at: int = 0
    bad: list[dict[str, Any]] = field(default_factory=list)
    already: bool = False


@dataclass(frozen=True, slots=True)
class ChatbotClient:
    url: str
    token: str

    def session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(self.url, headers={"Authorization": f"Bearer {self.token}"}, timeout=TIMEOUT)


async def send(
    client: ChatbotClient, kind: str, path: Path, *, source: str, as_of: datetime, step: Callable[[int], None]
) -> Outcome:
    """`step(rows)` is called after each chunk. Raises SetupError with the remedy when the chatbot refuses or is away."""
    lines = rows(path)
    header = next(lines, None)
    if header is None:
        raise SetupError(f"{path.name} không có dòng nào.", "Dòng đầu phải là tên các cột.")
    manifest = {
        "kind": kind,
        "sha256": digest(path),
        "source": source,
        "as_of": as_of.isoformat(),
        "columns": header[1],
    }
    outcome = Outcome()
    async with client.session() as http:
        begun = await _call(http.post("/api/imports", json=manifest))
        outcome.already, outcome.resumed_at = begun["done"], begun["next_chunk"]
        if outcome.already:
            return outcome
        for number, chunk in enumerate(_chunks(lines)):
            if number >= begun["next_chunk"]:
                body = {"columns": header[1], "first_line": chunk[0][0], "rows": [cells for _, cells in chunk]}
                answer = await _call(http.put(f"/api/imports/{begun['id']}/chunks/{number}", json=body))
                outcome.bad += answer["bad"]
            step(len(chunk))
        outcome.rows = (await _call(http.post(f"/api/imports/{begun['id']}/commit")))["rows"]
    return outcome


def _chunks(lines: Iterator[Row]) -> Iterator[list[Row]]:
    """Consecutive lines only, so that a row's line follows from the chunk's first."""
    for _, run in itertools.groupby(enumerate(lines), key=lambda pair: pair[1][0] - pair[0]):
        only = (row for _, row in run)
        while chunk := list(itertools.islice(only, CHUNK)):
            yield chunk


async def _call(request: Any) -> dict[str, Any]:
    try:
        async with request as answer:
            if answer.status == 401:  # noqa: PLR2004
                raise SetupError(
                    "Chatbot không nhận mã truy cập.", "Kiểm tra tệp chatbot-api-token trong thư mục bí mật."
                )
            if not answer.ok:
                raise SetupError(
                    f"Chatbot từ chối ({answer.status}): {(await answer.text())[:200]}",
                    "Sửa tệp rồi chạy lại lệnh này.",
                )
            body: dict[str, Any] = await answer.json()
            return body
    except (aiohttp.ClientError, TimeoutError) as error:
        remedy = "Chạy lại đúng lệnh này khi chatbot hoạt động: việc nạp sẽ tiếp tục ở chỗ dừng."
        raise SetupError("Chatbot không trả lời.", remedy) from error
