"""Titles of its flows, and by phrase the places that the code fills. The wording lives in content/texts.yaml."""

TITLES: dict[str, str] = {
    "f_giay_to": "Kho giấy tờ của tôi",
}
PHRASES: dict[str, str] = {
    "papers.list": "list",
    "papers.empty": "",
    "papers.how": "days",
    "papers.ask_keep": "",
    "papers.ask_name": "",
    "papers.kept": "name",
    "papers.full": "limit",
    "papers.enough_today": "limit",
    "papers.no_room": "",
    "papers.too_big": "limit",
    "papers.bad_kind": "",
    "papers.bad_picture": "",
    "papers.which": "",
    "papers.sent": "name",
    "papers.ask_delete": "name",
    "papers.deleted": "name",
    "papers.entry": "day kind name size",
    "papers.send_here": "",
    "papers.what": "name",
    "papers.not_fetched": "",
    "papers.gone": "",
    "papers.unnamed": "",
}
