"""Every transcript in this folder is what happens. `make snapshots` writes them anew: the difference is the review."""

from pathlib import Path

import pytest

from services.chatbot.content import Content
from tests.services.chatbot.transcripts.cast import FOLDER, transcript


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_a_transcript_is_what_happens(path: Path, content: Content) -> None:
    written = path.read_text()
    assert transcript(content).play(written) == written, "`make snapshots` writes it anew"


def test_a_line_that_is_none_is_named(content: Content) -> None:
    with pytest.raises(ValueError, match="line 2"):
        transcript(content).play("# A note.\nwhat: ever\n")
