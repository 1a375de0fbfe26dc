"""Files as citizens send them, made here; kept in a chat, and fetched by a link."""

import zipfile
from io import BytesIO

import aiohttp
from PIL import Image

from contracts.message import Kind
from tests.services.chatbot.chatbot_app import FILES
from tests.services.chatbot.citizen_chat import CitizenChat

SECRET = "Giấy khai sinh của bé Thử"
PDF_BYTES = b"%PDF-1.7\n" + b"Bi mat cua rieng toi " * 40_000


def picture(kind: str = "JPEG", side: int = 64, noise: bool = False) -> bytes:
    out = BytesIO()
    image = Image.effect_noise((side, side), 90).convert("RGB") if noise else Image.new("RGB", (side, side), "red")
    image.save(out, kind, quality=95)
    return out.getvalue()


def document(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


async def keep_paper(chat: CitizenChat, url: str, name: str = SECRET, kind: Kind = Kind.FILE) -> str:
    """The whole way: send it, name it."""
    await chat.says("#lam f_giay_to")
    await chat.sends(url, kind)
    return await chat.says(name)


async def download(base_url: str, url: str) -> tuple[int, bytes, str]:
    """What notify gets for a link: status, bytes, kind."""
    async with aiohttp.ClientSession() as http, http.get(url.replace(FILES, base_url)) as answer:
        return answer.status, await answer.read(), answer.headers.get("Content-Type", "")
