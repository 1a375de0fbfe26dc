"""What becomes of a delivery, told from the bytes, the header and the registry alone."""

import pytest

from services.gateway.decide import Outcome, Verdict, decide
from services.gateway.registry.cache import Account, App, RegistryCache
from services.gateway.zalo.catalogue import DEMO_OA
from tests.services.gateway import payloads
from tests.services.gateway.gateway_parts import SECRET, mac, raw, registry_cache, signed
from tests.services.gateway.payloads import APP, NOW, OA, Json

TEXT = payloads.BODIES["user_send_text"]


def decided(body: Json, registry: RegistryCache | None = None, secret: bytes = SECRET) -> Verdict:
    return decide(*signed(body, secret), registry or registry_cache(), NOW)


def test_a_signed_event_of_a_registered_oa_is_accepted() -> None:
    verdict = decided(TEXT)
    assert (verdict.outcome, verdict.event_name, verdict.oa_id) == (Outcome.ACCEPTED, "user_send_text", OA)


def test_the_empty_unsigned_probe_is_answered() -> None:
    assert decide(b"{}", None, registry_cache(), NOW).outcome is Outcome.PROBE


def test_before_the_registry_was_read_zalo_is_asked_to_come_again_instead_of_dropping_what_may_be_ours() -> None:
    assert decided(TEXT, RegistryCache()).outcome is Outcome.UNAVAILABLE


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
    assert decide(body, None, registry_cache(), NOW).outcome is outcome


def proven_bytes(payload: bytes, secret: bytes = SECRET) -> tuple[bytes, bytes]:
    return payload, mac(payload, APP, str(TEXT["timestamp"]), secret)


def test_a_letter_cut_in_half_does_not_cost_a_citizen_their_answer() -> None:
    half = "giấy".encode()[:-2]
    verdict = decide(*proven_bytes(raw(TEXT).replace("giấy".encode(), half)), registry_cache(), NOW)
    assert verdict.outcome is Outcome.ACCEPTED
    assert verdict.parsed is not None


@pytest.mark.parametrize("torn", [raw(TEXT)[:-9], raw(TEXT) + b"}", raw(TEXT).replace(b'":', b'"=', 1)])
def test_what_zalo_signed_and_nobody_can_read_is_kept(torn: bytes) -> None:
    verdict = decide(*proven_bytes(torn), registry_cache(), NOW)
    assert (verdict.outcome, verdict.reason, verdict.app_id) == (Outcome.KEPT, "malformed", APP)
    assert verdict.oa_id == OA


def test_what_zalo_signed_and_nobody_can_read_is_kept_without_an_oa_where_none_is_found() -> None:
    torn = f'{{"app_id":"{APP}","timestamp":"{TEXT["timestamp"]}"'.encode()
    verdict = decide(*proven_bytes(torn), registry_cache(), NOW)
    assert (verdict.outcome, verdict.oa_id) == (Outcome.KEPT, None)


def test_what_others_signed_and_nobody_can_read_is_dropped() -> None:
    torn = raw(TEXT)[:-9]
    assert (
        decide(*proven_bytes(torn, b"another key of another app"), registry_cache(), NOW).outcome is Outcome.MALFORMED
    )
    assert decide(b"{", b"mac=" + b"0" * 64, registry_cache(), NOW).outcome is Outcome.MALFORMED
    assert decide(*proven_bytes(torn), RegistryCache(), NOW).outcome is Outcome.UNAVAILABLE


def test_a_wrong_signature_is_dropped_whatever_the_body_says() -> None:
    payload, _ = signed(TEXT)
    assert decide(payload, b"mac=" + b"0" * 64, registry_cache(), NOW).outcome is Outcome.BAD_SIGNATURE
    assert decided(TEXT, secret=b"another key of another app").outcome is Outcome.BAD_SIGNATURE


def test_an_app_that_nobody_registered_cannot_prove_anything() -> None:
    assert decided(TEXT | {"app_id": "999"}).outcome is Outcome.UNKNOWN_APP


def test_a_proven_event_of_an_oa_that_is_not_registered_has_its_own_outcome() -> None:
    assert decided(TEXT | {"recipient": {"id": "4100000000000000999"}}).outcome is Outcome.UNKNOWN_OA


def test_one_app_cannot_speak_for_another_apps_oa() -> None:
    registry = registry_cache(**{"222": b"the key of app 222"})
    assert decided(TEXT | {"app_id": "222"}, registry, b"the key of app 222").outcome is Outcome.UNKNOWN_OA


def test_an_oa_that_is_switched_off_is_acknowledged_and_dropped() -> None:
    registry = registry_cache()
    registry.update([Account(OA, APP, "tắt", enabled=False)], [])
    assert decided(TEXT, registry).outcome is Outcome.DISABLED


def test_the_oas_own_secret_is_looked_up_before_the_apps() -> None:
    registry = registry_cache()
    registry.update([Account(OA, APP, "riêng", secrets=(b"its own key",))], [])
    assert decided(TEXT, registry, b"its own key").outcome is Outcome.ACCEPTED
    assert decided(TEXT, registry).outcome is Outcome.ACCEPTED  # The app's key is still the app's.


def test_during_a_rotation_both_secrets_are_good_and_then_one() -> None:
    registry = registry_cache()
    registry.update([], [App(APP, (b"the new key", SECRET))])
    assert {decided(TEXT, registry, secret).outcome for secret in (b"the new key", SECRET)} == {Outcome.ACCEPTED}
    registry.update([], [App(APP, (b"the new key",))])
    assert decided(TEXT, registry).outcome is Outcome.BAD_SIGNATURE


@pytest.mark.parametrize(
    "body",
    [
        TEXT | {"recipient": {"id": DEMO_OA}},
        TEXT | {"message": {"text": "This is testing message", "msg_id": "This is message id"}},
        payloads.BODIES["follow"] | {"source": "testing_webhook"},
    ],
)
def test_the_consoles_samples_are_acknowledged_and_go_no_further(body: Json) -> None:
    assert decided(body).outcome is Outcome.SAMPLE
    assert decide(raw(body), None, registry_cache(), NOW).outcome is Outcome.UNSIGNED


def test_a_body_without_app_id_is_proven_with_the_oas_app() -> None:
    body = {name: value for name, value in TEXT.items() if name != "app_id"}
    payload = raw(body)
    assert decide(payload, mac(payload, APP, body["timestamp"]), registry_cache(), NOW).outcome is Outcome.ACCEPTED


def test_what_is_proven_but_not_understood_is_kept_with_a_reason() -> None:
    verdict = decided(TEXT | {"sender": {}})
    assert (verdict.outcome, verdict.reason) == (Outcome.KEPT, "no_person")


def test_a_verdict_shows_nothing_of_a_person() -> None:
    verdict = decided(TEXT)
    assert payloads.USER not in repr(verdict)
    assert "căn cước" not in repr(verdict)
    assert payloads.USER not in repr(verdict.parsed)


def test_a_verdict_with_another_outcome_keeps_what_was_understood() -> None:
    verdict = decided(TEXT)
    kept = verdict.with_outcome(Outcome.UNAVAILABLE)
    assert (kept.outcome, kept.event_name, kept.oa_id, kept.parsed) == (
        Outcome.UNAVAILABLE,
        verdict.event_name,
        OA,
        verdict.parsed,
    )
    assert verdict.with_outcome(verdict.outcome) is verdict
