"""Oracle: rules counted by hand and pair by pair."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from gru_viz.baselines import Markov, SequentialRules
from tests.logs import log_of, random_log


def table(rules: SequentialRules) -> np.ndarray:
    """(n, n) weights written out."""
    full = np.zeros((rules.n_items, rules.n_items))
    full[rules.weights.rows, rules.weights.columns] = rules.weights.values
    return full


def test_a_rule_weighs_1_over_its_distance() -> None:
    """0 1 2 0: 0→1 at 1, 0→2 at 2, 0→0 at 3, 1→2 at 1, 1→0 at 2, 2→0 at 1; then 0→2 at 1 again."""
    found = table(SequentialRules().fit(log_of([[0, 1, 2, 0], [0, 2], [1]])))
    np.testing.assert_allclose(found, [[1 / 3, 1, 1 / 2 + 1], [1 / 2, 0, 1], [1, 0, 0]])


@pytest.mark.parametrize("steps", [1, 2, 4, 30])
def test_every_pair_of_a_random_log(steps: int) -> None:
    log = random_log(40, 6)
    expected = np.zeros((6, 6))
    for session in log:
        for a, b in combinations(range(len(session)), 2):
            if b - a <= steps:
                expected[session.items[a], session.items[b]] += 1 / (b - a)
    np.testing.assert_allclose(table(SequentialRules(steps).fit(log)), expected)


def test_one_step_is_the_markov_chain() -> None:
    log = random_log(40, 6)
    rules, chain = SequentialRules(1).fit(log), Markov().fit(log)
    clicks = np.arange(log.n_clicks)
    orders = [np.argsort(-one.score(log, clicks), axis=1, kind="stable") for one in (rules, chain)]
    np.testing.assert_array_equal(*orders)


def test_popularity_never_outweighs_a_rule() -> None:
    """Item 1 came once, ten clicks later; item 2 is nearly all clicks there are and never came after 0."""
    log = log_of([[0, *[3] * 9, 1]] + [[2, 2]] * 500)
    scores = SequentialRules().fit(log).score(log, np.array([0]))[0]
    assert scores[1] > scores[2] > scores[0]
