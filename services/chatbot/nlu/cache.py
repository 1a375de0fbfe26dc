"""Trained parameters in a file, so that the same words and code are trained once. Numbers and text, nothing executable."""

import hashlib
import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from contracts import text
from services.chatbot.content.models.training import TrainingData
from services.chatbot.nlu.confidence import ConfidenceModel
from services.chatbot.nlu.ngrams import Vectoriser
from services.chatbot.nlu.scorer import Scorer

MAX_FILES = 6  # Files; the oldest go when a new one comes.
_HERE = Path(__file__).parent
_ARRAYS = ("keys", "weights", "coefficients", "intercepts", "right", "within")
_TEXTS = ("words", "labels")


def fingerprint(data: TrainingData) -> str:
    """Returns 24 hexadecimal digits that change with every word or line of code that training depends on."""
    digest = hashlib.sha256()
    for part in (*data.intents, data.language):
        digest.update(part.model_dump_json().encode() + b"\0")
    for path in (*sorted(_HERE.glob("*.py")), Path(text.__file__)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:24]


def load_parameters(path: Path) -> tuple[Scorer, ConfidenceModel] | None:
    """Returns the parameters in a file, or None if it is missing or damaged."""
    try:
        with (
            path.open("rb") as opened,
            np.load(opened, allow_pickle=False) as file,
        ):  # It closes no file that is damaged.
            arrays = {name: file[name] for name in (*_ARRAYS, *_TEXTS)}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    words, labels = (bytes(arrays[name]).decode().split("\n") for name in _TEXTS)
    columns = {word: len(arrays["keys"]) + at for at, word in enumerate(words)}
    vectoriser = Vectoriser(arrays["keys"], columns, arrays["weights"])
    scorer = Scorer(vectoriser, tuple(labels), arrays["coefficients"], arrays["intercepts"])
    return scorer, ConfidenceModel(arrays["right"], arrays["within"])


def save_parameters(path: Path, scorer: Scorer, confidence: ConfidenceModel) -> None:
    """Writes the parameters atomically and deletes the oldest files beyond MAX_FILES. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, npt.ArrayLike] = {
        "keys": scorer.vectoriser.keys,
        "weights": scorer.vectoriser.weights,
        "coefficients": scorer.weights,
        "intercepts": scorer.intercepts,
        "right": confidence.right,
        "within": confidence.in_scope,
        "words": np.frombuffer("\n".join(scorer.vectoriser.words).encode(), dtype=np.uint8),
        "labels": np.frombuffer("\n".join(scorer.keys).encode(), dtype=np.uint8),
    }
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".npz")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    for old_file in sorted(path.parent.glob("*.npz"), key=lambda file: file.stat().st_mtime)[:-MAX_FILES]:
        old_file.unlink(missing_ok=True)
