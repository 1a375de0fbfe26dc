"""What a picture in the chat should hold, made a second time."""

from io import BytesIO

import segno


def qr(text: str) -> bytes:
    """As the chatbot draws it."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=8, border=3)
    return out.getvalue()
