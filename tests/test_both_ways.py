"""Does a model that reads both ways see all clicks but the hidden one?

Oracles: changing the hidden click; the equations in float64 NumPy; each session alone.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.both_ways import BothWays, BothWaysConfig, gap_scores, record_gaps
from gru_viz.errors import InputError
from gru_viz.model import PackedBatch
from gru_viz.sessions import Session
from tests import oracles
from tests.models import N_ITEMS, random_model, small_catalog

SESSIONS = st.lists(st.integers(0, N_ITEMS - 1), min_size=1, max_size=8)


def random_both_ways(reset: str = "before", double: bool = True) -> BothWays:
    model = BothWays(small_catalog(), BothWaysConfig(5, 4, reset))
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for weight in model.parameters():
            weight.normal_(0, 0.7, generator=generator)
    return (model.double() if double else model).eval()


@given(SESSIONS, st.data())
def test_the_hidden_click_is_read_by_neither_side(clicks: list[int], data: st.DataObject) -> None:
    """Oracle: another item in its place changes nothing of its scores, bit for bit."""
    model = random_both_ways()
    place = data.draw(st.integers(0, len(clicks) - 1))
    others = [*clicks[:place], data.draw(st.integers(0, N_ITEMS - 1)), *clicks[place + 1 :]]
    one, two = record_gaps(model, clicks), record_gaps(model, others)
    assert np.array_equal(one.scores[place], two.scores[place])


@given(SESSIONS.filter(lambda clicks: len(clicks) > 1), st.data())
def test_there_is_no_prefix_law(clicks: list[int], data: st.DataObject) -> None:
    """Oracle: of a next-item model a later click changes no earlier score; here it changes each."""
    place = data.draw(st.integers(1, len(clicks) - 1))
    others = [*clicks[:place], (clicks[place] + 1) % N_ITEMS, *clicks[place + 1 :]]
    model, forward = random_both_ways(), random_model(double=True)
    changed = record_gaps(model, clicks).scores != record_gaps(model, others).scores
    assert changed[:place].any(axis=1).all()
    assert np.array_equal(random_scores(forward, clicks)[:place], random_scores(forward, others)[:place])


def random_scores(model, clicks: list[int]) -> np.ndarray:
    from gru_viz.record import record

    return record(model, clicks).scores


@pytest.mark.parametrize("reset", ["before", "after"])
@pytest.mark.parametrize("clicks", [[3], [3, 3], [2, 0, 0, 5, 2, 6, 1, 3]])
def test_scores_are_the_equations(reset: str, clicks: list[int]) -> None:
    """Oracle: float64 NumPy, the clicks before and the clicks after read by themselves."""
    model = random_both_ways(reset)
    gaps = record_gaps(model, clicks)
    weights = {name: weight.detach().numpy() for name, weight in model.state_dict().items()}

    def end(way: str, items: list[int]) -> np.ndarray:
        if not items:
            return np.zeros(5)
        parts = [weights.get(f"cells.{way}.{name}") for name in "WUbc"]
        return oracles.gru(
            weights["embedding"][items], oracles.GRUWeights.from_blocks(*parts), np.zeros(5)
        ).h[-1]

    for place in range(len(clicks)):
        before, after = end("forwards", clicks[:place]), end("backwards", clicks[:place:-1])
        np.testing.assert_allclose(gaps.before[place], before, rtol=0, atol=1e-12)
        np.testing.assert_allclose(gaps.after[place], after, rtol=0, atol=1e-12)
        scores = weights["output_embedding"] @ np.concatenate([before, after]) + weights["output_bias"]
        np.testing.assert_allclose(gaps.scores[place], scores, rtol=0, atol=1e-12)


def test_both_layers_have_the_common_form() -> None:
    """Oracle: state = keep ⊙ state before + write, each in the order in which it was read."""
    gaps = record_gaps(random_both_ways(), [2, 0, 5, 5, 1])
    for layer in (gaps.forward, gaps.backward):
        np.testing.assert_allclose(layer.keep * layer.h_prev + layer.write, layer.h, rtol=0, atol=1e-12)
    assert not gaps.scores.flags.writeable
    assert not gaps.after.flags.writeable


@given(st.lists(SESSIONS, min_size=1, max_size=5))
def test_side_by_side_equals_one_by_one(sessions: list[list[int]]) -> None:
    """Oracle: `record_gaps` of each."""
    model = random_both_ways()
    arrays = [np.array(session) for session in sessions]
    gaps = [record_gaps(model, session) for session in sessions]
    together = gap_scores(model, arrays)
    np.testing.assert_allclose(together, np.concatenate([g.scores for g in gaps]), rtol=0, atol=1e-12)


def test_at_the_last_click_nothing_is_read_backwards() -> None:
    """Oracle: the equations with h← at its start."""
    model, clicks = random_both_ways(), np.array([1, 4, 4, 2])
    E, b = model.output_embedding.detach().numpy(), model.output_bias.detach().numpy()
    expected = record_gaps(model, clicks.tolist()).before @ E[:, :5].T + b
    scores = gap_scores(model, [clicks])
    np.testing.assert_allclose(scores[-1], expected[-1], rtol=0, atol=1e-12)
    assert (np.abs(scores[:-1] - expected[:-1]).max(axis=1) > 1e-6).all()


def test_it_records_what_it_computes_and_trains_on() -> None:
    """Oracle: `forward` in eval mode; afterwards dropout is on again."""
    model = random_both_ways().train()
    gaps = record_gaps(model, ["id-2", "id-0", "id-6"])
    assert model.training
    batch = PackedBatch.of([np.array([2, 0, 6])])
    np.testing.assert_array_equal(gaps.scores, model.eval()(batch).detach().numpy())
    again = record_gaps(model, Session(np.array([2, 0, 6])))
    np.testing.assert_array_equal(gaps.scores, again.scores)
    assert len(again) == 3


@pytest.mark.parametrize("session", [[], ["id-99"], [99], [-1]])
def test_what_is_no_session(session: list) -> None:
    with pytest.raises(InputError):
        record_gaps(random_both_ways(), session)


@pytest.mark.parametrize(
    "odd",
    [
        {"units": 0},
        {"units": 10**9},
        {"units": 2.0},
        {"embedding_dim": -1},
        {"reset": "never"},
        {"dropout": 1},
    ],
)
def test_settings_that_do_not_fit(odd: dict) -> None:
    with pytest.raises(InputError):
        BothWaysConfig(**odd)
