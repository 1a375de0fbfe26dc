"""The demonstration's made-up dossiers, scores and fines (content/demo), read from their files."""

import csv
from collections import defaultdict
from datetime import datetime
from pathlib import Path

from contracts.text import fold
from loa.talk.memory.backend import Backend
from loa.talk.memory.dossiers import Dossiers, OwnedDossier
from loa.talk.memory.lookups import Fines, Scores
from services.chatbot.features.dossiers.effects import Dossier
from services.chatbot.features.dossiers.parsing import read_birth, read_code, read_date, read_stage
from services.chatbot.features.fines.effects import PROOF_DIGITS, Offence, read_plate
from services.chatbot.features.scores.effects import Score

SOURCE = "số liệu minh hoạ"
VEHICLES = {"o to": "oto", "xe may": "xe_may", "xe may dien": "xe_dien"}
Row = dict[str, str]


def demo_backend(folder: Path, as_of: datetime) -> Backend:
    """Raises OSError where a file is missing, ValueError where a row cannot be read."""
    dossiers = {row["ma_ho_so"]: _dossier(row) for row in _rows(folder / "dossiers.csv")}
    scores = {row["so_bao_danh"]: _score(row) for row in _rows(folder / "scores.csv")}
    fines = _fines(_rows(folder / "fines.csv"))
    return Backend(Dossiers(dossiers, SOURCE, as_of), Scores(scores, SOURCE, as_of), Fines(fines, SOURCE, as_of))


def _rows(path: Path) -> list[Row]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def _dossier(row: Row) -> OwnedDossier:
    code, stage, birthday = read_code(row["ma_ho_so"]), read_stage(row["trang_thai"]), read_birth(row["ngay_sinh"])
    if code is None or stage is None or birthday is None:
        raise ValueError("a made-up dossier has no code, stage or birthday")
    dossier = Dossier(
        code,
        row["thu_tuc"],
        stage,
        read_date(row["ngay_nop"]),
        read_date(row["hen_tra"]),
        row["noi_nhan"],
        row["ho_ten"],
        row["bo_sung"],
    )
    return OwnedDossier(dossier, row["can_cuoc"] or code, birthday, row["can_cuoc"])


def _score(row: Row) -> Score:
    subjects = [name for name in row if name not in {"so_bao_danh", "ky_thi"} and row[name]]
    return Score(row["ky_thi"], {name.replace("_", " ").capitalize(): float(row[name]) for name in subjects})


def _fines(rows: list[Row]) -> dict[tuple[str, str, str], tuple[Offence, ...]]:
    offences: dict[tuple[str, str, str], tuple[Offence, ...]] = defaultdict(tuple)
    for row in rows:
        offence = Offence(row["thoi_gian"], row["dia_diem"], row["hanh_vi"], row["don_vi"], row["dien_thoai"])
        plate, kind = read_plate(row["bien_so"]) or "", VEHICLES[fold(row["loai_xe"])]
        for proof in (row["so_khung"][-PROOF_DIGITS:], row["can_cuoc"][-PROOF_DIGITS:]):
            offences[plate, kind, proof] += (offence,)
    return dict(offences)
