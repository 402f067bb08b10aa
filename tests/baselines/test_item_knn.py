"""Oracle: cosines of session vectors, by hand and by brute force."""

from __future__ import annotations

import numpy as np
import pytest

from gru_viz.baselines import ItemKNN, item_knn
from tests.logs import log_of, random_log

# sessions with 0: 3, with 1: 2, with 2: 2 (twice in one of them), with 3: 1
LOG = log_of([[0, 1, 2], [1, 0], [0, 2, 2], [3]], 5)


def table(knn: ItemKNN) -> np.ndarray:
    """(n, n) similarities written out."""
    full = np.zeros((knn.n_items, knn.n_items))
    full[knn.similarity.rows, knn.similarity.columns] = knn.similarity.values
    return full


def test_cosine_by_hand() -> None:
    """0 and 1 share two sessions of 3 and 2, 0 and 2 two of 3 and 2, 1 and 2 one of 2 and 2."""
    expected = np.zeros((5, 5))
    expected[0, 1] = expected[1, 0] = expected[0, 2] = expected[2, 0] = 2 / np.sqrt(6)
    expected[1, 2] = expected[2, 1] = 1 / 2
    np.testing.assert_allclose(table(ItemKNN().fit(LOG)), expected)


def test_shrinkage_and_balance_by_hand() -> None:
    """Towards 0 the balance divides by the neighbour's sessions, towards 1 by the item's own."""
    found = table(ItemKNN(shrinkage=2, balance=0.25).fit(LOG))
    assert found[0, 1] == pytest.approx(2 / (5**0.25 * 4**0.75))
    assert found[1, 0] == pytest.approx(2 / (4**0.25 * 5**0.75))


def test_cosines_of_a_random_log() -> None:
    """Oracle: the sessions' vectors as a dense table."""
    log = random_log(60, 8)
    clicked = np.zeros((60, 8))
    for number, session in enumerate(log):
        clicked[number, session.items] = 1
    unit = clicked / np.linalg.norm(clicked, axis=0)
    cosine = unit.T @ unit
    np.fill_diagonal(cosine, 0)
    np.testing.assert_allclose(table(ItemKNN().fit(log)), cosine, atol=1e-12)


@pytest.mark.parametrize("at_once", [1, 7, 10**6])
def test_pieces_change_nothing(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    log = random_log(30, 8)
    whole = table(ItemKNN().fit(log))
    monkeypatch.setattr(item_knn, "PAIRS_AT_ONCE", at_once)
    np.testing.assert_array_equal(table(ItemKNN().fit(log)), whole)


def test_only_the_nearest_are_kept() -> None:
    log = random_log(60, 8)
    whole, nearest = table(ItemKNN().fit(log)), table(ItemKNN(neighbours=3).fit(log))
    for all_of, kept in zip(whole, nearest, strict=True):
        assert np.count_nonzero(kept) == 3
        np.testing.assert_array_equal(kept[kept > 0], all_of[kept > 0])
        assert kept[kept > 0].min() >= all_of[kept == 0].max()


def test_the_last_click_alone_decides_and_popularity_orders_equals() -> None:
    knn = ItemKNN().fit(LOG)
    scores = knn.score(log_of([[1, 0], [0]], 5), np.array([1, 2]))
    np.testing.assert_array_equal(scores[0], scores[1])
    assert np.argsort(-scores[0]).tolist() == [2, 1, 0, 3, 4]  # 2 is clicked more often than 1; 0 than 3


def test_a_click_is_not_its_own_neighbour() -> None:
    assert (np.diag(table(ItemKNN().fit(random_log(40, 6)))) == 0).all()
