"""Titles of its flows, and by phrase the places that the code fills. The wording lives in content/texts.yaml."""

TITLES: dict[str, str] = {
    "f_diem_thi": "Tra cứu điểm thi",
}
PHRASES: dict[str, str] = {
    "score.ask_number": "digits",
    "score.bad_number": "digits",
    "score.ask_name": "",
    "score.result": "exam number scores",
    "score.not_found": "",
    "score.not_yet": "",
    "score.absent": "",
    "score.absent_mark": "",
    "score.exempt_mark": "",
    "score.review": "",
    "score.busy": "",
}
