"""What may be kept, and whence it may be fetched."""

from io import BytesIO

import pytest
from PIL import Image

from services.chatbot.content.models.form import DOCX
from services.chatbot.features.papers.effects import JPEG, PDF, PNG
from services.chatbot.features.papers.file_types import paper_type
from services.chatbot.features.papers.shrink import IMAGE_BYTES, shrink_for_zalo
from tests.services.chatbot.features.papers.paper_files import PDF_BYTES, document, picture


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
        b"\xff\xd8\xff that is all of the picture",
        b"PK\x03\x04 torn",
        document("xl/workbook.xml"),
        document("word/document.xml", "word/vbaProject.bin"),
        b"",
    ],
)
def test_what_is_none_of_the_four_kinds_is_not_kept(data: bytes) -> None:
    assert paper_type(data) is None


def test_a_picture_too_large_for_zalo_goes_out_smaller() -> None:
    large = picture(side=2_200, noise=True)
    assert len(large) > IMAGE_BYTES
    small = shrink_for_zalo(large)
    assert small is not None
    assert len(small) <= IMAGE_BYTES
    assert Image.open(BytesIO(small)).width >= 800
    assert shrink_for_zalo(picture()) == picture(), "a small one is sent as it was"
