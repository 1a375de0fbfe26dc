"""What may be kept."""

import pytest

from services.chatbot.content.models.form import DOCX
from services.chatbot.features.papers.effects import JPEG, PDF, PNG, RejectReason
from services.chatbot.features.papers.file_types import paper_type
from tests.services.chatbot.features.papers.paper_files import PDF_BYTES, document, picture, png


def test_a_file_is_what_its_bytes_are() -> None:
    assert paper_type(picture()) == JPEG
    assert paper_type(picture("PNG")) == PNG
    assert paper_type(PDF_BYTES) == PDF
    assert paper_type(document("[Content_Types].xml", "word/document.xml")) == DOCX


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90 a program",
        b"<html>a page that says the link is over</html>",
        b"GIF89a\x01\x00\x01\x00",
        b"PK\x03\x04 torn",
        document("xl/workbook.xml"),
        document("word/document.xml", "word/vbaProject.bin"),
        b"",
    ],
)
def test_what_is_none_of_the_four_kinds_is_not_kept(data: bytes) -> None:
    assert paper_type(data) is RejectReason.BAD_KIND


@pytest.mark.parametrize("data", [b"\xff\xd8\xff that is all of the picture", png(8_900), png(3_500)])
def test_a_picture_that_is_torn_or_has_too_many_pixels_is_refused_by_its_header(data: bytes) -> None:
    assert paper_type(data) is RejectReason.BAD_PICTURE


def test_a_png_of_twelve_million_pixels_is_taken() -> None:
    assert paper_type(png(3_464)) == PNG
