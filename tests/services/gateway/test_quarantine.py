"""What strangers can leave in the quarantine."""

import asyncio

import pytest

from services.gateway.quarantine import DigestAloneError
from tests.services.gateway import payloads
from tests.services.gateway.gateway_parts import gateway_parts

TEXT = payloads.BODIES["user_send_text"]


async def test_of_bad_signatures_a_few_are_kept_whole_and_of_the_others_a_digest() -> None:
    """Anybody can send them: what a stranger fills of the disk is bounded, and that he came is known all the same."""
    bodies = [TEXT | {"message": {"text": f"câu {number}", "msg_id": f"m{number}"}} for number in range(40)]
    large = TEXT | {"message": {"text": "x" * 40_000, "msg_id": "large"}}
    async with gateway_parts() as gateway:
        for body in (large, large, *bodies):
            assert await gateway.send(body, b"a stranger's key") == 200
        async with asyncio.timeout(30):
            while len(gateway.quarantine_store.documents) < 42:  # noqa: ASYNC110 - the job tells nobody.
                await asyncio.sleep(0.01)
        documents = gateway.quarantine_store.documents
        assert sum("s" in document for document in documents) == 20
        assert documents[0]["d"] == documents[1]["d"]
        assert len({document["d"] for document in documents}) == 41
        assert not any("s" in document or "k" in document for document in documents[:2])
        with pytest.raises(DigestAloneError):
            gateway.ingest.quarantine.open(documents[0])
