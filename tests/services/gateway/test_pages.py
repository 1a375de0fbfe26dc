"""Zalo's verifier finds its code, and a person sees in Vietnamese what an OA still misses."""

from datetime import UTC, datetime, timedelta

from services.gateway.pages import html
from services.gateway.pages.steps import EXPECTED, OaStatus, Step, last_event, steps

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
WELL = OaStatus(enabled=True, secrets=1, verifications=1, events=dict.fromkeys(EXPECTED, NOW), refused_at=None)


def open_titles(oa: OaStatus) -> list[str]:
    return [step.title for step in steps(oa, NOW) if not step.done]


def advice(oa: OaStatus, title: str) -> str:
    return next(step.advice for step in steps(oa, NOW) if title in step.title)


def test_an_oa_with_everything_misses_nothing() -> None:
    assert open_titles(WELL) == []


def test_a_new_oa_misses_secret_domain_webhook_token_and_every_event() -> None:
    fresh = OaStatus(enabled=True, secrets=0, verifications=0, events={}, refused_at=None)
    assert len(open_titles(fresh)) == 4 + len(EXPECTED)
    assert "OA Secret Key" in advice(fresh, "Khóa bí mật")


def test_a_signature_that_failed_last_asks_for_the_key_again() -> None:
    wrong = OaStatus(
        enabled=True, secrets=1, verifications=1, events={"follow": NOW - timedelta(hours=1)}, refused_at=NOW
    )
    assert "chữ ký không khớp" in advice(wrong, "Khóa bí mật")
    since_mended = OaStatus(
        enabled=True, secrets=1, verifications=1, events={"follow": NOW}, refused_at=NOW - timedelta(hours=1)
    )
    assert "Khóa bí mật của OA (OA Secret Key)" not in open_titles(since_mended)


def test_an_echo_of_our_own_proves_the_token_an_officers_does_not() -> None:
    def oa_with(name: str) -> OaStatus:
        return OaStatus(enabled=True, secrets=1, verifications=1, events={name: NOW}, refused_at=None)

    token = "Quyền gửi tin (access token) hoạt động"
    assert token in open_titles(oa_with("oa_send_text#officer"))
    assert token not in open_titles(oa_with("oa_send_text"))


def test_three_days_of_silence_are_a_webhook_that_zalo_cut() -> None:
    silent = OaStatus(
        enabled=True, secrets=1, verifications=1, events={"follow": NOW - timedelta(days=4)}, refused_at=None
    )
    assert "bị Zalo ngắt" in advice(silent, "Zalo đã gửi")
    assert last_event(silent) == NOW - timedelta(days=4)


def test_a_switched_off_oa_says_so() -> None:
    off = OaStatus(enabled=False, secrets=1, verifications=1, events=dict.fromkeys(EXPECTED, NOW), refused_at=None)
    assert open_titles(off) == ["OA đang được bật trong hệ thống"]


def test_the_onboarding_page_counts_what_is_left_and_escapes_what_it_was_given() -> None:
    page = html.onboarding(
        "<script>OA</script>", "41", "https://loa.example/webhooks/zalo", [Step(False, "a", "b")], NOW
    )
    assert "<script>" not in page
    assert "Còn 1 việc cần làm." in page
    assert "10:00 ngày 22/11/2026" in page
    assert 'name="viewport"' in page
    assert 'lang="vi"' in page


def test_the_home_page_carries_every_code() -> None:
    page = html.home(["abc", "d&f"])
    assert '<meta name="zalo-platform-site-verification" content="abc">' in page
    assert 'content="d&amp;f"' in page
