"""What each feature declares of its texts: titles of its flows, and its phrases.

Content has to know them to tell an editor what is missing, and must not depend on features: their `words.py`
hold only these tables, and are found by their paths.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

FEATURES = Path(__file__).parents[1] / "features"
PACKAGE = f"{__package__.rpartition('.')[0]}.features"


@dataclass(frozen=True, slots=True)
class Words:
    titles: Mapping[str, str]
    phrases: Mapping[str, str]  # By key: the placeholders that the code fills, separated by blanks.


@cache
def feature_words() -> tuple[Words, ...]:
    """Returns the words of every feature, in the order of their folders."""
    modules = (import_module(f"{PACKAGE}.{path.parent.name}.words") for path in sorted(FEATURES.glob("*/words.py")))
    return tuple(Words(module.TITLES, module.PHRASES) for module in modules)
