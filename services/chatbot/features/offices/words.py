"""Titles of its flows, and by phrase the places that the code fills. The wording lives in content/texts.yaml."""

TITLES: dict[str, str] = {
    "f_don_vi": "Tìm đơn vị, trụ sở",
}
PHRASES: dict[str, str] = {
    "office.ask": "",
    "office.card": "address hours name phone",
    "office.card_no_phone": "address hours name",
    "office.merged": "new old",
    "office.divided": "old",
    "office.which": "",
    "office.nearest": "list",
    "office.entry": "distance name",
    "office.none": "",
    "office.ward_only": "province ward",
    "office.own_oa": "name url",
    "office.demo": "",
}
