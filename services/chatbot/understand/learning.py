"""Learning from content: some seconds of one core, the same result every time. The only file that knows scikit-learn."""

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from services.chatbot.understand.content import Content
from services.chatbot.understand.gate import Floats, Gate, Objects, features
from services.chatbot.understand.lessons import Lessons, lessons
from services.chatbot.understand.ngrams import Vectoriser
from services.chatbot.understand.normalise import Normaliser
from services.chatbot.understand.scorer import Scorer

REGULARISED = 0.5
TOLERANCE = 0.01
FOLD_TOLERANCE = 0.05  # The gate needs scores of the right size, not of the last digit.
FOLDS = 3


def learn(content: Content, normaliser: Normaliser) -> tuple[Scorer, Gate]:
    """Raises ContentError where sentences contradict each other."""
    taught = lessons(content, normaliser)
    vectoriser = Vectoriser.fit(taught.texts)
    rows = vectoriser.transform(taught.texts)
    model = _fitted(rows, taught.labels)
    weights = np.ascontiguousarray(model.coef_.T, dtype=np.float32)
    scorer = Scorer(vectoriser, taught.keys, weights, model.intercept_.astype(np.float32))
    return scorer, _gate(taught, rows, Objects.of(content), scorer.nowhere)


def _fitted(rows: csr_matrix, labels: npt.NDArray[np.int64], tolerance: float = TOLERANCE) -> LinearSVC:
    """Deterministic: a fixed seed for the order in which rows are visited."""
    return LinearSVC(C=REGULARISED, tol=tolerance, random_state=0).fit(rows, labels)


def _gate(taught: Lessons, rows: csr_matrix, objects: Objects, nowhere: int) -> Gate:
    """Scores come from a model that had not seen the sentence, or any made from it: a third teaches seven numbers well."""
    learn_from, judge = next(GroupKFold(FOLDS).split(rows, taught.labels, taught.origins))
    model = _fitted(rows[learn_from], taught.labels[learn_from], FOLD_TOLERANCE)
    scores = np.full((len(judge), len(taught.keys)), -1.0)  # A key that the fold left out is nobody's.
    scores[:, model.classes_] = model.decision_function(rows[judge])
    texts, labels = [taught.texts[at] for at in judge], taught.labels[judge]
    seen, order = features(scores, texts, taught.keys, nowhere, objects)
    return Gate(_logistic(seen, order[:, 0] == labels), _logistic(seen, labels != nowhere))


def _logistic(seen: Floats, true: npt.NDArray[np.bool_]) -> Floats:
    model = LogisticRegression(max_iter=1_000).fit(seen, true)
    return np.concatenate([model.coef_[0], model.intercept_])
