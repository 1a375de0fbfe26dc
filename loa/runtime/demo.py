"""The demonstration's data: made-up scores, fines and dossiers, loaded as a province loads its own. Again is as good as once."""

import asyncio
from datetime import datetime

from loa.clients.imports import ChatbotClient, chatbot_client, send
from loa.runtime.settings import ROOT, Settings

FOLDER = ROOT / "content" / "demo"
SOURCES = {
    "scores": "Sở Giáo dục và Đào tạo (số liệu minh hoạ)",
    "fines": "Cục Cảnh sát giao thông (số liệu minh hoạ)",
    "dossiers": "Hệ thống một cửa của tỉnh (số liệu minh hoạ)",
}


def load(settings: Settings) -> dict[str, int]:
    """Rows by kind; none where they were there already. Raises SetupError."""
    return asyncio.run(_load(chatbot_client(settings)))


async def _load(client: ChatbotClient) -> dict[str, int]:
    loaded: dict[str, int] = {}
    for kind, source in SOURCES.items():
        path = FOLDER / f"{kind}.csv"
        as_of = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
        outcome = await send(client, kind, path, source=source, as_of=as_of, step=lambda _: None)
        loaded[kind] = outcome.rows
    return loaded
