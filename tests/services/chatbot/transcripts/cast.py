"""Who and what the transcripts are about: made-up dossiers of two people, fines, scores, and how sources can fail."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from loa.talk.memory.backend import Backend
from loa.talk.memory.dossiers import Dossiers, OwnedDossier
from loa.talk.memory.lookups import Fines, Scores
from loa.talk.player import Chat, Handler
from services.chatbot.content import Content
from services.chatbot.dialogue.effects import Unavailable
from services.chatbot.features.appointments.effects import Booking
from services.chatbot.features.authorisations.effects import Grant, Invitation
from services.chatbot.features.dossiers.effects import Dossier, HistoryEntry
from services.chatbot.features.fines.effects import Offence
from services.chatbot.features.flows import FLOWS
from services.chatbot.features.papers.effects import PDF, PaperLink, RejectReason
from services.chatbot.features.scores.effects import Missed, Score
from services.chatbot.lookups.result import Locked, LookupResult
from services.chatbot.nlu.effects import Understand
from services.chatbot.nlu.result import Understood
from tests.services.chatbot.chat_player import MONDAY_AT_NINE
from tests.services.chatbot.transcripts.transcript import Answers, Transcript

FOLDER = Path(__file__).parent
PORTAL = "4100000000000000201"
SOURCE, AS_OF = "Một cửa tỉnh Thử", datetime(2026, 3, 1, 23, 0, tzinfo=UTC)
LAN, BA, OLD = "lan", "ba", "cu"
BORN = {LAN: "1990-09-05", BA: "1980-01-01", OLD: "1938"}
IDENTITY = {LAN: "000000000001", BA: "000000000002", OLD: ""}
OFFICE, ONE, TWO = "Một cửa Thử", "Nguyễn Thử Một", "Trần Mẫu Hai"
GRANT = UUID(int=7)
DOSSIERS = (
    (
        LAN,
        Dossier(
            "H29.12-260201-0001", "Đăng ký thường trú", "processing", date(2026, 2, 1), date(2026, 2, 10), OFFICE, ONE
        ),
    ),
    (LAN, Dossier("H29.12-260201-0002", "Đăng ký khai sinh", "ready", date(2026, 2, 3), date(2026, 3, 10), "", ONE)),
    (
        BA,
        Dossier(
            "H29.12-260201-0003",
            "Cấp đổi căn cước",
            "needs_more",
            date(2026, 2, 5),
            date(2026, 3, 12),
            OFFICE,
            TWO,
            "Ảnh thẻ",
        ),
    ),
    (LAN, Dossier("H29.12-260201-0004", "Chứng thực", "returned", None, None, OFFICE, ONE)),
    (OLD, Dossier("H29.12-260201-0005", "Trợ cấp xã hội", "processing", None, None, OFFICE, "Lê Thử Ba")),
)
HISTORY = tuple(
    HistoryEntry(UUID(int=number), AS_OF, kind, "citizen", fields)
    for number, (kind, fields) in enumerate(
        [
            ("status", (("stage", "processing"),)),
            ("status", (("stage", "needs_more"), ("note", "thiếu ảnh thẻ"))),
            ("post", ()),
            ("authorise", (("name", "Trần Thử"),)),
        ]
    )
)


def _always(answer: Any) -> Any:
    return lambda _usual: lambda _effect: answer


def _stale(usual: Handler) -> Handler:
    return lambda effect: replace(usual(effect), stale=True)


def _finished(usual: Handler) -> Handler:
    """The dossier has been handed over."""

    def answer(effect: Any) -> Any:
        found = usual(effect)
        return replace(found, value=replace(found.value, stage="returned"))

    return answer


def _lost_in_between(usual: Handler) -> Handler:
    """Found once, and not any more."""
    found: list[Any] = []

    def answer(effect: Any) -> Any:
        found.append(usual(effect))
        return found[0] if len(found) == 1 else None

    return answer


def _many(usual: Handler) -> Handler:
    """Two dozen dossiers instead of a few."""

    def answer(effect: Any) -> Any:
        found = usual(effect)
        first = found.value[0]
        codes = [f"H29.12-260201-00{number}" for number in range(10, 34)]
        return replace(found, value=tuple(replace(first, code=code) for code in codes))

    return answer


class _AllTaken(dict[datetime, int]):
    """Every seat of every slot that is not listed."""

    def get(self, slot: object, _default: object = None) -> int:
        return self[slot] if isinstance(slot, datetime) and slot in self else 1_000


FREE = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
BOOKINGS = tuple(
    Booking(UUID(int=number), f"LH-{str(number) * 4}-{str(number) * 4}", service, office, starts, "confirmed")
    for number, service, office, starts in (
        (2, "dl_chung_thuc", "mc_thoi_an", datetime(2026, 3, 5, 2, 0, tzinfo=UTC)),
        (3, "dl_chung_thuc", "mc_thoi_an", datetime(2026, 3, 6, 2, 0, tzinfo=UTC)),
        (4, "dl_khong_con", "khong_con", datetime(2026, 3, 9, 2, 0, tzinfo=UTC)),
    )
)
INVITATION = Invitation(GRANT, "H29.12-260201-0003", TWO, ONE, OFFICE, own=False)
ANSWERS: Answers = {
    "away": _always(Unavailable("source")),
    "nothing": _always(None),
    "none": _always(()),
    "yes": _always(True),
    "no": _always(False),
    "locked": _always(Locked(60)),
    "stale": _stale,
    "finished": _finished,
    "lost in between": _lost_in_between,
    "two dozen": _many,
    "a long history": _always(HISTORY),
    "a grant": _always(Grant(GRANT, "Trần Thử")),
    "an invitation": _always(INVITATION),
    "an invitation without a place": _always(replace(INVITATION, where="")),
    "my own invitation": _always(replace(INVITATION, own=True)),
    "too big": _always(RejectReason.TOO_BIG),
    "bad kind": _always(RejectReason.BAD_KIND),
    "bad picture": _always(RejectReason.BAD_PICTURE),
    "enough today": _always(RejectReason.TODAY),
    "no room": _always(RejectReason.NO_ROOM),
    "full": _always(RejectReason.FULL),
    "gone": _always(RejectReason.GONE),
    "a pdf": _always(PaperLink("loa:/papers/1", "giấy khai sinh.pdf", PDF)),
    "withdrawal pending": _always(frozenset({"withdraw"})),
    "post pending": _always(frozenset({"post"})),
    "all taken": _always(_AllTaken()),
    "all but two taken": _always(_AllTaken({FREE: 0, FREE + timedelta(minutes=10): 0})),
    "three bookings": _always(BOOKINGS),
    "absent": _always(LookupResult(Score("Kỳ thi thử 2026", {}), SOURCE, AS_OF)),
}


def backend() -> Backend:
    dossiers = {
        dossier.code: OwnedDossier(dossier, person, BORN[person], IDENTITY[person]) for person, dossier in DOSSIERS
    }
    offence = Offence("06:00 01/02/2026", "Ngã tư Thử", "Không chấp hành hiệu lệnh đèn", "Đội Thử", "000 0000 0000")
    fines = {("51F12345", kind, "00001"): (offence,) for kind in ("oto", "xe_may")}
    scores = {"02015678": Score("Kỳ thi thử 2026", {"Toán": 8.5, "Ngữ văn": 7.0, "Tiếng Anh": Missed.ABSENT})}
    return Backend(Dossiers(dossiers, SOURCE, AS_OF), Scores(scores, SOURCE, AS_OF), Fines(fines, SOURCE, AS_OF))


def transcript(content: Content) -> Transcript:
    """A citizen who writes to the province's public-service portal on a Monday at nine."""
    memory = backend()
    handlers = memory.handlers() | {Understand: lambda _: Understood()}
    return Transcript(Chat(content, FLOWS, PORTAL, MONDAY_AT_NINE, handlers), memory, ANSWERS)
