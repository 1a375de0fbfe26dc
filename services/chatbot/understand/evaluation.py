"""How well questions are understood, in figures: on questions kept from training, by part and by style."""

import csv
import random
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.chatbot.understand.augment import OUT_OF_SCOPE
from services.chatbot.understand.content import ContentError, Entry
from services.chatbot.understand.folding import fold
from services.chatbot.understand.understood import Understood

# To adjust by; only to measure by; and by others, who knew no more than the keys and whose questions nothing is adjusted to.
PARTS = ("dev", "test", "strangers")
BATCH = 32
NO_FACET = "-"
HEADINGS = ["key", "facet", "style", "question"]
Ask = Callable[[Sequence[str]], list[Understood]]


@dataclass(frozen=True, slots=True)
class Case:
    """Several keys or facets where either would serve the citizen."""

    question: str
    keys: tuple[str, ...]
    facets: tuple[str, ...]
    style: str

    @property
    def ours(self) -> bool:
        return self.keys != (OUT_OF_SCOPE,)

    def typed(self, way: Callable[[str], str]) -> "Case":
        return Case(way(self.question), self.keys, self.facets, self.style)


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of 1, over `count` cases; NaN where there is nothing to share."""

    count: int
    first: float  # In-scope cases with a right key first.
    three: float
    right: float  # All cases decided rightly: answered with a right key, or declined where out of scope.
    wrong: float  # All cases answered with a wrong key.
    asked: float  # All cases asked back.
    out_precision: float
    out_recall: float
    out_f1: float
    facet: float


def cases(path: Path) -> list[Case]:
    """Raises ContentError on a malformed row."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        if reader.fieldnames != HEADINGS:
            raise ContentError(f"{path}:1: headings must be {', '.join(HEADINGS)}")
        read = []
        for line, row in enumerate(reader, start=2):
            if not all(row.values()) or None in row:
                raise ContentError(f"{path}:{line}: four columns are expected, none empty")
            read.append(
                Case(row["question"], tuple(row["key"].split(",")), tuple(row["facet"].split(",")), row["style"])
            )
        return read


def answers(ask: Ask, asked: Sequence[Case]) -> list[Understood]:
    """In batches, as the chatbot asks."""
    made: list[Understood] = []
    for at in range(0, len(asked), BATCH):
        made += ask([case.question for case in asked[at : at + BATCH]])
    return made


def figures(asked: Sequence[Case], given: Sequence[Understood]) -> Figures:
    pairs = list(zip(asked, given, strict=True))
    ours = [(case, said) for case, said in pairs if case.ours]
    said_of_facets = [said.facet in case.facets for case, said in pairs if case.facets != (NO_FACET,)]
    declined = [case for case, said in pairs if said.outcome == "decline"]
    rightly = sum(not case.ours for case in declined)
    precision = _share(rightly, len(declined))
    recall = _share(rightly, len(pairs) - len(ours))
    return Figures(
        count=len(pairs),
        first=_mean(said.choices[0] in case.keys for case, said in ours),
        three=_mean(any(key in case.keys for key in said.choices[:3]) for case, said in ours),
        right=_mean(_right(case, said) for case, said in pairs),
        wrong=_mean(_answered(said) and said.key not in case.keys for case, said in pairs),
        asked=_mean(said.outcome == "choices" for _, said in pairs),
        out_precision=precision,
        out_recall=recall,
        out_f1=_share(2 * rightly, len(declined) + len(pairs) - len(ours)),
        facet=_mean(said_of_facets),
    )


def abridged(entries: Sequence[Entry], count: int, seed: int = 0) -> list[tuple[str, str]]:
    """Official names as a person would type them (no brackets, small letters, half without diacritics), and the name."""
    chance = random.Random(seed)  # noqa: S311 - the same sample every time
    frames = ("{x}", "thủ tục {x}", "{x} ở đâu", "{x} cần giấy tờ gì", "tôi muốn {x}", "cho hỏi {x} mất bao lâu")
    made = []
    for entry in chance.sample(list(entries), min(count, len(entries))):
        name = re.sub(r"\([^)]*\)", " ", entry.name).strip(" .;,")
        name = re.sub(r"^thủ tục\s+", "", name.lower())
        question = chance.choice(frames).replace("{x}", name)
        made.append((fold(question) if chance.random() < 0.5 else question, entry.name))  # noqa: PLR2004 - half
    return made


def cpu_ms(ask: Ask, questions: Sequence[str]) -> float:
    """CPU milliseconds of this process for one question, in batches, after a first warm batch; the best of three rounds."""
    ask(questions[:BATCH])
    rounds = []
    for _ in range(3):
        started = time.process_time()
        for at in range(0, len(questions), BATCH):
            ask(questions[at : at + BATCH])
        rounds.append((time.process_time() - started) * 1_000 / len(questions))
    return min(rounds)


def _answered(said: Understood) -> bool:
    return said.outcome in {"answer", "flow"}


def _right(case: Case, said: Understood) -> bool:
    return (_answered(said) and said.key in case.keys) if case.ours else said.outcome == "decline"


def _mean(said: Iterable[bool]) -> float:
    listed = list(said)
    return _share(sum(listed), len(listed))


def _share(part: float, whole: int) -> float:
    return part / whole if whole else float("nan")
