"""Sends a file's lines to the chatbot in chunks, and goes on where an earlier try had stopped."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp

from loa.clients.tables.files import ListFile
from loa.clients.tables.line import FileLine, Table
from loa.runtime.errors import SetupError
from loa.runtime.settings import Settings

CHUNK = 5_000  # Lines.
HEAD = 40  # Lines in which the header is looked for: official titles take a dozen.
TIMEOUT = aiohttp.ClientTimeout(total=120)
_UNAUTHORIZED, _CONFLICT = 401, 409


@dataclass(slots=True)
class Outcome:
    """`bad` are lines by `{line, reason, kept}`; a line that is kept has lost a cell only. `refusal` says why nothing changed."""

    rows: int = 0
    resumed_at: int = 0
    left_out: list[str] = field(default_factory=list)  # Columns of the file that are not used.
    bad: list[dict[str, Any]] = field(default_factory=list)
    already: bool = False
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class ChatbotClient:
    url: str
    token: str

    def session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(self.url, headers={"Authorization": f"Bearer {self.token}"}, timeout=TIMEOUT)


def chatbot_client(settings: Settings, url: str = "") -> ChatbotClient:
    """Returns this machine's chatbot, or the one at `url`."""
    token = (settings.secrets / "chatbot-api-token").read_text().strip()
    return ChatbotClient(url or f"http://127.0.0.1:{settings.chatbot_internal_port}", token)


async def send(
    client: ChatbotClient,
    kind: str,
    path: Path,
    *,
    source: str,
    as_of: datetime,
    step: Callable[[int], None],
    force: bool = False,
) -> Outcome:
    """`step(lines)` is called after each chunk; `force` says that somebody has looked at what seems wrong with the file.

    Raises SetupError with the remedy when the file cannot be read, or the chatbot is away or refuses it.
    """
    file = ListFile(path)
    if file.is_torn and not force:
        what = f"Dòng cuối của {path.name} không có dấu kết thúc: tệp có thể đã bị cắt giữa chừng."
        raise SetupError(what, "Kiểm tra dòng cuối; nếu tệp đủ, chạy lại với --force.")
    tables = file.tables()
    manifest = {
        "kind": kind,
        "sha256": file.digest(),
        "source": source,
        "as_of": as_of.isoformat(),
        "tables": [{"name": table.name, "lines": _head(file, table)} for table in tables],
    }
    async with client.session() as http:
        begun = await _call(http.post("/api/imports", json=manifest))
        outcome = Outcome(
            left_out=begun["left_out"], bad=begun["bad"], already=begun["done"], resumed_at=begun["next_chunk"]
        )
        if not outcome.already:
            await _send_chunks(http, begun, _below(file, tables[begun["table"]], begun["header_line"]), outcome, step)
            await _commit(http, begun["id"], outcome, force=force)
    return outcome


def _head(file: ListFile, table: Table) -> list[tuple[int, list[str]]]:
    return [(line.number, line.cells) for line in file.head(table, HEAD)]


def _below(file: ListFile, table: Table, header_line: int) -> Iterator[FileLine]:
    return (line for line in file.lines(table) if line.number > header_line)


async def _send_chunks(
    http: aiohttp.ClientSession,
    begun: dict[str, Any],
    lines: Iterator[FileLine],
    outcome: Outcome,
    step: Callable[[int], None],
) -> None:
    """By number of lines, whatever lies between them: the same file makes the same chunks."""
    for number, chunk in enumerate(iter(lambda: list(itertools.islice(lines, CHUNK)), [])):
        outcome.bad += [{"line": line.number, "reason": line.fault, "kept": False} for line in chunk if line.fault]
        if number >= begun["next_chunk"]:
            answer = await _call(http.put(f"/api/imports/{begun['id']}/chunks/{number}", json=_body(chunk)))
            outcome.bad += answer["bad"]
        step(len(chunk))
    outcome.bad.sort(key=lambda bad: bad["line"])


def _body(chunk: Sequence[FileLine]) -> dict[str, Any]:
    return {"rows": [(line.number, line.cells) for line in chunk if not line.fault]}


async def _commit(http: aiohttp.ClientSession, loading: str, outcome: Outcome, *, force: bool) -> None:
    async with http.post(f"/api/imports/{loading}/commit", json={"force": force}) as answer:
        if answer.status == _CONFLICT:
            outcome.refusal = (await answer.json())["detail"]
            return
        outcome.rows = (await _read(answer))["rows"]


async def restore(client: ChatbotClient, kind: str) -> dict[str, Any]:
    """Bring the former edition of this kind back. Raises SetupError when there is none."""
    async with client.session() as http:
        return await _call(http.post(f"/api/datasets/{kind}/restore"))


async def editions(client: ChatbotClient) -> list[dict[str, Any]]:
    """Returns what is visible by kind, and whether a former edition is kept."""
    async with client.session() as http:
        found: list[dict[str, Any]] = (await _call(http.get("/api/datasets")))["datasets"]
        return found


async def _call(request: Any) -> dict[str, Any]:
    try:
        async with request as answer:
            return await _read(answer)
    except (aiohttp.ClientError, TimeoutError) as error:
        remedy = "Chạy lại đúng lệnh này khi chatbot hoạt động: việc nạp sẽ tiếp tục ở chỗ dừng."
        raise SetupError("Chatbot không trả lời.", remedy) from error


async def _read(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    if answer.status == _UNAUTHORIZED:
        raise SetupError("Chatbot không nhận mã truy cập.", "Kiểm tra tệp chatbot-api-token trong thư mục bí mật.")
    if not answer.ok:
        raise SetupError(
            f"Chatbot từ chối ({answer.status}): {await _reason(answer)}", "Sửa tệp rồi chạy lại lệnh này."
        )
    body: dict[str, Any] = await answer.json()
    return body


async def _reason(answer: aiohttp.ClientResponse) -> str:
    """Returns what the chatbot says of it; of anything that is not the chatbot's own form, the beginning."""
    try:
        detail = (await answer.json(content_type=None))["detail"]
    except (ValueError, KeyError, TypeError):
        return (await answer.text())[:200]
    return str(detail)[:2_000]
