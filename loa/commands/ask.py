"""`loa ask`: what the chatbot understands, without services. Questions as arguments, or one a line of standard input."""

import json
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from loa.commands._content import HOME, MODEL_CACHE
from loa.commands.content import load_and_train
from services.chatbot.nlu import Understood
from services.chatbot.nlu.explain import Explanation, explain

BATCH = 32
LONGEST_LINE = 20_000  # Characters; the rest of a longer line is dropped.


def command(
    questions: Annotated[
        list[str] | None, typer.Argument(help="Câu hỏi; bỏ trống thì đọc từng dòng từ đầu vào chuẩn.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Mỗi câu một dòng JSON.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Giải thích vì sao hiểu như vậy.")] = False,
    content: Annotated[Path, typer.Option("--content", help="Thư mục nội dung, ví dụ một bản nháp.")] = HOME,
    cache: Annotated[bool, typer.Option(help="Giữ lại kết quả học trong .loa/understanding.")] = True,
) -> None:
    """What the chatbot understands of each question: outcome, key, facet, score, choices."""
    _, model = load_and_train(content, MODEL_CACHE if cache else None)
    model.understand(["xin chào"])  # The first call of all pays for what numpy prepares once.
    source = iter(questions) if questions else _lines()
    while batch := list(islice(source, BATCH)):
        started = time.perf_counter()
        understood = model.understand(batch)
        spent = (time.perf_counter() - started) * 1_000 / len(batch)
        for question, result in zip(batch, understood, strict=True):
            print(_json(question, result, spent) if as_json else _line(question, result))
            if verbose:
                print(_reasons(explain(model, question)))


def _lines() -> Iterator[str]:
    for line in sys.stdin:
        if text := line.strip()[:LONGEST_LINE]:
            yield text


def _json(question: str, result: Understood, spent: float) -> str:
    fields = {
        "question": question,
        "outcome": result.outcome,
        "key": result.key,
        "facet": result.facet,
        "score": result.score,
        "choices": list(result.choices),
        "ms": round(spent, 3),
    }
    return json.dumps(fields, ensure_ascii=False)


def _line(question: str, result: Understood) -> str:
    signals = [word for word, seen in (("danger", result.danger), ("tip", result.tip)) if seen]
    signals += [f"said outright: {result.wish}"] if result.wish else []
    more = [f"also {', '.join(result.others)}"] if result.others else []
    what = result.key or f"none (nearest: {', '.join(result.choices)})"
    rest = [f"then {', '.join(result.choices[1:])}"] if result.key else []
    parts = [f"{result.outcome}: {what}", result.facet, f"{result.score:.2f}", *rest, *more, *signals]
    return f"{question}\n  {' · '.join(parts)}"


def _reasons(why: Explanation) -> str:
    def pairs(values: tuple[tuple[str, float], ...]) -> str:
        return ", ".join(f"{name} {value:.2f}" for name, value in values)

    return "\n".join(
        [
            f"    read as      {why.normal}",
            f"    rule         {why.understood.rule or 'none: by scores'}",
            f"    scores       {pairs(why.scores)}",
            f"    for          {', '.join(f'{term.gram} {term.share:+.2f}' for term in why.grams_for)}",
            f"    against      {', '.join(f'{term.gram} {term.share:+.2f}' for term in why.grams_against)}",
            f"    gate         {pairs(why.confidence_features)}",
            f"    probability  right {why.probability_right:.2f}, one of ours {why.probability_in_scope:.2f}",
            f"    facet        {why.understood.facet}{f' by «{why.facet_words}»' if why.facet_words else ''}",
            f"    names        {pairs(why.names)}",
        ]
    )
