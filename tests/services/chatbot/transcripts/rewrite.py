"""Plays every transcript and writes down what happened: `make snapshots`."""

from pathlib import Path

from services.chatbot.content import Content
from tests.services.chatbot.transcripts.cast import FOLDER, transcript

if __name__ == "__main__":
    shipped = Content.load(Path("content"))
    for path in sorted(FOLDER.glob("*.txt")):
        before = path.read_text()
        played = transcript(shipped).play(before)
        path.write_text(played)
        print("unchanged" if played == before else "REWRITTEN", path.stem)  # noqa: T201 - for whoever typed it.
