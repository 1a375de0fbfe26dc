"""Pictures of the demonstration's cameras: drawn, and plainly so. A real camera has a `picture` address in content."""

import random
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from contracts.text import fold_words
from services.chatbot.content.models.place import Camera

SIZE = (640, 360)
_SKY, _ROAD, _LINE, _INK = (178, 204, 224), (86, 90, 96), (236, 236, 226), (16, 24, 32)
_PAINTS = ((200, 60, 50), (60, 110, 190), (235, 235, 235), (40, 40, 44), (220, 170, 50))


def draw_street(camera: Camera, minute: str) -> bytes:
    """A JPEG of a road with some traffic, the camera's name and the time. The same minute gives the same picture."""
    rng = random.Random(f"{camera.id}{minute}")  # noqa: S311 — a drawing, not a secret.
    image = Image.new("RGB", SIZE, _SKY)
    pen = ImageDraw.Draw(image)
    pen.polygon([(0, 360), (270, 120), (370, 120), (640, 360)], fill=_ROAD)
    for top in range(130, 360, 36):
        pen.line([(320, top), (320, top + 16)], fill=_LINE, width=4)
    for _ in range(rng.randint(2, 9)):
        depth = rng.uniform(0.15, 1.0)
        x, y = 320 + rng.choice((-1, 1)) * int(40 + 160 * depth), 120 + int(220 * depth)
        size = int(10 + 46 * depth)
        pen.rounded_rectangle([x - size, y - size // 2, x + size, y + size // 2], 6, fill=rng.choice(_PAINTS))
    pen.rectangle([0, 0, 640, 30], fill=_INK)
    caption = f"{fold_words(camera.name).upper()}  {minute[:2]}:{minute[2:]}  HINH MINH HOA"
    pen.text((10, 8), caption, fill=_LINE, font=ImageFont.load_default(14))
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
