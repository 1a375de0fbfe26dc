"""Titles of its flows, and by phrase the places that the code fills. The wording lives in content/texts.yaml."""

TITLES: dict[str, str] = {
    "f_tin_tuc": "Tin tức, cảnh báo",
    "f_dang_ky_tin": "Đăng ký nhận tin",
}
PHRASES: dict[str, str] = {
    "news.topics": "",
    "news.latest": "",
    "news.by_topic": "topic",
    "news.entry": "date summary title",
    "news.warning": "summary title",
    "news.read": "body title",
    "news.link": "url",
    "news.none": "",
    "news.subscribe_ask": "",
    "news.subscribed": "topic",
    "news.already": "topic",
    "news.unsubscribe_ask": "",
    "news.unsubscribed": "topic",
    "news.unsubscribed_all": "",
    "news.subscriptions": "topics",
    "news.no_subscriptions": "",
}
