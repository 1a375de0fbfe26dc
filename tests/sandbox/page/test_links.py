"""What others wrote may hold addresses; only the web's may be opened."""

import pytest

from sandbox.page.links import TextSegment, host, safe, split_links


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "data:text/html,<script>", "file:///etc/passwd",
        "https://", "//example.vn", "http://[", "", None, 7, "https://example.vn/" + "a" * 2_000,
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_not_opened(url: object) -> None:
    assert safe(url) == ""


def test_addresses_of_the_web_are_opened_as_they_are() -> None:
    assert safe(" https://example.vn/a?b=c#d ") == "https://example.vn/a?b=c#d"
    assert host("https://example.vn/a") == "example.vn"


def test_addresses_are_cut_out_of_a_text_without_the_sentence_around_them() -> None:
    segments = list(split_links("Xem https://example.vn/a, rồi (http://vi.du/b)."))
    assert segments == [
        TextSegment("Xem "),
        TextSegment("https://example.vn/a", "https://example.vn/a"),
        TextSegment(", rồi ("),
        TextSegment("http://vi.du/b", "http://vi.du/b"),
        TextSegment(")."),
    ]


@pytest.mark.parametrize("text", ["", "không có gì", "https://", "a" * 10_000, "http://a " * 900])
def test_nothing_of_a_text_is_lost(text: str) -> None:
    assert "".join(segment.text for segment in split_links(text)) == text
