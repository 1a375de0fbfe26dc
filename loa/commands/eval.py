"""`loa eval`: how well questions are understood that training never saw, bar by bar. Exit code 1 when a bar is missed."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from loa.commands._content import HOME
from loa.commands.content import load_and_train
from services.chatbot.content.models.training import TrainingData
from services.chatbot.nlu import NluModel
from services.chatbot.nlu.evaluation import SPLITS, Case, Figures, abridged, cpu_ms, figures, predict, read_cases
from services.chatbot.nlu.result import CATALOGUE
from services.chatbot.nlu.typing_styles import TYPING_STYLES

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
    content: Annotated[Path, typer.Option("--content", help="Thư mục nội dung.")] = HOME,
    as_json: Annotated[bool, typer.Option("--json", help="Kết quả dạng JSON.")] = False,
) -> None:
    """Print every bar with its figure, by part, and the figures by style."""
    loaded, model = load_and_train(content)
    parts = {part: read_cases(content / "evaluation" / f"{part}.tsv") for part in SPLITS}
    shared = _shared(model, loaded.training_data, [case for part in parts.values() for case in part])
    bars = {part: _bars(model, examples) | shared for part, examples in parts.items()}
    styles = {part: _by_style(model, examples) | _by_typing_style(model, examples) for part, examples in parts.items()}
    if as_json:
        print(
            json.dumps({"bars": bars, "styles": {h: {s: asdict(f) for s, f in v.items()} for h, v in styles.items()}})
        )
    else:
        console = Console(width=130)
        console.print(_bars_table(bars))
        for part in SPLITS:
            console.print(_styles_table(part, styles[part]))
    raise typer.Exit(0 if all(_met(name, bars[part][name]) for part in SPLITS for name in BARS) else 1)


def _bars(model: NluModel, examples: list[Case]) -> dict[str, float]:
    overall = figures(examples, predict(model.understand, examples))
    marked = [case for case in examples if case.style == "full"]
    unmarked = [case.restyled(TYPING_STYLES["no diacritics"]) for case in marked]
    full, folded = (figures(part, predict(model.understand, part)) for part in (marked, unmarked))
    return {
        "first place": overall.first,
        "first three": overall.three,
        "right decision": overall.right,
        "wrong answer": overall.wrong,
        "out-of-scope F1": overall.out_f1,
        "facet": overall.facet,
        "lost without diacritics": max(full.first - folded.first, full.right - folded.right),
    }


def _shared(model: NluModel, data: TrainingData, examples: list[Case]) -> dict[str, float]:
    """What does not depend on a part: the catalogue's names, and time."""
    own_codes = {code for training_example in data.intents for code in training_example.codes}
    named = abridged([entry for entry in data.catalogue if entry.code not in own_codes], NAMES)
    results = model.understand([question for question, _ in named])
    names = {CATALOGUE + entry.code: entry.name for entry in data.catalogue}
    hits = sum(names.get(result.choices[0]) == name for result, (_, name) in zip(results, named, strict=True))
    questions = [case.question for case in examples]
    return {
        "catalogue first": hits / len(named) if named else float("nan"),
        "CPU ms a question": cpu_ms(model.without_catalogue().understand, questions),
        "CPU ms with the catalogue": cpu_ms(model.understand, questions),
    }


def _by_style(model: NluModel, examples: list[Case]) -> dict[str, Figures]:
    results = predict(model.understand, examples)
    styles = dict.fromkeys(case.style for case in examples)
    pairs = list(zip(examples, results, strict=True))
    return {
        style: figures(
            [case for case, _ in pairs if case.style == style],
            [result for case, result in pairs if case.style == style],
        )
        for style in styles
    } | {"all": figures(examples, results)}


def _by_typing_style(model: NluModel, examples: list[Case]) -> dict[str, Figures]:
    """The questions with full diacritics again, each typed in another way."""
    marked = [case for case in examples if case.style == "full"]
    typed_cases = {
        name: [case.restyled(typing_style) for case in marked] for name, typing_style in TYPING_STYLES.items()
    }
    return {f"full, {name}": figures(typed, predict(model.understand, typed)) for name, typed in typed_cases.items()}


def _met(name: str, value: float) -> bool:
    side, bar = BARS[name]
    return value >= bar if side == ">=" else value <= bar


def _bars_table(bars: dict[str, dict[str, float]]) -> Table:
    table = Table("bar", "wanted", *SPLITS, "", title="Understanding, on questions that training never saw", box=None)
    for name, (side, bar) in BARS.items():
        met = all(_met(name, bars[part][name]) for part in SPLITS)
        table.add_row(name, f"{side} {bar}", *(f"{bars[part][name]:.3f}" for part in SPLITS), "ok" if met else "MISSED")
    return table


def _styles_table(part: str, styles: dict[str, Figures]) -> Table:
    table = Table("style", "n", "first", "three", "right", "wrong", "asked back", "facet", title=part, box=None)
    for style, totals in styles.items():
        columns = (totals.first, totals.three, totals.right, totals.wrong, totals.asked, totals.facet)
        table.add_row(style, str(totals.count), *("" if value != value else f"{value:.3f}" for value in columns))  # noqa: PLR0124 - NaN
    return table
