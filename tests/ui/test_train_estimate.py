"""Oracle: sums by hand."""

from __future__ import annotations

from gru_viz.explain.words import NBSP
from gru_viz.learn.estimate import Estimate
from gru_viz.ui.train.estimate import estimate_words, for_epochs, free_memory, size, time_words

ONE = Estimate(10.0, 1_500_000_000, 4.0)


def test_several_epochs_take_so_much_longer():
    assert for_epochs(ONE, 1) == ONE
    assert for_epochs(ONE, 6) == Estimate(30.0, 1_500_000_000, 4.0)


def test_words():
    assert estimate_words(None, 0, None) == "How long it takes is being tried …"
    assert time_words(None) == "…"
    assert time_words(ONE).replace(NBSP, " ") == "about 10 s"
    usual = estimate_words(ONE, 0, 2 * 10**9).replace(NBSP, " ")
    assert usual == "About 10 s and 1.5 GB of memory on this machine."
    assert estimate_words(ONE, 3, None).startswith("At most 10")
    assert "It has only 1.0 GB left" in estimate_words(ONE, 0, 10**9).replace(NBSP, " ")
    assert size(1).replace(NBSP, " ") == "0.1 GB"


def test_free_memory_is_a_number_where_it_is_known():
    free = free_memory()
    assert free is None or free > 0
