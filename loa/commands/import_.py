"""`loa import`: load scores, fines or dossiers from a CSV or XLSX file; resumable, and visible only when whole."""

import asyncio
import os
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from loa.clients.imports import ChatbotClient, Outcome, send
from loa.runtime.settings import Settings

SHOWN = 20  # Bad rows on the screen; all of them are in the file beside.


def command(
    kind: Annotated[str, typer.Argument(help="scores, fines hoặc dossiers")],
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="Tệp CSV (UTF-8) hoặc XLSX, dòng đầu là tên cột.")
    ],
    source: Annotated[str, typer.Option(help="Nguồn dữ liệu, hiện cùng mỗi câu trả lời.")],
    as_of: Annotated[datetime | None, typer.Option(help="Thời điểm của dữ liệu; mặc định là lúc tệp được sửa.")] = None,
    url: Annotated[str, typer.Option(help="Địa chỉ của chatbot.")] = "",
) -> None:
    """Nạp tệp vào chatbot. Dòng lỗi được báo theo số dòng và lý do; phần còn lại vẫn được nạp."""
    settings = Settings.read(os.environ)
    token = (settings.secrets / "chatbot-api-token").read_text().strip()
    client = ChatbotClient(url or f"http://127.0.0.1:{settings.chatbot_port}", token)
    when = (as_of or datetime.fromtimestamp(file.stat().st_mtime)).astimezone()  # noqa: DTZ006 — local on purpose.
    began = time.perf_counter()
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    ) as progress:
        task = progress.add_task(file.name, total=_estimate(file))
        outcome = asyncio.run(
            send(client, kind, file, source=source, as_of=when, step=lambda count: progress.advance(task, count))
        )
    _print_outcome(outcome, file, time.perf_counter() - began)


def _estimate(file: Path) -> int | None:
    """Returns the number of lines of a CSV, without reading cells; of a workbook it is not known before it is read."""
    if file.suffix.lower() == ".xlsx":
        return None
    with file.open("rb") as raw:
        return max(0, sum(block.count(b"\n") for block in iter(lambda: raw.read(1 << 20), b"")) - 1)


def _print_outcome(outcome: Outcome, file: Path, seconds: float) -> None:
    if outcome.already:
        print("Tệp này đã được nạp trước đó; không có gì thay đổi.")
        return
    if outcome.resumed_at:
        print(f"Tiếp tục từ phần thứ {outcome.resumed_at + 1}.")
    print(f"Đã nạp {outcome.rows:,} dòng trong {seconds:.1f} s ({outcome.rows / max(seconds, 1e-9):,.0f} dòng/s).")
    if outcome.bad:
        report = file.with_suffix(".loi.csv")
        report.write_text(
            "dong,ly_do\n" + "".join(f"{bad['line']},{bad['reason']}\n" for bad in outcome.bad), encoding="utf-8"
        )
        for bad in outcome.bad[:SHOWN]:
            print(f"  dòng {bad['line']}: {bad['reason']}")
        print(f"{len(outcome.bad)} dòng lỗi, ghi đủ trong {report}.")
