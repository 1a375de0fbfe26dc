"""Files as provinces send them, and the way they take."""

import random
from pathlib import Path

from loa.imports.send import Door, Outcome, send
from tests.doubles import NOON

TOKEN = "a-token-of-this-test"


async def load(door: Door, kind: str, path: Path) -> Outcome:
    return await send(door, kind, path, source="Sở Thử nghiệm", as_of=NOON, step=lambda _: None)


def score_file(path: Path, rows: int, broken: int = 0) -> Path:
    chance = random.Random(7)
    lines = ["so_bao_danh,toan,ngu_van,vat_li"]
    lines += [f"37{number:06d},{chance.randrange(101) / 10},{chance.randrange(101) / 10}," for number in range(rows)]
    lines += [f"37{number:06d},mười,5," for number in range(900_000, 900_000 + broken)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
