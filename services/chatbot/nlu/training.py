"""Trains the model: some seconds of one core, the same result every time. The only file that uses scikit-learn."""

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from services.chatbot.content import Content, ContentErrors, Fault
from services.chatbot.nlu.confidence import ConfidenceModel, Floats, Objects, features
from services.chatbot.nlu.ngrams import Vectoriser
from services.chatbot.nlu.normalise import Normaliser
from services.chatbot.nlu.scorer import Scorer
from services.chatbot.nlu.training_set import TrainingSet, build_training_set

REGULARISATION = 0.5
TOLERANCE = 0.01
FOLD_TOLERANCE = 0.05  # Confidence needs scores of the right size, not exact ones.
FOLDS = 3


def train(content: Content, normaliser: Normaliser) -> tuple[Scorer, ConfidenceModel]:
    """Returns trained parameters. Raises ContentErrors when sentences contradict each other or are too few."""
    training_set = build_training_set(content, normaliser)
    try:
        return _train(training_set, Objects.of(content.training_data))
    except ValueError as error:  # From scikit-learn: a class without examples.
        reason = "các câu mẫu còn quá ít hoặc quá giống nhau để học; hãy thêm câu cho nhiều khoá"
        raise ContentErrors([Fault("utterances", 1, reason)]) from error


def _train(training_set: TrainingSet, objects: Objects) -> tuple[Scorer, ConfidenceModel]:
    vectoriser = Vectoriser.fit(training_set.texts)
    rows = vectoriser.transform(training_set.texts)
    model = _fitted(rows, training_set.labels)
    weights = np.ascontiguousarray(model.coef_.T, dtype=np.float32)
    scorer = Scorer(vectoriser, training_set.keys, weights, model.intercept_.astype(np.float32))
    return scorer, _confidence_model(training_set, rows, objects, scorer.out_of_scope)


def _fitted(rows: csr_matrix, labels: npt.NDArray[np.int64], tolerance: float = TOLERANCE) -> LinearSVC:
    """Returns a fitted classifier; deterministic, by a fixed seed for the order in which rows are visited."""
    return LinearSVC(C=REGULARISATION, tol=tolerance, random_state=0).fit(rows, labels)


def _confidence_model(
    training_set: TrainingSet, rows: csr_matrix, objects: Objects, out_of_scope: int
) -> ConfidenceModel:
    """Returns a model fitted on a third of the rows, with scores of a classifier that was trained on none of their sentences."""
    train_rows, test_rows = next(GroupKFold(FOLDS).split(rows, training_set.labels, training_set.origins))
    model = _fitted(rows[train_rows], training_set.labels[train_rows], FOLD_TOLERANCE)
    scores = np.full((len(test_rows), len(training_set.keys)), -1.0)  # For a key that the fold left out.
    scores[:, model.classes_] = model.decision_function(rows[test_rows])
    texts, labels = [training_set.texts[row] for row in test_rows], training_set.labels[test_rows]
    feature_rows, order = features(scores, texts, training_set.keys, out_of_scope, objects)
    return ConfidenceModel(
        _logistic(feature_rows, order[:, 0] == labels), _logistic(feature_rows, labels != out_of_scope)
    )


def _logistic(feature_rows: Floats, true: npt.NDArray[np.bool_]) -> Floats:
    model = LogisticRegression(max_iter=1_000).fit(feature_rows, true)
    return np.concatenate([model.coef_[0], model.intercept_])
