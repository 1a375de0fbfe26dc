"""Who goes next."""

from services.notify.dispatch.lines import Lines
from services.notify.entry import Entry, Rank


def entry(conversation: str, order: int, rank: Rank = Rank.REPLY, oa: str = "oa-1") -> Entry:
    return Entry(f"{conversation}-{order}", "e", 0, 1, conversation, oa, rank, order, "", "", 0, 0, 0)


def departures(lines: Lines) -> list[str]:
    """Everything in the order in which it takes off, one after the other."""
    order = []
    while turn := lines.turn():
        line = lines.depart(*turn)
        order.append(line.entries.popleft().id)
        lines.landed(line)
        if line.entries:
            lines.ready(line)
        else:
            lines.drop(line)
    return order


def test_a_conversation_goes_strictly_in_order() -> None:
    lines = Lines(8)
    for nth in range(3):
        lines.add(entry("a", nth))
    turn = lines.turn()
    assert turn is not None
    lines.depart(*turn)
    assert lines.turn() is None, "the second waits until the first has landed"


def test_conversations_do_not_wait_for_each_other() -> None:
    lines = Lines(8)
    for name in "abc":
        lines.add(entry(name, 1))
    taken = [lines.depart(*turn).name for _ in range(3) if (turn := lines.turn())]
    assert taken == ["a", "b", "c"]


def test_lanes_go_before_each_other() -> None:
    lines = Lines(8)
    lines.add(entry("a", 1, Rank.BULK))
    lines.add(entry("b", 1, Rank.REPLY))
    lines.add(entry("c", 1, Rank.URGENT))
    assert departures(lines) == ["c-1", "b-1", "a-1"]


def test_oas_take_turns() -> None:
    lines = Lines(8)
    for nth in range(3):
        lines.add(entry(f"a{nth}", 1, oa="oa-1"))
    lines.add(entry("b", 1, oa="oa-2"))
    assert departures(lines) == ["a0-1", "b-1", "a1-1", "a2-1"]


def test_one_oa_never_takes_all_hands() -> None:
    lines = Lines(2)
    for nth in range(3):
        lines.add(entry(f"a{nth}", 1, oa="oa-1"))
    lines.add(entry("b", 1, oa="oa-2"))
    taken = []
    while turn := lines.turn():
        taken.append(lines.depart(*turn).name)
    assert taken == ["a0", "b", "a1"]


def test_an_oa_at_rest_wakes_where_it_was() -> None:
    lines = Lines(8)
    lines.add(entry("a", 1))
    turn = lines.turn()
    assert turn is not None
    lines.rest(*turn)
    lines.add(entry("b", 1))
    assert lines.turn() is None
    lines.wake("oa-1", Rank.REPLY)
    assert departures(lines) == ["a-1", "b-1"]


def test_an_urgent_word_pulls_the_answer_before_it_along() -> None:
    lines = Lines(8)
    lines.add(entry("a", 1, Rank.REPLY))
    lines.add(entry("b", 1, Rank.REPLY))
    lines.add(entry("b", 2, Rank.URGENT))
    line = lines.lines["b"]
    assert line.rank is Rank.URGENT
