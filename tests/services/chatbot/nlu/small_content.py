"""A content directory small enough to be trained in a moment: three procedures, a flow, and what is none of ours."""

from pathlib import Path

from tests.services.chatbot.content.content_files import FILES, SHIPPED

TRAINING_SET = {
    "cap_lai": ("procedure", "Cấp lại thẻ căn cước", ["can cuoc"], ["mất căn cước", "làm lại cccd bị mất", "căn cước bị hỏng"]),
    "ho_chieu": ("procedure", "Cấp hộ chiếu phổ thông", ["ho chieu"], ["làm hộ chiếu", "làm passport", "xin hộ chiếu mới"]),
    "tam_tru": ("procedure", "Đăng ký tạm trú", ["tam tru"], ["đăng ký tạm trú", "làm tạm trú ở phòng trọ", "khai báo tạm trú"]),
    "f_dat_lich": ("flow", "Đặt lịch hẹn", ["lich", "hen"], ["đặt lịch hẹn", "hủy lịch hẹn", "đổi giờ hẹn"]),
    "oos": ("none", "Ngoài phạm vi", [], ["thời tiết hôm nay", "mất thẻ ATM", "giá vàng", "kể chuyện cười", "mua xe ở đâu"]),
}  # fmt: skip
CATALOGUE = """code,name,field,level,agency
1.000001,Cấp giấy phép khai thác khoáng sản lòng sông,Khoáng sản,Cấp tỉnh,Sở Nông nghiệp và Môi trường
1.000002,Công nhận làng nghề truyền thống,Nông nghiệp,Cấp tỉnh,Ủy ban nhân dân cấp tỉnh
"""


def small_files() -> dict[str, bytes]:
    """Returns the files by path; those of the language are the real ones."""
    files = {name: body.encode() for name, body in FILES.items() if not name.startswith(("utterances/", "language/"))}
    files |= {f"language/{path.name}": path.read_bytes() for path in (SHIPPED / "language").glob("*.yaml")}
    for key, (kind, title, objects, says) in TRAINING_SET.items():
        questions = "".join(f'  - "{text}"\n' for text in says)
        quoted_objects = ", ".join(f'"{phrase}"' for phrase in objects)
        files[f"utterances/{key}.yaml"] = (
            f'key: {key}\nkind: {kind}\ntitle: "{title}"\nobjects: [{quoted_objects}]\nasks:\n{questions}'
            f'says:\n  - "cho hỏi {says[0]}"\n'
        ).encode()
    return files | {"catalogue.csv": CATALOGUE.encode()}


def small_content(folder: Path) -> Path:
    """Writes the files under `folder` and returns it."""
    for name, body in small_files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return folder
