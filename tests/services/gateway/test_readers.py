"""To which key a body is sealed: the hour's, signed by its reader; never to a stranger's, and never to none."""

from base64 import b64encode
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from nacl.public import PrivateKey
from nacl.signing import SigningKey

from chassis.transit import last_resort
from contracts.tips import TipsKeyMade
from contracts.transit_key import ANY_OA
from services.gateway.readers import Reader
from tests.doubles import TIPS_SIGNER
from tests.events import NOON

HOUR = timedelta(hours=1)


def made(starts: datetime, signer: SigningKey = TIPS_SIGNER) -> TipsKeyMade:
    public = b64encode(bytes(PrivateKey.generate().public_key)).decode()
    key = TipsKeyMade(
        id=uuid4(),
        occurred_at=starts,
        conversation=f"tips-{starts:%Y%m%d%H}",
        oa_id=ANY_OA,
        public=public,
        starts=starts,
        ends=starts + HOUR,
        signature="-" * 88,
    )
    return key.evolve(b64encode(signer.sign(key.signed_bytes()).signature).decode())


class ManualReader:
    def __init__(self) -> None:
        self.at = NOON
        self.reader = Reader("tips", TIPS_SIGNER.verify_key, lambda: self.at)

    def key_id(self) -> str:
        (key_id,) = self.reader.current()
        return key_id


@pytest.fixture
def scene() -> ManualReader:
    return ManualReader()


def test_each_hour_has_its_key(scene: ManualReader) -> None:
    for hours in range(3):
        scene.reader.add(made(NOON + hours * HOUR))
    for hours in range(3):
        scene.at = NOON + hours * HOUR
        assert scene.key_id() == f"tips-{scene.at:%Y%m%d%H}"


def test_without_a_key_of_the_hour_the_newest_of_those_past_seals(scene: ManualReader) -> None:
    scene.reader.add(made(NOON - 3 * HOUR))
    scene.reader.add(made(NOON - 2 * HOUR))
    scene.reader.add(made(NOON + HOUR))
    assert scene.key_id() == f"tips-{NOON - 2 * HOUR:%Y%m%d%H}"


def test_without_any_key_the_readers_own_signing_key_seals_and_no_tip_is_refused(scene: ManualReader) -> None:
    assert scene.key_id() == last_resort("tips")


@pytest.mark.expects_errors("transit_key_refused")
def test_a_key_that_its_reader_has_not_signed_seals_nothing(scene: ManualReader) -> None:
    scene.reader.add(made(NOON, SigningKey(b"x" * 32)))
    scene.reader.add(made(NOON).model_copy(update={"ends": NOON + 99 * HOUR}))
    assert scene.key_id() == last_resort("tips")


def test_old_keys_are_not_collected_for_ever(scene: ManualReader) -> None:
    for hours in range(100):
        scene.at = NOON + hours * HOUR
        scene.reader.add(made(scene.at))
    assert len(scene.reader._keys) <= 2
