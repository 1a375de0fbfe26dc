"""Titles of its flows, and by phrase the places that the code fills. The wording lives in content/texts.yaml."""

TITLES: dict[str, str] = {
    "f_can_bo": "Gặp cán bộ trực",
}
PHRASES: dict[str, str] = {
    "officer.waiting": "place",
    "officer.next": "",
    "officer.joined": "",
    "officer.closed": "hours oa opens",
    "officer.holiday": "holiday opens",
    "officer.leave_word": "",
    "officer.word_left": "",
    "officer.left_queue": "",
    "officer.still_waiting": "place",
    "officer.returned": "",
    "officer.offer": "",
    "officer.full": "",
}
