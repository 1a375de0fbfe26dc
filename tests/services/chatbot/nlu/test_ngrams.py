"""Rows of n-grams: exact, explainable, each half of length one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from services.chatbot.nlu.ngrams import SIZES, Vectoriser, unpack_gram

TEXTS = ["lam the can cuoc", "lam ho chieu", "dang ky tam tru", "can cuoc bi mat", "lam lai can cuoc"]


def test_the_same_character_grams_are_found_as_by_the_textbook_vectoriser() -> None:
    textbook = CountVectorizer(analyzer="char", ngram_range=(min(SIZES), max(SIZES)), lowercase=False)
    wanted = set(textbook.fit([f" {text} " for text in TEXTS]).vocabulary_)
    ours = {unpack_gram(int(key)) for key in Vectoriser.fit(TEXTS, min_count=1).keys}
    assert {gram.strip(" ") for gram in ours} >= {gram.strip(" ") for gram in wanted}
    assert wanted <= ours


def test_a_gram_seen_once_is_not_kept() -> None:
    grams = {unpack_gram(int(key)) for key in Vectoriser.fit(TEXTS).keys}
    assert "can" in grams
    assert "chieu" not in grams


def test_grams_never_reach_from_one_text_into_the_next() -> None:
    grams = {unpack_gram(int(key)) for key in Vectoriser.fit(["ab", "cd"], min_count=1).keys}
    assert not any("b" in gram and "c" in gram for gram in grams)


@given(st.lists(st.text("abcdeimnot ", max_size=40), min_size=1, max_size=5))
def test_a_row_does_not_depend_on_its_neighbours_in_the_batch(texts: list[str]) -> None:
    vectoriser = Vectoriser.fit(TEXTS, min_count=1)
    together = vectoriser.transform(texts).toarray()
    alone = np.vstack([vectoriser.transform([text]).toarray() for text in texts])
    np.testing.assert_allclose(together, alone, rtol=1e-5, atol=1e-7)


def test_each_half_of_a_row_has_length_one() -> None:
    vectoriser = Vectoriser.fit(TEXTS)
    row = vectoriser.transform(["lam the can cuoc"]).toarray()[0]
    letters, words = row[: len(vectoriser.keys)], row[len(vectoriser.keys) :]
    np.testing.assert_allclose([np.linalg.norm(letters), np.linalg.norm(words)], 1, rtol=1e-5)
