"""A content directory small enough to learn in a blink: three procedures, a flow, and what is none of ours."""

import shutil
from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[4] / "content"

TRAINING_SET = {
    "cap_lai": ("procedure", "Cấp lại thẻ căn cước", ["can cuoc"], ["mất căn cước", "làm lại cccd bị mất", "căn cước bị hỏng"]),
    "ho_chieu": ("procedure", "Cấp hộ chiếu phổ thông", ["ho chieu"], ["làm hộ chiếu", "làm passport", "xin hộ chiếu mới"]),
    "tam_tru": ("procedure", "Đăng ký tạm trú", ["tam tru"], ["đăng ký tạm trú", "làm tạm trú ở phòng trọ", "khai báo tạm trú"]),
    "f_dat_lich": ("flow", "Đặt lịch hẹn", ["lich", "hen"], ["đặt lịch hẹn", "hủy lịch hẹn", "đổi giờ hẹn"]),
    "oos": ("none", "Ngoài phạm vi", [], ["thời tiết hôm nay", "mất thẻ ATM", "giá vàng", "kể chuyện cười", "mua xe ở đâu"]),
}  # fmt: skip


def small_content(folder: Path) -> Path:
    """Written under `folder`; the language files are the real ones."""
    shutil.copytree(SHIPPED / "language", folder / "language")
    (folder / "utterances").mkdir()
    for key, (kind, title, objects, says) in TRAINING_SET.items():
        questions = "".join(f'  - "{text}"\n' for text in says)
        quoted_objects = ", ".join(f'"{phrase}"' for phrase in objects)
        (folder / "utterances" / f"{key}.yaml").write_text(
            f'key: {key}\nkind: {kind}\ntitle: "{title}"\nobjects: [{quoted_objects}]\nasks:\n{questions}'
            f'says:\n  - "cho hỏi {says[0]}"\n',
            encoding="utf-8",
        )
    (folder / "catalogue.csv").write_text(
        "code,name,field,level,agency\n"
        "1.000001,Cấp giấy phép khai thác khoáng sản lòng sông,Khoáng sản,Cấp tỉnh,Sở Nông nghiệp và Môi trường\n"
        "1.000002,Công nhận làng nghề truyền thống,Nông nghiệp,Cấp tỉnh,Ủy ban nhân dân cấp tỉnh\n",
        encoding="utf-8",
    )
    return folder
