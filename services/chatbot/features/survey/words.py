"""Titles of its flows, and by phrase the places that the code fills. The wording lives in content/texts.yaml."""

TITLES: dict[str, str] = {
    "f_khao_sat": "Khảo sát hài lòng",
}
PHRASES: dict[str, str] = {
    "survey.ask": "",
    "survey.ask_period": "oa",
    "survey.bad": "",
    "survey.ask_words": "",
    "survey.ask_why": "",
    "survey.thanks": "oa",
    "survey.skipped": "",
    "survey.no_more": "",
}
