"""QR codes as pictures: an office's OA, an appointment's ticket."""

from io import BytesIO

import segno
from fastapi import Response


def qr_response(text: str) -> Response:
    """Returns `text` as a PNG."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=8, border=3)
    return Response(out.getvalue(), media_type="image/png")
