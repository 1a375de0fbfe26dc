"""What happened on exam day, and the figures that it is judged by."""

import csv
import os
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bench.rows import Row, at_least, at_most, at_most_u

ZALO_WAITS_MS = 2_000
SUBJECTS = {"toan": "Toán", "ngu_van": "Ngữ văn", "vat_li": "Vật lí", "hoa_hoc": "Hoá học"}
NO_MARKS = "Chưa có điểm môn nào"  # Whoever took no exam at all.
Marks = dict[str, float]
_MARK = re.compile(r"• ([^:\n]+): ([\d,]+)")


@dataclass(slots=True)
class Day:
    """What happened, citizen by citizen. Times in milliseconds since 1970, as the platform counts them."""

    questions: dict[str, str]  # Citizen -> candidate's number.
    began_ms: int = 0
    answers: dict[str, list[Marks]] = field(default_factory=dict)
    other: int = 0  # Messages that are no score.
    last_ms: int = 0
    webhooks: Counter[int] = field(default_factory=Counter)  # By what the gateway answered, in time or not.
    slowest_ms: float = 0.0

    def note(self, citizen: str, text: str, at_ms: int) -> None:
        """Count a message that a citizen was sent."""
        if citizen not in self.questions:
            return  # Somebody of an earlier bench.
        if self.questions[citizen] not in text and NO_MARKS not in text:
            self.other += 1
            return
        marks = {subject: float(mark.replace(",", ".")) for subject, mark in _MARK.findall(text)}
        self.answers.setdefault(citizen, []).append(marks)
        self.last_ms = max(self.last_ms, at_ms)

    def answered_right(self, marks: dict[str, Marks]) -> int:
        """Returns how many got exactly the marks of their number, and once."""
        return sum(self.answers.get(citizen) == [marks[number]] for citizen, number in self.questions.items())

    @property
    def answered_twice(self) -> int:
        return sum(len(answers) > 1 for answers in self.answers.values())

    @property
    def seconds(self) -> float:
        """From the first question to the last answer."""
        return max(1, self.last_ms - self.began_ms) / 1e3


def read_marks(path: Path) -> dict[str, Marks]:
    """By candidate's number, as the file has them; a subject that was not taken is left out."""
    with path.open(encoding="utf-8") as file:
        return {
            row["so_bao_danh"]: {name: float(row[key]) for key, name in SUBJECTS.items() if row[key]}
            for row in csv.DictReader(file)
        }


def rows(result: Day, marks: dict[str, Marks], u: float) -> list[Row]:
    """Returns the day's figures against their bars; `u` in seconds."""
    count, refused = len(result.questions), result.webhooks.total() - result.webhooks[200]
    return [
        at_least(
            "exam day: told the right marks, once",
            result.answered_right(marks),
            "citizens",
            count,
            f"{len(marks)} rows in the file",
        ),
        at_most("exam day: answered twice", result.answered_twice, "citizens", 0),
        at_least(
            "exam day: drained at",
            len(result.answers) / result.seconds,
            "citizens/s",
            500,
            f"{result.seconds:.0f} s from first question to last answer; broker, database, sandbox, generator on the same cores",
        ),
        at_most_u(
            "exam day: cost", _core_ms(result), "ms/citizen", 16, u=u, note="every core's time until the last answer"
        ),
        at_most("exam day: slowest acknowledgement", result.slowest_ms, "ms", ZALO_WAITS_MS, "of every webhook"),
        at_most("exam day: webhooks not taken at once", refused, "webhooks", 0),
    ]


def _core_ms(result: Day) -> float:
    """Returns the milliseconds of all cores together that a citizen took, busy or not."""
    return result.seconds * (os.cpu_count() or 1) / len(result.questions) * 1e3
