"""An operation log, and what is wrong in it: every question that was asked, every answer that came, in their order.

The checker knows nothing of how the system works. It compares what citizens asked with what they read. Pure.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

# Each question with the words that only its answer begins with: any mix-up or gap in the order shows.
QUESTIONS = (
    ("#hoi cc_doi fee", "Cấp đổi thẻ căn cước"),
    ("#hoi ho_chieu time", "Cấp hộ chiếu phổ thông"),
    ("#hoi tam_tru place", "Đăng ký tạm trú"),
    ("#hoi khai_sinh time", "Đăng ký khai sinh"),
    ("#hoi gplx_doi fee", "Đổi giấy phép lái xe"),
    ("#hoi thuong_tru time", "Đăng ký thường trú"),
    ("#hoi ket_hon place", "Đăng ký kết hôn"),
    ("#hoi xe_lan_dau place", "Đăng ký, cấp biển số xe lần đầu"),
    ("#hoi tach_ho time", "Tách hộ"),
    ("#hoi khai_tu time", "Đăng ký khai tử"),
)
NO_QUESTION = -1


@dataclass(frozen=True, slots=True)
class Findings:
    """Answers that never came, came again, were asked for by nobody; citizens whose answers came in another order."""

    lost: int = 0
    doubled: int = 0
    invented: int = 0
    reordered: int = 0

    @property
    def clean(self) -> bool:
        return self == Findings()

    def __str__(self) -> str:
        return ", ".join(f"{name}: {count}" for name, count in asdict(self).items())


@dataclass(slots=True)
class OperationLog:
    """Questions are told by their place in QUESTIONS."""

    asked: dict[str, list[int]] = field(default_factory=dict)
    answered: dict[str, list[str]] = field(default_factory=dict)
    events: list[dict[str, object]] = field(default_factory=list)  # For whoever looks into a finding.

    @property
    def questions(self) -> int:
        return sum(map(len, self.asked.values()))

    @property
    def answers(self) -> int:
        """Of those who asked: others may have talked before."""
        return sum(len(self.answered.get(citizen, ())) for citizen in self.asked)

    def ask(self, citizen: str, question: int, at: float) -> None:
        self.asked.setdefault(citizen, []).append(question)
        self.events.append({"at": round(at, 3), "citizen": citizen, "asks": question})

    def answer(self, citizen: str, text: str, at: float) -> None:
        self.answered.setdefault(citizen, []).append(text)
        self.events.append({"at": round(at, 3), "citizen": citizen, "reads": question_of(text)})

    def fault(self, name: str, at: float) -> None:
        self.events.append({"at": round(at, 3), "fault": name})

    def findings(self) -> Findings:
        """Returns what is wrong; call it once everything has had its time."""
        each = [_compare(asked, self.answered.get(citizen, ())) for citizen, asked in self.asked.items()]
        return Findings(*(sum(getattr(found, name) for found in each) for name in Findings.__slots__))

    def save(self, path: Path) -> None:
        """One event a line, in the order in which this process saw them."""
        path.write_text("".join(json.dumps(event) + "\n" for event in self.events), encoding="utf-8")


def question_of(text: str) -> int:
    """Returns which question a text answers, NO_QUESTION for none."""
    return next((index for index, (_, name) in enumerate(QUESTIONS) if name in text), NO_QUESTION)


def _compare(asked: Sequence[int], texts: Sequence[str]) -> Findings:
    read = [question_of(text) for text in texts]
    wanted, got = Counter(asked), Counter(read)
    known = list(
        dict.fromkeys(question for question in read if question in wanted)
    )  # A repeat has no place in the order.
    return Findings(
        lost=(wanted - got).total(),
        doubled=sum(max(0, got[question] - wanted[question]) for question in wanted),
        invented=sum(count for question, count in got.items() if question not in wanted),
        reordered=int(known != [question for question in dict.fromkeys(asked) if question in got]),
    )
