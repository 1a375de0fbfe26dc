"""Titles of its flows, and by phrase the places that the code fills. The wording lives in content/texts.yaml."""

TITLES: dict[str, str] = {
    "f_phat_nguoi": "Tra cứu phạt nguội",
}
PHRASES: dict[str, str] = {
    "fine.ask_plate": "example",
    "fine.bad_plate": "example",
    "fine.ask_kind": "",
    "fine.ask_proof": "digits",
    "fine.bad_proof": "digits",
    "fine.none": "when",
    "fine.found": "count list plate when",
    "fine.entry": "offence phone place time unit",
    "fine.pay": "",
}
