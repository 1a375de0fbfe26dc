"""A content directory of a few lines, valid as it stands; each test spoils or changes one thing."""

from pathlib import Path

from services.chatbot.content import Content, ContentErrors
from services.chatbot.content.loader.snapshot import Snapshot
from tests.services.chatbot.content.training_files import TRAINING_FILES

SHIPPED = Path(__file__).resolve().parents[4] / "content"
OA = "9000000000000000001"

FILES: dict[str, str] = {
    "texts.yaml": (SHIPPED / "texts.yaml").read_text(),  # Every phrase is needed; these are as good as any.
    "procedures/doi_the.yaml": """key: doi_the
name: "Đổi thẻ thử"
short: "Đổi thẻ"
codes: [1.000001]
papers:
  - {name: "Thẻ cũ", form: "X01", copies: "1 bản chính"}
steps: ["Đến nơi", "Nhận thẻ"]
fee: null
online: {label: "Cổng thử", url: "https://thu.example.vn"}
forms: ["X01"]
related: [cap_the]
sources: [{title: "Nguồn thử", date: "2026-07-01"}]
appointment: true
""",
    "procedures/cap_the.yaml": """key: cap_the
name: "Cấp thẻ thử"
short: "Cấp thẻ"
sources: [{title: "Nguồn thử", date: 2026-07-01}]
""",
    "knowledge/lien_he.yaml": """key: lien_he
name: "Liên hệ thử"
short: "Liên hệ"
sections: [{title: "Số", text: "113"}]
sources: [{title: "Nguồn thử", date: 2026-07-01}]
""",
    "knowledge/muc_phat.csv": """point,vehicle,offence,low,high,points,extra,words,measure,above,upto
7.7.c,xe_may,Vượt đèn đỏ,4000000,6000000,4,,,,,
6.9.b,oto,Vượt đèn đỏ,18000000,20000000,4,,,,,
7.4.a,xe_may,Chạy quá tốc độ từ 10 đến 20 km/h,800000,1000000,0,,,km/h,9.99,20
7.8.a,xe_may,Chạy quá tốc độ trên 20 km/h,6000000,8000000,4,,,km/h,20,
18.1,xe_may,Chưa đủ 16 tuổi lái xe,,,0,phạt cảnh cáo,,,,
""",
    "forms/forms.yaml": """forms:
  - id: "X01"
    name: "Tờ khai thử"
    file: files/X01.pdf
    procedures: [cap_the]
    official: true
""",
    "forms/files/X01.pdf": "%PDF-1.4 thử",
    "menus/police_ward.yaml": """kind: police_ward
menus:
  goc:
    text: "Chọn:"
    buttons:
      - {title: "Thủ tục", to: "menu:thu_tuc"}
      - {title: "Đặt lịch", to: "flow:f_dat_lich"}
      - {title: "Gọi 113", to: "phone:113"}
  thu_tuc:
    text: "Thủ tục:"
    buttons:
      - {title: "Đổi thẻ", to: "procedure:doi_the"}
""",
    "packs/phuong.yaml": """id: phuong
name: "Gói thử"
kinds: [police_ward]
menu: police_ward
procedures: ["*"]
knowledge: [lien_he]
flows: [f_dat_lich]
services: ["*"]
topics: [an_ninh]
hours: ["T2-T6 07:30-11:30", "T2-T6 13:30-17:00"]
texts:
  welcome.hello: "Chào từ {oa}."
""",
    "oas.yaml": f"""- oa_id: "{OA}"
  name: "Công an phường Thử"
  kind: police_ward
  app_id: "1000000000000000001"
  pack: phuong
""",
    "units/provinces.csv": "code,name\n79,Thành phố Thử Nghiệm\n40,Tỉnh Xa\n",
    "units/wards.csv": """code,name,province,lat,lon
00001,Phường Thới An,79,10.8791,106.6660
00002,Phường Tân Thới Hiệp,79,10.8746,106.6400
00003,Xã Hoà Bình,40,18.5,105.5
""",
    "units/old_wards.csv": """ward,district,province,code
Phường Thới An,Quận 12,Thành phố Thử Nghiệm,00001
Phường Hiệp Thành,Quận 12,Thành phố Thử Nghiệm,00002
Phường 1,Quận Cũ,Thành phố Thử Nghiệm,00001
Phường 1,Thành phố Xa,Tỉnh Xa,00003
,Huyện Đảo,Tỉnh Xa,00003
""",
    "units/offices.yaml": f"""offices:
  - id: ca_thoi_an
    name: "Công an phường Thới An"
    kind: police_ward
    wards: ["00001"]
    address: "Số 1 đường Thử"
    phone: "028 0000 0001"
    hours: ["T2-T6 07:30-11:30"]
    lat: 10.8765
    lon: 106.6582
    oa_id: "{OA}"
    demo: true
  - id: ca_hiep_thanh
    name: "Công an phường Hiệp Thành"
    kind: police_ward
    wards: ["00002"]
    address: "Số 2 đường Thử"
    hours: ["T2-T6 07:30-11:30"]
    lat: 10.8801
    lon: 106.6407
  - id: ca_quan
    name: "Công an Quận 12"
    kind: police_district
    wards: ["00001", "00002"]
    address: "Số 3 đường Thử"
    hours: ["T2-T6 07:30-11:30"]
    lat: 10.8672
    lon: 106.6533
  - id: uy_ban
    name: "Uỷ ban nhân dân phường Thới An"
    kind: people_committee
    wards: ["00001"]
    address: "Số 4 đường Thử"
    hours: ["T2-T6 07:30-11:30"]
    lat: 10.8758
    lon: 106.6571
""",
    "cameras.csv": """id,name,road,ward,lat,lon,picture
cam_mot,Cầu Thử,Đường Một,00001,10.8600,106.6600,
cam_hai,Ngã tư Thử,"Đường Hai, Đường Một",00002,10.8900,106.6400,
""",
    "services.yaml": """services:
  - id: dl_the
    name: "Làm thẻ"
    short: "Làm thẻ"
    procedures: [doi_the]
    offices: [ca_thoi_an]
    hours: ["T2-T6 07:30-08:30", "T6 13:30-14:00"]
    minutes: 30
    capacity: 2
    notice_hours: 2
    horizon_days: 7
""",
    "topics.yaml": 'topics:\n  - {id: an_ninh, name: "An ninh", about: "An ninh"}\n  - {id: khac, name: "Khác", about: "Khác"}\n',
    "news/tin_cu.yaml": 'id: tin_cu\ntopic: an_ninh\nkind: news\ntitle: "Cũ"\nsummary: "Cũ"\ndate: 2026-01-01\n',
    "news/tin_moi.yaml": 'id: tin_moi\ntopic: an_ninh\nkind: warning\ntitle: "Mới"\nsummary: "Mới"\ndate: 2026-02-01\n',
    "news/tin_khac.yaml": 'id: tin_khac\ntopic: khac\nkind: clip\ntitle: "Khác"\nsummary: "Khác"\ndate: 2026-03-01\n',
    "holidays.yaml": """holidays:
  - {first: 2026-12-31, last: 2027-01-01, name: "Lễ thử"}
workdays:
  - {day: 2027-01-09, name: "Làm bù"}
sources: [{title: "Luật thử"}]
""",
} | TRAINING_FILES


def snapshot(**changes: str | bytes | None) -> Snapshot:
    """The files with some replaced, added, or (None) taken away. Keys: path with `/` as `__` and `.` as `_dot_`."""
    files = {name: body.encode() for name, body in FILES.items()}
    for key, body in changes.items():
        name = key.replace("__", "/").replace("_dot_", ".")
        if body is None:
            del files[name]
        else:
            files[name] = body.encode() if isinstance(body, str) else body
    return Snapshot.of(files)


def content(**changes: str | bytes | None) -> Content:
    return Content.of(snapshot(**changes))


def faults(**changes: str | bytes | None) -> list[str]:
    """What is said about the content with these changes; nothing when it is valid after all."""
    try:
        content(**changes)
    except ContentErrors as bad:
        return [str(fault) for fault in bad.faults]
    return []


def write(root: Path, **changes: str | bytes | None) -> Path:
    for name, body in snapshot(**changes).files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return root
