"""Measures how well questions are understood that training does not see, by part and by style."""

import csv
import random
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts.text import fold
from services.chatbot.content import ContentErrors, Fault
from services.chatbot.content.models.procedure import CatalogueEntry
from services.chatbot.content.models.training import OUT_OF_SCOPE
from services.chatbot.nlu.result import Understood

# For adjusting; for measuring only; and questions of people who knew only the keys, for measuring only.
SPLITS = ("dev", "test", "strangers")
BATCH = 32
NO_FACET = "-"
HEADINGS = ["key", "facet", "style", "question"]
UnderstandBatch = Callable[[Sequence[str]], list[Understood]]


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its right keys and facets; several where each would help the citizen."""

    question: str
    keys: tuple[str, ...]
    facets: tuple[str, ...]
    style: str

    @property
    def in_scope(self) -> bool:
        return self.keys != (OUT_OF_SCOPE,)

    def restyled(self, typing_style: Callable[[str], str]) -> "Case":
        """Returns the case with its question retyped."""
        return Case(typing_style(self.question), self.keys, self.facets, self.style)


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares from 0 to 1 of `count` cases; NaN where there are no cases."""

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


def read_cases(path: Path) -> list[Case]:
    """Returns the questions of one part. Raises ContentErrors on a malformed row."""
    name = f"{path.parent.name}/{path.name}"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        if reader.fieldnames != HEADINGS:
            raise ContentErrors([Fault(name, 1, f"dòng đầu phải có đúng các cột: {', '.join(HEADINGS)}")])
        result = []
        for line, row in enumerate(reader, start=2):
            if not all(row.values()) or None in row:
                raise ContentErrors([Fault(name, line, "cần đủ bốn cột, không cột nào trống")])
            result.append(
                Case(row["question"], tuple(row["key"].split(",")), tuple(row["facet"].split(",")), row["style"])
            )
        return result


def predict(understand: UnderstandBatch, cases: Sequence[Case]) -> list[Understood]:
    """Returns what is understood of each case, in batches, as the chatbot asks."""
    predictions: list[Understood] = []
    for start in range(0, len(cases), BATCH):
        predictions += understand([case.question for case in cases[start : start + BATCH]])
    return predictions


def figures(cases: Sequence[Case], predictions: Sequence[Understood]) -> Figures:
    """Returns the figures of predictions for cases, in the same order."""
    pairs = list(zip(cases, predictions, strict=True))
    in_scope = [(case, prediction) for case, prediction in pairs if case.in_scope]
    facet_hits = [prediction.facet in case.facets for case, prediction in pairs if case.facets != (NO_FACET,)]
    declined = [case for case, prediction in pairs if prediction.outcome == "decline"]
    declined_rightly = sum(not case.in_scope for case in declined)
    precision = _share(declined_rightly, len(declined))
    recall = _share(declined_rightly, len(pairs) - len(in_scope))
    return Figures(
        count=len(pairs),
        first=_mean(prediction.choices[0] in case.keys for case, prediction in in_scope),
        three=_mean(any(key in case.keys for key in prediction.choices[:3]) for case, prediction in in_scope),
        right=_mean(_is_right(case, prediction) for case, prediction in pairs),
        wrong=_mean(is_answered(prediction) and prediction.key not in case.keys for case, prediction in pairs),
        asked=_mean(prediction.outcome == "choices" for _, prediction in pairs),
        out_precision=precision,
        out_recall=recall,
        out_f1=_share(2 * declined_rightly, len(declined) + len(pairs) - len(in_scope)),
        facet=_mean(facet_hits),
    )


def abridged(entries: Sequence[CatalogueEntry], count: int, seed: int = 0) -> list[tuple[str, str]]:
    """Returns (question, official name): names as a person would type them, without brackets, half without diacritics."""
    rng = random.Random(seed)  # noqa: S311 - the same sample every time
    frames = ("{x}", "thủ tục {x}", "{x} ở đâu", "{x} cần giấy tờ gì", "tôi muốn {x}", "cho hỏi {x} mất bao lâu")
    result = []
    for entry in rng.sample(list(entries), min(count, len(entries))):
        name = re.sub(r"\([^)]*\)", " ", entry.name).strip(" .;,")
        name = re.sub(r"^thủ tục\s+", "", name.lower())
        question = rng.choice(frames).replace("{x}", name)
        result.append((fold(question) if rng.random() < 0.5 else question, entry.name))  # noqa: PLR2004 - half
    return result


def cpu_ms(understand: UnderstandBatch, questions: Sequence[str]) -> float:
    """Returns the CPU milliseconds of one question, asked in batches, after a first batch; the best of three rounds."""
    understand(questions[:BATCH])
    rounds = []
    for _ in range(3):
        started = time.process_time()
        for start in range(0, len(questions), BATCH):
            understand(questions[start : start + BATCH])
        rounds.append((time.process_time() - started) * 1_000 / len(questions))
    return min(rounds)


def is_answered(prediction: Understood) -> bool:
    """Returns whether the citizen gets an answer or a flow, and not choices or a refusal."""
    return prediction.outcome in {"answer", "flow"}


def _is_right(case: Case, prediction: Understood) -> bool:
    return (
        (is_answered(prediction) and prediction.key in case.keys) if case.in_scope else prediction.outcome == "decline"
    )


def _mean(outcomes: Iterable[bool]) -> float:
    values = list(outcomes)
    return _share(sum(values), len(values))


def _share(part: float, whole: int) -> float:
    return part / whole if whole else float("nan")
