"""Addresses in what others wrote: which may be opened, and where they stand in a text. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

LONGEST = 2_000
ADDRESS = re.compile(r"https?://[^\s<>\"']{1,2000}")
TAIL = ".,;:!?)]}…"  # More likely the sentence's than the address's.


@dataclass(frozen=True, slots=True)
class TextSegment:
    """A stretch of text; `url` is set where it is an address."""

    text: str
    url: str = ""


def safe(url: object) -> str:
    """The address when it leads to the web, else nothing: a button must not run a script."""
    if not isinstance(url, str) or len(url) > LONGEST:
        return ""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme.lower() in ("http", "https") and parts.netloc else ""


def split_links(text: str) -> Iterator[TextSegment]:
    """The text in order, with its addresses cut out."""
    begin = 0
    for match in ADDRESS.finditer(text):
        url = match[0].rstrip(TAIL)
        if not safe(url):
            continue
        if match.start() > begin:
            yield TextSegment(text[begin : match.start()])
        yield TextSegment(url, url)
        begin = match.start() + len(url)
    if begin < len(text):
        yield TextSegment(text[begin:])


def host(url: str) -> str:
    return urlsplit(url).netloc if safe(url) else ""
