"""Files as provinces send them, and the way they take."""

import random
from pathlib import Path

from loa.clients.imports import ChatbotClient, Outcome, send
from services.chatbot.features.scores.effects import FindScore, Score
from services.chatbot.features.scores.store import Scores
from services.chatbot.lookups.store.datasets import Datasets
from tests.doubles import NOON, PEPPER

TOKEN = "a-token-of-this-test"


async def load(client: ChatbotClient, kind: str, path: Path) -> Outcome:
    return await send(client, kind, path, source="Sở Thử nghiệm", as_of=NOON, step=lambda _: None)


def score_file(path: Path, rows: int, broken: int = 0) -> Path:
    rng = random.Random(7)
    lines = ["so_bao_danh,toan,ngu_van,vat_li"]
    lines += [f"37{number:06d},{rng.randrange(101) / 10},{rng.randrange(101) / 10}," for number in range(rows)]
    lines += [f"số {number:06d},mười,5," for number in range(900_000, 900_000 + broken)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write(folder: Path, text: str, name: str = "diem.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


async def score_of(datasets: Datasets, number: str) -> Score | None:
    query = FindScore(number)
    result = (await Scores(datasets, PEPPER).answer([query]))[query]
    return result.value if result else None
