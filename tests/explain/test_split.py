"""Memory, click, bias. Oracles: sums for one unit written out; the score, which the parts must give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.explain.split import Split, split, split_sentence
from gru_viz.explain.words import plain
from tests.explain.cases import LINEAR, NON_LINEAR, one_unit, recorded, traced
from tests.models import N_ITEMS


def test_one_unit_by_hand() -> None:
    """Oracle: tanh(W x) with Uh = b = 0; z is 3/4 at item 0, 1/4 at item 1."""
    weights = one_unit(Wh=1.0, Uh=0.0, bh=0.0, c=None)
    trace = traced(weights, [0, 1], np.array([0.4]))
    first = 0.25 * 0.4 + 0.75 * np.tanh(1)
    parts = split(trace, weights)
    assert parts.items.tolist() == [0, 1]
    assert parts.memory == pytest.approx([2 * 0.75 * first, -0.75 * first])
    assert parts.click == pytest.approx([2 * 0.25 * np.tanh(-1), -0.25 * np.tanh(-1)])
    assert parts.bias.tolist() == [0.5, 0.25]


@given(
    st.sampled_from(LINEAR),
    st.integers(0, 5),
    st.lists(st.integers(0, N_ITEMS - 1), min_size=1, max_size=12),
    st.data(),
)
def test_memory_click_and_bias_are_the_score(
    kind: str, seed: int, items: list[int], data: st.DataObject
) -> None:
    step = data.draw(st.integers(-len(items), len(items) - 1))
    for double, bar in ((True, 1e-10), (False, 1e-5)):
        trace, weights = recorded(kind, items, seed, double)
        parts = split(trace, weights, 4, step)
        assert len(parts) == 4
        assert parts.items.tolist() == trace.ranking(step, 4).tolist()
        assert np.abs(parts.memory + parts.click + parts.bias - parts.score).max() < bar
        assert np.abs(parts.residual).max() < bar
        np.testing.assert_array_equal(parts.score, trace.scores[step][parts.items])


def test_at_the_first_click_nothing_was_carried() -> None:
    trace, weights = recorded("two layers", [2, 4])
    assert (split(trace, weights, step=0).memory == 0).all()


def test_a_non_linear_top_is_refused() -> None:
    trace, weights = recorded(NON_LINEAR[0], [2, 4])
    with pytest.raises(ValueError, match="non-linear"):
        split(trace, weights)


def test_the_sentence_says_the_first_items_parts() -> None:
    """Oracle: the numbers given."""
    trace, _ = recorded("reset before", [2, 4])
    parts = Split(
        np.array([3, 1, 0]),
        np.array([1.2, 0.5, 0.1]),
        np.array([-0.4, 0.6, 0.0]),
        np.array([0.1, 0.0, 0.0]),
        np.array([0.9, 1.1, 0.1]),
    )
    assert plain(split_sentence(trace, parts)) == (
        "Item D scores 0.90: 1.20 read out of memory, −0.40 out of what this click wrote, 0.10 its bias. "
        "Memory adds more than the click for 2 of 3 items."
    )
