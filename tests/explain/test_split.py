"""Memory, click, bias. Oracles: sums for one unit written out; the score, which the parts must give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.explain.split import Split, split, split_sentence
from gru_viz.explain.words import plain
from gru_viz.trace import Trace
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


def test_items_asked_for_follow_the_best() -> None:
    """Oracle: the trace's own ranks and scores; a cut catalogue's scores, read out of the state."""
    trace, weights = recorded("reset before", [2, 4, 1])
    order = trace.ranking().tolist()
    parts = split(trace, weights, 3, also=(order[5], order[1], order[5]))
    assert parts.items.tolist() == [*order[:3], order[5]]
    assert parts.rank.tolist() == [1, 2, 3, 6]
    assert parts.row == 3
    assert np.abs(parts.residual).max() < 1e-10
    assert split(trace, weights, 3, also=(order[1],)).row == 1
    kept = np.array([trace.ranking(step, 3) for step in range(3)])
    scores = np.take_along_axis(trace.scores, kept, axis=1)
    cut = Trace(trace.catalog, trace.items, scores, trace.layers, kept, trace.log_normalizer)
    found = split(cut, weights, 3, also=(order[5],))
    np.testing.assert_allclose(found.score, parts.score, atol=1e-12)
    assert found.rank[:3].tolist() == [1, 2, 3]
    assert np.isnan(found.rank[3])


def told(memory: list[float], click: list[float], row: int = 0) -> str:
    trace, _ = recorded("reset before", [2, 4])
    columns = (np.array(values) for values in (memory, click))
    n = len(memory)
    bias, score, rank = (np.full(n, value) for value in (-0.78, 10.68, 1.0))
    return plain(split_sentence(trace, Split(np.array([3, 1, 0])[:n], *columns, bias, score, rank, row)))


def test_the_sentence_says_one_items_parts() -> None:
    """Oracle: the numbers given."""
    assert told([1.13, 0.5, 0.1], [10.33, 0.6, 0.2]) == (
        "Of Item D's score of 10.68, 1.13 was carried in memory and 10.33 was written at this click, "
        "which had looked at the memory; −0.78 is the item's bias. "
        "This click wrote more than was carried for all 3 items."
    )
    said = told([1.13, 0.5, 0.1], [10.33, 0.4, 0.0], row=1)
    assert said.startswith("Of Item B's score of 10.68, 0.50 was carried in memory and 0.40 was written")
    assert said.endswith("more than was carried for 1 of 3 items.")
    assert told([1, 1], [0, 0]).endswith("more than was carried for none of the 2 items.")
    assert told([1], [2]).endswith("This click wrote more than was carried for it.")


def test_at_the_first_click_no_memory_was_looked_at() -> None:
    assert "which had looked" not in told([0, 0], [1, 2])


def test_a_vanilla_rnn_in_words() -> None:
    """Oracle: the value's own numbers; nothing is said to be carried."""
    trace, weights = recorded("rnn", [2, 0, 5])
    parts = split(trace, weights)
    assert not parts.memory.any()
    score, click, bias = (
        f"{values[0]:.2f}".replace("-", "−") for values in (parts.score, parts.click, parts.bias)
    )
    best = trace.catalog.titles[int(parts.items[0])]
    assert plain(split_sentence(trace, parts)) == (
        f"Of {best}'s score of {score}, {click} was written at this click, {bias} is the item's bias. "
        "A vanilla RNN writes all of its state anew, memory included: it cannot be told apart here."
    )
