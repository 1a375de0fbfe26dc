"""Who goes next."""

from services.notify.delivery import Delivery, LanePriority
from services.notify.dispatch.queues import ConversationQueues


def delivery(conversation: str, order: int, priority: LanePriority = LanePriority.REPLY, oa: str = "oa-1") -> Delivery:
    return Delivery(f"{conversation}-{order}", "e", 0, 1, conversation, oa, priority, order, "", "", 0, 0, 0)


def sending_order(queues: ConversationQueues) -> list[str]:
    """Everything in the order in which it takes off, one after the other."""
    order = []
    while candidate := queues.next():
        queue = queues.start(*candidate)
        order.append(queue.deliveries.popleft().id)
        queues.finished(queue)
        if queue.deliveries:
            queues.ready(queue)
        else:
            queues.remove(queue)
    return order


def test_a_conversation_goes_strictly_in_order() -> None:
    queues = ConversationQueues(8)
    for index in range(3):
        queues.add(delivery("a", index))
    candidate = queues.next()
    assert candidate is not None
    queues.start(*candidate)
    assert queues.next() is None, "the second waits until the first has landed"


def test_conversations_do_not_wait_for_each_other() -> None:
    queues = ConversationQueues(8)
    for name in "abc":
        queues.add(delivery(name, 1))
    started = [queues.start(*candidate).name for _ in range(3) if (candidate := queues.next())]
    assert started == ["a", "b", "c"]


def test_lanes_go_before_each_other() -> None:
    queues = ConversationQueues(8)
    queues.add(delivery("a", 1, LanePriority.BULK))
    queues.add(delivery("b", 1, LanePriority.REPLY))
    queues.add(delivery("c", 1, LanePriority.URGENT))
    assert sending_order(queues) == ["c-1", "b-1", "a-1"]


def test_oas_take_turns() -> None:
    queues = ConversationQueues(8)
    for index in range(3):
        queues.add(delivery(f"a{index}", 1, oa="oa-1"))
    queues.add(delivery("b", 1, oa="oa-2"))
    assert sending_order(queues) == ["a0-1", "b-1", "a1-1", "a2-1"]


def test_one_oa_never_takes_all_calls() -> None:
    queues = ConversationQueues(2)
    for index in range(3):
        queues.add(delivery(f"a{index}", 1, oa="oa-1"))
    queues.add(delivery("b", 1, oa="oa-2"))
    started = []
    while candidate := queues.next():
        started.append(queues.start(*candidate).name)
    assert started == ["a0", "b", "a1"]


def test_a_paused_oa_resumes_where_it_was() -> None:
    queues = ConversationQueues(8)
    queues.add(delivery("a", 1))
    candidate = queues.next()
    assert candidate is not None
    queues.pause(*candidate)
    queues.add(delivery("b", 1))
    assert queues.next() is None
    queues.resume("oa-1", LanePriority.REPLY)
    assert sending_order(queues) == ["a-1", "b-1"]


def test_an_urgent_word_pulls_the_answer_before_it_along() -> None:
    queues = ConversationQueues(8)
    queues.add(delivery("a", 1, LanePriority.REPLY))
    queues.add(delivery("b", 1, LanePriority.REPLY))
    queues.add(delivery("b", 2, LanePriority.URGENT))
    queue = queues.queues["b"]
    assert queue.priority is LanePriority.URGENT
