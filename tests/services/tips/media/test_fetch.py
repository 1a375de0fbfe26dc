"""Fetching one file over real HTTP, from a server that misbehaves in every way it can."""

import hashlib

import pytest

from chassis.fetch import AllowedHosts, FetchFailedError, FetchRefusedError
from chassis.file_types import UNKNOWN
from chassis.sealed_stream import CHUNK_BYTES, StreamSealer
from contracts.message import Kind
from services.tips.media.fetch import MediaFetcher, is_promised, open_media_fetcher
from tests.peak_memory import peak_memory
from tests.services.tips.media.cdn import MEGABYTE, PNG, Cdn


class Chunks(list[bytes]):
    ended = False

    async def put(self, index: int, data: bytes, last: bool) -> None:
        assert index == len(self)
        assert not self.ended
        self.ended = last
        self.append(data)


async def test_a_file_arrives_whole_in_chunks_with_its_hash_and_true_kind(
    server: Cdn, media_fetcher: MediaFetcher
) -> None:
    chunks = Chunks()
    fetched = await media_fetcher.fetch(server.url("/a.png"), Kind.IMAGE, chunks.put)
    assert b"".join(chunks) == PNG
    assert [len(chunk) for chunk in chunks] == [CHUNK_BYTES, CHUNK_BYTES, len(PNG) - 2 * CHUNK_BYTES]
    assert chunks.ended
    assert fetched.sha256 == hashlib.sha256(PNG).hexdigest()
    assert (fetched.size, fetched.media_type, fetched.chunks) == (len(PNG), "image/png", 3)


async def test_a_redirect_on_the_same_list_is_followed(server: Cdn, media_fetcher: MediaFetcher) -> None:
    chunks = Chunks()
    await media_fetcher.fetch(server.url("/to/to/a.png"), Kind.IMAGE, chunks.put)
    assert b"".join(chunks) == PNG


@pytest.mark.parametrize("path", ["/gone", "/empty", "/page", "/json", "/loop", "/short"])
async def test_what_may_be_better_later_has_failed(server: Cdn, media_fetcher: MediaFetcher, path: str) -> None:
    with pytest.raises(FetchFailedError):
        await media_fetcher.fetch(server.url(path), Kind.IMAGE, Chunks().put)


async def test_a_server_that_keeps_silent_has_failed_in_bounded_time(server: Cdn) -> None:
    async with open_media_fetcher(AllowedHosts.parse("MEDIA_HOSTS", server.host), 1_000, 0.2) as media_fetcher:
        with pytest.raises(FetchFailedError, match="network"):
            await media_fetcher.fetch(server.url("/silent"), Kind.IMAGE, Chunks().put)


async def test_a_server_that_is_unreachable_has_failed(server: Cdn) -> None:
    async with open_media_fetcher(AllowedHosts.parse("MEDIA_HOSTS", "127.0.0.1:1"), 1_000, 2) as media_fetcher:
        with pytest.raises(FetchFailedError, match="network"):
            await media_fetcher.fetch("http://127.0.0.1:1/a", Kind.IMAGE, Chunks().put)
    assert server.requested == []


@pytest.mark.parametrize("path", ["/away", "/to/away"])
async def test_a_redirect_to_elsewhere_is_refused_and_not_followed(
    server: Cdn, media_fetcher: MediaFetcher, path: str
) -> None:
    with pytest.raises(FetchRefusedError, match="host"):
        await media_fetcher.fetch(server.url(path), Kind.IMAGE, Chunks().put)


async def test_a_host_that_is_not_on_the_list_is_never_requested(server: Cdn) -> None:
    async with open_media_fetcher(AllowedHosts.parse("MEDIA_HOSTS", "zdn.vn"), 1_000, 2) as media_fetcher:
        with pytest.raises(FetchRefusedError, match="host"):
            await media_fetcher.fetch(server.url("/a.png"), Kind.IMAGE, Chunks().put)
    assert server.requested == []


@pytest.mark.parametrize("path", ["/a.png", "/endless"])
async def test_what_is_too_big_is_refused_whether_it_says_so_or_not(server: Cdn, path: str) -> None:
    async with open_media_fetcher(AllowedHosts.parse("MEDIA_HOSTS", server.host), len(PNG) - 1, 5) as media_fetcher:
        chunks = Chunks()
        with pytest.raises(FetchRefusedError, match="size"):
            await media_fetcher.fetch(server.url(path), Kind.IMAGE, chunks.put)
    assert sum(map(len, chunks)) < len(PNG)


async def test_no_fault_quotes_the_link(server: Cdn, media_fetcher: MediaFetcher) -> None:
    with pytest.raises(FetchFailedError) as fault:
        await media_fetcher.fetch(server.url("/gone?token=bi-mat"), Kind.IMAGE, Chunks().put)
    assert "bi-mat" not in str(fault.value)


async def test_a_film_of_a_hundred_megabytes_passes_through_in_the_memory_of_a_few_chunks(server: Cdn) -> None:
    stream, sealed = StreamSealer(b"k" * 32, b"here"), 0

    async def put(_: int, data: bytes, last: bool) -> None:
        nonlocal sealed
        sealed += len(stream.seal(data, last=last))

    async with open_media_fetcher(AllowedHosts.parse("MEDIA_HOSTS", server.host), 100 * MEGABYTE, 60) as media_fetcher:
        with peak_memory() as grown:
            fetched = await media_fetcher.fetch(server.url("/film/100"), Kind.VIDEO, put)
    assert (fetched.size, fetched.media_type) == (100 * MEGABYTE, "video/mp4")
    assert sealed > fetched.size
    assert grown[0] < 40 * MEGABYTE


@pytest.mark.parametrize("kind", [Kind.IMAGE, Kind.GIF, Kind.VIDEO, Kind.AUDIO])
@pytest.mark.parametrize("shown", ["text/html", "application/json", "application/zip", UNKNOWN])
def test_what_is_no_picture_sound_or_film_by_its_bytes_is_not_what_was_promised(kind: Kind, shown: str) -> None:
    assert not is_promised(kind, shown)


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        (Kind.IMAGE, "image/heic"),
        (Kind.GIF, "video/mp4"),
        (Kind.VIDEO, "video/quicktime"),
        (Kind.AUDIO, "audio/amr"),
        (Kind.AUDIO, "video/mp4"),
        (Kind.FILE, "text/html"),
        (Kind.FILE, UNKNOWN),
    ],
)
def test_what_shows_its_kind_is_and_a_file_may_be_anything(kind: Kind, shown: str) -> None:
    assert is_promised(kind, shown)


def test_a_picture_in_the_place_of_a_film_is_not_the_film() -> None:
    assert not is_promised(Kind.VIDEO, "image/jpeg")
    assert not is_promised(Kind.IMAGE, "video/mp4")
