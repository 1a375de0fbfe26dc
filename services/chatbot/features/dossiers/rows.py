"""A row of a dossier file: its owner is stored as pseudonyms, its content as one sealed text."""

from chassis.mongo import Document
from contracts.text import is_digits
from services.chatbot.features.dossiers.effects import STAGES
from services.chatbot.features.dossiers.parsing import read_code, read_date, read_stage
from services.chatbot.lookups.import_rows import BadRowError, Row, Sealer, cell

KIND = "dossiers"
_IDENTITY = (9, 12)  # Digits of an old and of a new identity number.


def parse_dossier(row: Row, line: int, sealer: Sealer) -> Document:
    code = read_code(cell(row, "ma_ho_so"))
    if code is None or len(code) > 40:  # noqa: PLR2004 — no office writes longer ones.
        raise BadRowError("mã hồ sơ không đúng dạng, ví dụ H29.12-260310-0021")
    stage = read_stage(cell(row, "trang_thai"))
    if stage is None:
        raise BadRowError(f"trạng thái phải là một trong: {', '.join(STAGES.values())}")
    birthday = read_date(cell(row, "ngay_sinh"))
    if birthday is None:
        raise BadRowError("ngày sinh phải có dạng ngày/tháng/năm: người tra cứu phải chứng minh được")
    procedure, owner = cell(row, "thu_tuc"), cell(row, "ho_ten")
    if not procedure or not owner:
        raise BadRowError("thiếu tên thủ tục hoặc họ tên người nộp")
    fields = [code, procedure, _day(row, "ngay_nop"), _day(row, "hen_tra"), cell(row, "noi_nhan"), owner]
    key = sealer.pepper.pseudonym(KIND, code)
    return {
        "id": key,
        "k": key,
        "line": line,
        "p": sealer.pepper.pseudonym(KIND, code, birthday.isoformat()),
        "a": _applicant(row, code, birthday.isoformat(), sealer),
        "t": stage,
        "s": sealer.seal(KIND, key, [*fields, cell(row, "bo_sung")]),
    }


def _applicant(row: Row, code: str, birthday: str, sealer: Sealer) -> str:
    """One person is who has the same identity number *and* birthday.

    Without a number, a dossier stands for itself alone: two people may share a name and a birthday.
    """
    identity = cell(row, "can_cuoc").replace(" ", "")
    if not identity:
        return sealer.pepper.pseudonym("applicant", "dossier", code)
    if len(identity) not in _IDENTITY or not is_digits(identity):
        raise BadRowError("số căn cước phải có 12 chữ số (hoặc 9 chữ số của chứng minh cũ), hoặc để trống")
    return sealer.pepper.pseudonym("applicant", identity, birthday)


def _day(row: Row, name: str) -> str:
    text = cell(row, name)
    day = read_date(text)
    if text and day is None:
        raise BadRowError(f"ô {name} phải có dạng ngày/tháng/năm")
    return day.isoformat() if day else ""
