"""One round of a job: a bad item is parked alone, and the world's fault is waited for."""

from collections.abc import Sequence

import pytest

from chassis.jobs import each
from chassis.outcomes import RunOutcome
from tests.chassis.job_work import Work, metric, worker
from tests.doubles import NOON
from tests.parked import MemoryParked


async def test_a_page_of_what_is_due_is_handled_at_once() -> None:
    work = Work("a", "b")
    done = await worker(work.job()).run_once()
    assert (done.outcome, done.items, work.calls, work.due) == (RunOutcome.DONE, 2, [["a", "b"]], [])


@pytest.mark.expects_errors("item_parked")
async def test_a_bad_item_is_parked_alone_and_the_others_go_on() -> None:
    work, parked = Work(*"abcdefg"), MemoryParked()
    work.bad = {"c"}
    before = metric("loa_job_items_total", outcome="done"), metric("loa_job_items_total", outcome="parked")
    done = await worker(work.job(), parked).run_once()
    assert (done.outcome, work.due) == (RunOutcome.DONE, ["c"])
    (item,) = await parked.list(None, 10)
    assert (item.job, item.key, item.reason, item.at) == ("test_work", "c", "ValueError", NOON)
    assert metric("loa_job_items_total", outcome="done") - before[0] == 6
    assert metric("loa_job_items_total", outcome="parked") - before[1] == 1
    assert metric("loa_job_parked_items") == 1


@pytest.mark.expects_errors("item_parked")
async def test_item_by_item_the_good_ones_are_handled_once() -> None:
    work = Work(*"abc")
    work.bad = {"b"}
    await worker(work.job(handle=each(work.handle_item))).run_once()
    assert (work.calls, work.due) == ([["a"], ["b"], ["c"]], ["b"])


@pytest.mark.expects_errors("item_parked")
async def test_what_is_parked_is_left_out_until_it_is_redriven() -> None:
    work, parked = Work("a"), MemoryParked()
    work.bad = {"a"}
    running = worker(work.job(), parked)
    await running.run_once()
    assert (await running.run_once()).items == 0
    work.bad.clear()
    await parked.redrive("test_work", None, NOON)
    assert (await running.run_once()).items == 1
    assert work.due == []


async def test_a_claim_that_does_not_leave_out_the_parked_does_not_try_them_again() -> None:
    work, parked = Work("a", page=1), MemoryParked()
    await parked.park("test_work", "a", "ValueError", NOON)

    async def careless(_: frozenset[str]) -> Sequence[str]:
        return work.due

    done = await worker(work.job(claim=careless), parked).run_once()
    assert (done.items, done.full, work.calls) == (0, False, [])


async def test_the_world_s_fault_is_tried_again_and_parks_nothing() -> None:
    work, parked = Work("a"), MemoryParked()
    work.outages = 1
    assert (await worker(work.job(), parked).run_once()).outcome is RunOutcome.DONE
    work.due, work.outages = ["b"], 2
    assert (await worker(work.job(), parked).run_once()).outcome is RunOutcome.WAITING
    assert (work.due, await parked.list(None, 10)) == (["b"], [])


async def test_what_cannot_be_parked_stays_due() -> None:
    work, parked = Work("a"), MemoryParked()
    work.bad = {"a"}
    running = worker(work.job(), parked)
    parked.outages = 2
    assert (await running.run_once()).outcome is RunOutcome.WAITING
    assert work.due == ["a"]
