"""A row of a dossier file: its owner is stored as pseudonyms, its content as one sealed text."""

from chassis.mongo import Document
from services.chatbot.features.dossiers.effects import IDENTITY_DIGITS, STAGES
from services.chatbot.features.dossiers.parsing import is_year, read_birth, read_code, read_date, read_more, read_stage
from services.chatbot.lookups.identity import read_identity
from services.chatbot.lookups.import_columns import Column
from services.chatbot.lookups.import_rows import BadRowError, Row, RowFormat, Sealer

KIND = "dossiers"


def parse_dossier(row: Row, sealer: Sealer) -> Document:
    code = read_code(row.code("ma_ho_so"))
    if code is None or len(code) > 40:  # noqa: PLR2004 — no office writes longer ones.
        raise BadRowError("mã hồ sơ không đúng dạng, ví dụ H29.12-260310-0021")
    stage = read_stage(row.cell("trang_thai"))
    if stage is None:
        raise BadRowError(f"trạng thái phải là một trong: {', '.join(STAGES.values())}")
    birthday = read_birth(row.cell("ngay_sinh"))
    if birthday is None:
        raise BadRowError("ngày sinh phải có dạng ngày/tháng/năm, hoặc chỉ năm: người tra cứu phải chứng minh được")
    procedure, owner = row.cell("thu_tuc"), row.cell("ho_ten")
    if not procedure or not owner:
        raise BadRowError("thiếu tên thủ tục hoặc họ tên người nộp")
    fields = [code, procedure, _day(row, "ngay_nop"), _day(row, "hen_tra"), row.cell("noi_nhan"), owner]
    key, identity = sealer.pepper.pseudonym(KIND, code), _identity(row)
    # One person is who has the same identity number *and* birthday. Without a number, a dossier stands for itself alone:
    # two people may share a name and a birthday.
    person = (identity, birthday) if identity else ("dossier", code)
    applicant = sealer.pepper.pseudonym("applicant", *person)
    more = (read_more(identity or owner) or "",) if is_year(birthday) else ()
    return {
        "id": key,
        "k": key,
        "line": row.line,
        "p": sealer.pepper.pseudonym(KIND, code, birthday, *more),
        "a": applicant,
        "i": sealer.pepper.pseudonym("identity", applicant, identity[-IDENTITY_DIGITS:]) if identity else "",
        "t": stage,
        "s": sealer.seal(KIND, key, [*fields, row.cell("bo_sung")]),
    }


def _identity(row: Row) -> str:
    text = row.code("can_cuoc")
    if not text:
        return ""
    identity = read_identity(text)
    if identity is None:
        raise BadRowError("số căn cước phải có 12 chữ số (hoặc 9 chữ số của chứng minh cũ), hoặc để trống")
    return identity


def _day(row: Row, name: str) -> str:
    text = row.cell(name)
    day = read_date(text)
    if text and day is None:
        raise BadRowError(f"ô {name} phải có dạng ngày/tháng/năm")
    return day.isoformat() if day else ""


DOSSIER_ROWS = RowFormat(
    (
        Column("ma_ho_so", "Mã hồ sơ", ("Số hồ sơ", "Mã số hồ sơ"), "mã hồ sơ"),
        Column("thu_tuc", "Thủ tục", ("Tên thủ tục", "Thủ tục hành chính"), "thủ tục"),
        Column("trang_thai", "Trạng thái", ("Tình trạng", "Trạng thái hồ sơ", "Tình trạng hồ sơ"), "trạng thái"),
        Column("ngay_nop", "Ngày nộp", ("Ngày tiếp nhận", "Ngày nhận")),
        Column("hen_tra", "Hẹn trả", ("Ngày hẹn trả", "Ngày hẹn trả kết quả")),
        Column("noi_nhan", "Nơi nhận", ("Nơi trả kết quả", "Nơi nhận kết quả")),
        Column("ho_ten", "Họ tên", ("Họ và tên", "Họ tên người nộp", "Người nộp", "Chủ hồ sơ"), "họ tên người nộp"),
        Column("ngay_sinh", "Ngày sinh", ("Ngày tháng năm sinh", "Năm sinh"), "ngày sinh"),
        Column("can_cuoc", "Căn cước", ("CCCD", "Số căn cước", "Số CCCD", "Căn cước công dân", "CMND/CCCD")),
        Column("bo_sung", "Bổ sung", ("Yêu cầu bổ sung", "Nội dung bổ sung")),
    ),
    parse_dossier,
)
