"""Pictures and files for Zalo: fetched from one of our services, uploaded once per OA and content."""

import hashlib
from dataclasses import dataclass, field

from chassis.fetch import Fetcher, FetchFailedError, FetchRefusedError
from chassis.file_types import GIF, JPEG, PNG, media_type
from contracts.message import Asset, MessagePart
from services.notify.keys import Keys
from services.notify.store.uploads import Uploads
from services.notify.zalo.answer import Answer, Refused, Taken
from services.notify.zalo.client import OpenApi

IMAGE_BYTES, FILE_BYTES = 1 << 20, 5 << 20  # Zalo's limits; a GIF may be as large as a file.
FETCH_SECONDS = 10.0
_GIF_HEAD = 10


class Unsendable(Exception):  # noqa: N818 — the asset's state.
    """An asset that can never be sent. `why` is from a closed set."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Unfetched(Exception):  # noqa: N818 — a state of a dependency.
    """The service that has it does not answer just now."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    reference: str = field(repr=False)
    key: tuple[str, str]  # (kind, digest): what to drop when Zalo has forgotten it.
    size: tuple[int, int] | None = None  # Of a GIF, in pixels.


class Assets:
    def __init__(self, fetcher: Fetcher, api: OpenApi, uploads: Uploads, keys: Keys) -> None:
        self._fetcher, self._api, self._uploads, self._keys = fetcher, api, uploads, keys

    async def upload(self, part: MessagePart, oa_id: str, token: str) -> Uploaded | Answer | None:
        """Returns None without anything to upload, an Answer if Zalo refused. Raises Unsendable, Unfetched, TransientError."""
        asset = part.image or part.file
        if asset is None:
            return None
        data = await self._fetch(asset)
        kind = "file" if part.file else kind_of(data)
        if kind == "image" and len(data) > IMAGE_BYTES:
            raise Unsendable("asset_too_large")
        digest = hashlib.sha256(data).hexdigest()
        size = gif_size(data) if kind == "gif" else None
        place = self._uploads.place(oa_id, kind, digest)
        sealed_reference = await self._uploads.find(oa_id, kind, digest)
        if sealed_reference is not None:
            return Uploaded(self._keys.open(sealed_reference, place).get_secret_value(), (kind, digest), size)
        answer = await self._api.upload(token, kind, asset.name, asset.media_type, data)
        if not isinstance(answer, Taken):
            return answer
        fields = answer.data if isinstance(answer.data, dict) else {}
        reference = str(fields.get("token") or fields.get("attachment_id") or "")
        if not reference:
            return Refused(-200)  # Accepted, but without the id we need: treated as a send that failed.
        await self._uploads.save(oa_id, kind, digest, self._keys.seal(reference, place))
        return Uploaded(reference, (kind, digest), size)

    async def invalidate(self, oa_id: str, uploaded: Uploaded) -> None:
        """Zalo does not know it any more."""
        await self._uploads.delete(oa_id, *uploaded.key)

    async def _fetch(self, asset: Asset) -> bytes:
        try:
            return await self._fetcher.read(asset.url, FILE_BYTES)
        except FetchRefusedError as refused:
            raise Unsendable("asset_too_large" if str(refused) == "size" else "asset_host") from None
        except FetchFailedError as failed:
            if 400 <= failed.status < 500:  # noqa: PLR2004 — the service says that it has no such thing.
                raise Unsendable("asset_missing") from None
            raise Unfetched from None


def kind_of(data: bytes) -> str:
    """`image` or `gif`, by the bytes themselves. Raises Unsendable for what Zalo does not take."""
    shown = media_type(data)
    if shown == GIF and len(data) >= _GIF_HEAD:
        return "gif"
    if shown in (PNG, JPEG):
        return "image"
    raise Unsendable("asset_type")


def gif_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the logical screen descriptor."""
    return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
