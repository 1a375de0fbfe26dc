"""`loa eval`: how well questions are understood that training never saw, bar by bar. Exit code 1 when a bar is missed."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from loa.commands.ask import HOME, trained
from services.chatbot.understand import Understanding
from services.chatbot.understand.content import read_content
from services.chatbot.understand.evaluation import PARTS, Case, Figures, abridged, answers, cases, cpu_ms, figures
from services.chatbot.understand.typing_ways import WAYS
from services.chatbot.understand.understood import CATALOGUE

NAMES = 300  # Of the catalogue, typed as a person would.
BARS = {  # Name: (at least or at most, how much).
    "first place": (">=", 0.92),
    "first three": (">=", 0.97),
    "right decision": (">=", 0.88),
    "wrong answer": ("<=", 0.08),
    "out-of-scope F1": (">=", 0.82),
    "facet": (">=", 0.88),
    "lost without diacritics": ("<=", 0.02),
    "catalogue first": (">=", 0.85),
    "CPU ms a question": ("<=", 1.5),
    "CPU ms with the catalogue": ("<=", 3.0),
}


def command(
    content: Annotated[Path, typer.Option("--content", help="Thư mục nội dung.")] = HOME / "content",
    as_json: Annotated[bool, typer.Option("--json", help="Kết quả dạng JSON.")] = False,
) -> None:
    """Print every bar with its figure, by part, and the figures by style."""
    mind = trained(content)
    parts = {part: cases(content / "evaluation" / f"{part}.tsv") for part in PARTS}
    shared = _shared(mind, content, [case for part in parts.values() for case in part])
    bars = {part: _bars(mind, asked) | shared for part, asked in parts.items()}
    styles = {part: _by_style(mind, asked) | _by_way(mind, asked) for part, asked in parts.items()}
    if as_json:
        print(
            json.dumps({"bars": bars, "styles": {h: {s: asdict(f) for s, f in v.items()} for h, v in styles.items()}})
        )
    else:
        console = Console(width=130)
        console.print(_bars_table(bars))
        for part in PARTS:
            console.print(_styles_table(part, styles[part]))
    raise typer.Exit(0 if all(_met(name, bars[part][name]) for part in PARTS for name in BARS) else 1)


def _bars(mind: Understanding, asked: list[Case]) -> dict[str, float]:
    found = figures(asked, answers(mind.understand, asked))
    marked = [case for case in asked if case.style == "full"]
    bare = [case.typed(WAYS["no diacritics"]) for case in marked]
    full, folded = (figures(part, answers(mind.understand, part)) for part in (marked, bare))
    return {
        "first place": found.first,
        "first three": found.three,
        "right decision": found.right,
        "wrong answer": found.wrong,
        "out-of-scope F1": found.out_f1,
        "facet": found.facet,
        "lost without diacritics": max(full.first - folded.first, full.right - folded.right),
    }


def _shared(mind: Understanding, content: Path, asked: list[Case]) -> dict[str, float]:
    """What does not depend on a part: the catalogue's names, and time."""
    read = read_content(content)
    ours = {code for lesson in read.lessons for code in lesson.codes}
    named = abridged([entry for entry in read.catalogue if entry.code not in ours], NAMES)
    said = mind.understand([question for question, _ in named])
    names = {CATALOGUE + entry.code: entry.name for entry in read.catalogue}
    found = sum(names.get(one.choices[0]) == name for one, (_, name) in zip(said, named, strict=True))
    questions = [case.question for case in asked]
    return {
        "catalogue first": found / len(named) if named else float("nan"),
        "CPU ms a question": cpu_ms(mind.without_catalogue().understand, questions),
        "CPU ms with the catalogue": cpu_ms(mind.understand, questions),
    }


def _by_style(mind: Understanding, asked: list[Case]) -> dict[str, Figures]:
    said = answers(mind.understand, asked)
    styles = dict.fromkeys(case.style for case in asked)
    pairs = list(zip(asked, said, strict=True))
    return {
        style: figures(
            [case for case, _ in pairs if case.style == style], [one for case, one in pairs if case.style == style]
        )
        for style in styles
    } | {"all": figures(asked, said)}


def _by_way(mind: Understanding, asked: list[Case]) -> dict[str, Figures]:
    """The questions with full diacritics again, each typed in another way."""
    marked = [case for case in asked if case.style == "full"]
    ways = {name: [case.typed(way) for case in marked] for name, way in WAYS.items()}
    return {f"full, {name}": figures(typed, answers(mind.understand, typed)) for name, typed in ways.items()}


def _met(name: str, value: float) -> bool:
    side, bar = BARS[name]
    return value >= bar if side == ">=" else value <= bar


def _bars_table(bars: dict[str, dict[str, float]]) -> Table:
    table = Table("bar", "wanted", *PARTS, "", title="Understanding, on questions that training never saw", box=None)
    for name, (side, bar) in BARS.items():
        met = all(_met(name, bars[part][name]) for part in PARTS)
        table.add_row(name, f"{side} {bar}", *(f"{bars[part][name]:.3f}" for part in PARTS), "ok" if met else "MISSED")
    return table


def _styles_table(part: str, styles: dict[str, Figures]) -> Table:
    table = Table("style", "n", "first", "three", "right", "wrong", "asked back", "facet", title=part, box=None)
    for style, found in styles.items():
        shown = (found.first, found.three, found.right, found.wrong, found.asked, found.facet)
        table.add_row(style, str(found.count), *("" if value != value else f"{value:.3f}" for value in shown))  # noqa: PLR0124 - NaN
    return table
