"""Are a model's recommendations those of its scores? Oracle: hand-sorted."""

from __future__ import annotations

import numpy as np

from gru_viz.baselines import Markov
from gru_viz.compare.next_items import NextItems, next_items, scores_after
from tests.logs import log_of


def test_best_first_and_of_equal_scores_the_lower_index():
    scores = np.array([0.1, 0.9, 0.5, 0.5, 0.0])
    assert next_items("m", scores, 3, None) == NextItems("m", (1, 2, 3), None)
    assert next_items("m", scores, 2, 3) == NextItems("m", (1, 2), 3)
    assert next_items("m", scores, 9, 4) == NextItems("m", (1, 2, 3, 0, 4), 5)


def test_scores_after_clicks_are_the_models_own():
    """Oracle: 0 → 2 twice and 0 → 1 once; the click before the last plays no part."""
    log = log_of([[0, 2], [0, 2], [0, 1]])
    scores = scores_after(Markov().fit(log), log.catalog, [1, 0])
    assert next_items("m", scores, 2, None).items == (2, 1)
    assert np.array_equal(scores, scores_after(Markov().fit(log), log.catalog, [0]))
