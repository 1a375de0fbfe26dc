"""Titles of its flows, and by phrase the places that the code fills. The wording lives in content/texts.yaml."""

TITLES: dict[str, str] = {
    "f_uy_quyen": "Uỷ quyền nhận kết quả",
}
PHRASES: dict[str, str] = {
    "authorise.intro": "code",
    "authorise.ask_name": "",
    "authorise.ask_id": "",
    "authorise.bad_id": "",
    "authorise.confirm": "code last4 name",
    "authorise.invite": "hours invite name oa",
    "authorise.asked": "code owner",
    "authorise.bad_invite": "",
    "authorise.own_invite": "",
    "authorise.accepted": "code where",
    "authorise.accepted_owner": "code name",
    "authorise.refused": "",
    "authorise.refused_owner": "code name",
    "authorise.revoked": "code",
    "authorise.exists": "code name",
    "authorise.too_late": "code",
    "authorise.ask_invite": "",
    "authorise.kept": "",
}
