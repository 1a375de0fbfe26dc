"""What holds whatever a citizen sends, in whatever order."""

from hypothesis import given
from hypothesis import strategies as st

from contracts.floor import Holder
from contracts.message import Kind
from services.tips.decide import Close, Erase, Open
from tests.services.tips.talk import Talk

moves = st.lists(
    st.tuples(
        st.sampled_from(["#tinbao", "#xong", "#huy", "có trộm", "", "#tinbao ở chợ"]),
        st.sampled_from([Kind.TEXT, Kind.IMAGE, Kind.LOCATION, Kind.INFO]),
        st.floats(0, 4_000),
    ),
    max_size=30,
)


@given(moves)
def test_tips_speaks_only_when_it_has_the_floor_and_holds_a_tip_exactly_then(
    messages: list[tuple[str, Kind, float]],
) -> None:
    talk, clock = Talk(), 0.0
    for text, kind, pause in messages:
        clock += pause
        had_floor = talk.state.floor.holder is Holder.TIPS
        decision = talk.says(text, kind, after=clock)
        assert (decision.state.tip is not None) == (decision.state.floor.holder is Holder.TIPS)
        if decision.replies:
            assert had_floor or text.startswith("#tinbao")
        assert len(decision.replies) <= 1


@given(moves)
def test_every_case_is_opened_once_and_ended_at_most_once(messages: list[tuple[str, Kind, float]]) -> None:
    talk, clock = Talk(), 0.0
    opened: list[str] = []
    ended: list[str] = []
    for text, kind, pause in messages:
        clock += pause
        for command in talk.says(text, kind, after=clock).commands:
            if isinstance(command, Open):
                opened.append(command.case_id)
            else:
                assert command.case_id in opened
            if isinstance(command, Close | Erase):
                assert command.case_id not in ended
                ended.append(command.case_id)
    assert len(opened) == len(set(opened))
    assert len(opened) - len(ended) == (talk.state.tip is not None)
