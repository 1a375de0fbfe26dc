"""Token buckets with a clock in the test's hand."""

from services.notify.delivery import LanePriority
from services.notify.rate import Bucket, Rates

OA = "4100000000000000012"


def spend(rates: Rates, priority: LanePriority, now: float, oa: str = OA) -> int:
    sent = 0
    while rates.take(oa, priority, now) == 0:
        sent += 1
    return sent


def test_a_burst_is_a_quarter_of_a_minute_and_the_rest_flows() -> None:
    rates = Rates(app_per_minute=10_000, oa_per_minute=120)
    assert spend(rates, LanePriority.URGENT, 0) == 30
    assert rates.take(OA, LanePriority.URGENT, 0.1) > 0
    assert spend(rates, LanePriority.URGENT, 10) == 20


def test_within_any_minute_no_more_than_a_burst_over_the_limit_goes() -> None:
    rates = Rates(app_per_minute=100_000, oa_per_minute=120)
    assert sum(spend(rates, LanePriority.URGENT, tenth / 10) for tenth in range(601)) <= 120 + 30 + 1


def test_lower_lanes_leave_room_for_the_higher() -> None:
    rates = Rates(app_per_minute=100_000, oa_per_minute=400)
    bulk = spend(rates, LanePriority.BULK, 0)
    reply = spend(rates, LanePriority.REPLY, 0)
    urgent = spend(rates, LanePriority.URGENT, 0)
    assert (bulk, reply, urgent) == (70, 25, 5)


def test_the_app_limits_all_oas_together() -> None:
    rates = Rates(app_per_minute=40, oa_per_minute=4_000)
    sent = sum(spend(rates, LanePriority.URGENT, 0, f"oa-{index}") for index in range(5))
    assert sent == 10


def test_zalos_headers_teach_a_higher_limit() -> None:
    rates = Rates(app_per_minute=40, oa_per_minute=40)
    rates.learn(OA, 4_000, 3_990, 0)
    assert spend(rates, LanePriority.URGENT, 0) == 1_000


def test_zalos_headers_show_what_other_replicas_have_used() -> None:
    rates = Rates(app_per_minute=4_000, oa_per_minute=4_000)
    rates.learn(OA, 4_000, 3, 0)
    assert spend(rates, LanePriority.URGENT, 0) == 3


def test_a_refusal_empties_the_bucket() -> None:
    rates = Rates(app_per_minute=4_000, oa_per_minute=60)
    rates.exhausted(OA, 0)
    assert 0.9 < rates.take(OA, LanePriority.URGENT, 0) < 1.1


def test_a_clock_that_runs_back_gives_nothing_away() -> None:
    bucket = Bucket.full(60, 100)
    bucket.tokens = 0
    assert bucket.wait(LanePriority.URGENT, 50) > 0
    assert bucket.tokens == 0
