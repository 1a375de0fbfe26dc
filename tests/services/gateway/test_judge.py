"""What becomes of a delivery, told from the bytes, the header and the registry alone."""

import pytest

from services.gateway.judge import Outcome, Verdict, judge
from services.gateway.registry.directory import Account, App, Directory
from services.gateway.zalo.catalogue import DEMO_OA
from tests.services.gateway import payloads
from tests.services.gateway.payloads import APP, NOW, OA, Json
from tests.services.gateway.rooms import SECRET, directory, mac, raw, signed

TEXT = payloads.BODIES["user_send_text"]


def judged(body: Json, known: Directory | None = None, secret: bytes = SECRET) -> Verdict:
    return judge(*signed(body, secret), known or directory(), NOW)


def test_a_signed_event_of_a_registered_oa_is_accepted() -> None:
    verdict = judged(TEXT)
    assert (verdict.outcome, verdict.event_name, verdict.oa_id) == (Outcome.ACCEPTED, "user_send_text", OA)


def test_the_empty_unsigned_probe_is_answered() -> None:
    assert judge(b"{}", None, directory(), NOW).outcome is Outcome.PROBE


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b"", Outcome.MALFORMED),
        (raw(TEXT)[:-9], Outcome.MALFORMED),
        (b"[{}]", Outcome.NOT_AN_OBJECT),
        (raw(TEXT), Outcome.UNSIGNED),
    ],
)
def test_without_a_signature_nothing_is_believed(body: bytes, outcome: Outcome) -> None:
    assert judge(body, None, directory(), NOW).outcome is outcome


def test_a_wrong_signature_is_dropped_whatever_the_body_says() -> None:
    told, _ = signed(TEXT)
    assert judge(told, b"mac=" + b"0" * 64, directory(), NOW).outcome is Outcome.BAD_SIGNATURE
    assert judged(TEXT, secret=b"another key of another app").outcome is Outcome.BAD_SIGNATURE


def test_an_app_that_nobody_registered_cannot_prove_anything() -> None:
    assert judged(TEXT | {"app_id": "999"}).outcome is Outcome.UNKNOWN_APP


def test_a_proven_event_of_an_oa_that_is_not_registered_is_told_apart() -> None:
    assert judged(TEXT | {"recipient": {"id": "4100000000000000999"}}).outcome is Outcome.UNKNOWN_OA


def test_one_app_cannot_speak_for_another_apps_oa() -> None:
    known = directory(**{"222": b"the key of app 222"})
    assert judged(TEXT | {"app_id": "222"}, known, b"the key of app 222").outcome is Outcome.UNKNOWN_OA


def test_an_oa_that_is_switched_off_is_acknowledged_and_dropped() -> None:
    known = directory()
    known.learn([Account(OA, APP, "tắt", enabled=False)], [])
    assert judged(TEXT, known).outcome is Outcome.DISABLED


def test_the_oas_own_secret_is_looked_up_before_the_apps() -> None:
    known = directory()
    known.learn([Account(OA, APP, "riêng", secrets=(b"its own key",))], [])
    assert judged(TEXT, known, b"its own key").outcome is Outcome.ACCEPTED
    assert judged(TEXT, known).outcome is Outcome.ACCEPTED  # The app's key is still the app's.


def test_during_a_rotation_both_secrets_are_good_and_then_one() -> None:
    known = directory()
    known.learn([], [App(APP, (b"the new key", SECRET))])
    assert {judged(TEXT, known, one).outcome for one in (b"the new key", SECRET)} == {Outcome.ACCEPTED}
    known.learn([], [App(APP, (b"the new key",))])
    assert judged(TEXT, known).outcome is Outcome.BAD_SIGNATURE


@pytest.mark.parametrize(
    "body",
    [
        TEXT | {"recipient": {"id": DEMO_OA}},
        TEXT | {"message": {"text": "This is testing message", "msg_id": "This is message id"}},
        payloads.BODIES["follow"] | {"source": "testing_webhook"},
    ],
)
def test_the_consoles_samples_are_acknowledged_and_go_no_further(body: Json) -> None:
    assert judged(body).outcome is Outcome.SAMPLE
    assert judge(raw(body), None, directory(), NOW).outcome is Outcome.UNSIGNED


def test_a_body_without_app_id_is_proven_with_the_oas_app() -> None:
    body = {name: value for name, value in TEXT.items() if name != "app_id"}
    told = raw(body)
    assert judge(told, mac(told, APP, body["timestamp"]), directory(), NOW).outcome is Outcome.ACCEPTED


def test_what_is_proven_but_not_understood_is_kept_with_a_reason() -> None:
    verdict = judged(TEXT | {"sender": {}})
    assert (verdict.outcome, verdict.reason) == (Outcome.KEPT, "no_person")


def test_a_verdict_shows_nothing_of_a_person() -> None:
    verdict = judged(TEXT)
    assert payloads.USER not in repr(verdict)
    assert "căn cước" not in repr(verdict)
    assert payloads.USER not in repr(verdict.parsed)
