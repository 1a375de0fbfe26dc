"""`loa ask`: what the chatbot understands, without the chain. Questions as arguments, or one on each line of standard input."""

import json
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from services.chatbot.understand import ContentError, Understanding, Understood
from services.chatbot.understand.explain import Why, explain

HOME = Path(__file__).resolve().parents[2]
BATCH = 32
LONGEST_LINE = 20_000  # Characters; the rest of a longer line is dropped, not remembered.


def command(
    questions: Annotated[
        list[str] | None, typer.Argument(help="Câu hỏi; bỏ trống thì đọc từng dòng từ đầu vào chuẩn.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Mỗi câu một dòng JSON.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Giải thích vì sao hiểu như vậy.")] = False,
    content: Annotated[Path, typer.Option("--content", help="Thư mục nội dung, ví dụ một bản nháp.")] = HOME
    / "content",
    cache: Annotated[bool, typer.Option(help="Giữ lại kết quả học trong .loa/understanding.")] = True,
) -> None:
    """What the chatbot understands of each question: outcome, key, facet, score, choices."""
    mind = trained(content, cache)
    mind.understand(["xin chào"])  # The first call of all pays for what numpy prepares once.
    asked = iter(questions) if questions else _lines()
    while batch := list(islice(asked, BATCH)):
        started = time.perf_counter()
        understood = mind.understand(batch)
        spent = (time.perf_counter() - started) * 1_000 / len(batch)
        for question, said in zip(batch, understood, strict=True):
            print(_json(question, said, spent) if as_json else _line(question, said))
            if verbose:
                print(_reasons(explain(mind, question)))


def trained(content: Path, cache: bool = True) -> Understanding:
    """Trained from this content, or as it was kept from the last time; exits with the file, line and reason at fault."""
    try:
        return Understanding.train(content, HOME / ".loa" / "understanding" if cache else None)
    except (ContentError, OSError) as trouble:
        print(trouble, file=sys.stderr)
        raise typer.Exit(1) from None


def _lines() -> Iterator[str]:
    for line in sys.stdin:
        if text := line.strip()[:LONGEST_LINE]:
            yield text


def _json(question: str, said: Understood, spent: float) -> str:
    fields = {
        "question": question,
        "outcome": said.outcome,
        "key": said.key,
        "facet": said.facet,
        "score": said.score,
        "choices": list(said.choices),
        "ms": round(spent, 3),
    }
    return json.dumps(fields, ensure_ascii=False)


def _line(question: str, said: Understood) -> str:
    signs = [word for word, seen in (("danger", said.danger), ("tip", said.tip)) if seen]
    signs += [f"said outright: {said.wish}"] if said.wish else []
    more = [f"also {', '.join(said.others)}"] if said.others else []
    what = said.key or f"none (nearest: {', '.join(said.choices)})"
    rest = [f"then {', '.join(said.choices[1:])}"] if said.key else []
    parts = [f"{said.outcome}: {what}", said.facet, f"{said.score:.2f}", *rest, *more, *signs]
    return f"{question}\n  {' · '.join(parts)}"


def _reasons(why: Why) -> str:
    def pairs(values: tuple[tuple[str, float], ...]) -> str:
        return ", ".join(f"{name} {value:.2f}" for name, value in values)

    return "\n".join(
        [
            f"    read as      {why.normal}",
            f"    rule         {why.understood.rule or 'none: by scores'}",
            f"    scores       {pairs(why.scores)}",
            f"    for          {', '.join(f'{one.gram} {one.share:+.2f}' for one in why.spoke_for)}",
            f"    against      {', '.join(f'{one.gram} {one.share:+.2f}' for one in why.spoke_against)}",
            f"    gate         {pairs(why.gate)}",
            f"    probability  right {why.probability_right:.2f}, one of ours {why.probability_ours:.2f}",
            f"    facet        {why.understood.facet}{f' by «{why.facet_words}»' if why.facet_words else ''}",
            f"    names        {pairs(why.names)}",
        ]
    )
