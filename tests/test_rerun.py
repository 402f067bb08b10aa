"""Is what is run alone the same as in the whole recording? Oracle: `record_batch`."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
import torch

from gru_viz.model import GRU4Rec
from gru_viz.record import record_batch
from gru_viz.rerun import (
    NUMBERS_A_UNIT,
    last_clicks,
    scores_of_every_click,
    scores_of_last_clicks,
    states_of_every_click,
)
from tests.models import random_model

SESSIONS = [np.array(items) for items in ([3], [2, 0, 0, 5], [6, 6], [1, 2, 3, 4, 5, 6, 0], [4])]


def test_the_last_click_is_the_last_row(every_model64: GRU4Rec) -> None:
    """Oracle: sessions of several lengths, out of order, recorded in full."""
    for alone, whole in zip(
        last_clicks(every_model64, SESSIONS), record_batch(every_model64, SESSIONS), strict=True
    ):
        assert len(alone) == 1
        assert alone.items.tolist() == whole.items[-1:].tolist()
        np.testing.assert_allclose(alone.scores[0], whole.scores[-1], rtol=0, atol=1e-13)
        for one, layer in zip(alone.layers, whole.layers, strict=True):
            np.testing.assert_allclose(one.h0, layer.h_prev[-1], rtol=0, atol=1e-14)
            np.testing.assert_allclose(one.state0, layer.state_prev[-1], rtol=0, atol=1e-14)
            for name, values in one.quantities().items():
                np.testing.assert_allclose(values, layer.quantities()[name][-1:], rtol=0, atol=1e-14)


@pytest.mark.parametrize("at_once", [1, 7, 15, 10_000])
def test_scores_alone(every_model64: GRU4Rec, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the size of a table, and that is never above the bound but for its one row."""
    monkeypatch.setattr("gru_viz.rerun.SCORES_AT_ONCE", at_once)
    whole = [trace.scores for trace in record_batch(every_model64, SESSIONS)]
    tables = list(scores_of_every_click(every_model64, SESSIONS))
    assert all(len(table) == 1 or table.size <= at_once for table in tables)
    np.testing.assert_allclose(np.concatenate(tables), np.concatenate(whole), rtol=0, atol=1e-13)
    last = scores_of_last_clicks(every_model64, SESSIONS)
    np.testing.assert_allclose(last, [scores[-1] for scores in whole], rtol=0, atol=1e-13)


@pytest.mark.parametrize("at_once", [1, 300, 1_000_000])
@pytest.mark.parametrize("scores_at_once", [1, 15, 10_000])
def test_groups_change_nothing(
    every_model64: GRU4Rec, at_once: int, scores_at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Oracle: one batch. Groups of one session, of a few, and all together."""
    whole = last_clicks(every_model64, SESSIONS)
    monkeypatch.setattr("gru_viz.rerun.NUMBERS_AT_ONCE", at_once)
    monkeypatch.setattr("gru_viz.rerun.SCORES_AT_ONCE", scores_at_once)
    for one, other in zip(last_clicks(every_model64, SESSIONS), whole, strict=True):
        assert one.items.tolist() == other.items.tolist()
        np.testing.assert_allclose(one.scores, other.scores, rtol=0, atol=1e-13)
        for layer, expected in zip(one.layers, other.layers, strict=True):
            np.testing.assert_allclose(layer.h0, expected.h0, rtol=0, atol=1e-14)
            for name, values in layer.quantities().items():
                np.testing.assert_allclose(values, expected.quantities()[name], rtol=0, atol=1e-14)


def test_groups_stay_within_their_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: clicks times units times numbers a unit; only a single session may be above."""
    model = random_model()
    units = sum(model.config.units)
    monkeypatch.setattr("gru_viz.rerun.NUMBERS_AT_ONCE", 8 * units * NUMBERS_A_UNIT)
    sizes = []
    unroll = model.unroll

    def watched(items, batch_sizes, h0=None, **more):
        sizes.append((len(items), batch_sizes[0]))
        return unroll(items, batch_sizes, h0, **more)

    monkeypatch.setattr(model, "unroll", watched)
    assert len(last_clicks(model, SESSIONS)) == len(SESSIONS)
    assert sizes == [(7, 3), (8, 2)]


def test_states_alone(every_model64: GRU4Rec) -> None:
    """Oracle: the full recording, and no scores."""
    alone = states_of_every_click(every_model64, SESSIONS)
    for one, whole in zip(alone, record_batch(every_model64, SESSIONS), strict=True):
        assert one.items.tolist() == whole.items.tolist()
        assert one.scores.shape == (len(one), 0)
        for layer, expected in zip(one.layers, whole.layers, strict=True):
            np.testing.assert_array_equal(layer.h0, expected.h0)
            for name, values in layer.quantities().items():
                np.testing.assert_allclose(values, expected.quantities()[name], rtol=0, atol=1e-14)
    assert states_of_every_click(every_model64, []) == []


def dropping() -> GRU4Rec:
    """A model in training whose dropout would show."""
    model = random_model().train()
    object.__setattr__(model.config, "dropout_hidden", 0.9)
    object.__setattr__(model.config, "dropout_embedding", 0.9)
    return model


def test_no_dropout_and_the_model_stays_as_it_is() -> None:
    model = dropping()
    (expected,) = scores_of_every_click(random_model(), SESSIONS)
    ends = np.cumsum([len(session) for session in SESSIONS]) - 1
    assert last_clicks(model, []) == []
    np.testing.assert_allclose(
        [one.scores[0] for one in last_clicks(model, SESSIONS)], expected[ends], atol=1e-6
    )
    np.testing.assert_allclose(scores_of_last_clicks(model, SESSIONS), expected[ends], atol=1e-6)
    assert model.training


def test_between_two_tables_nothing_is_left_switched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for the tables may train in between, or never ask for the next."""
    monkeypatch.setattr("gru_viz.rerun.SCORES_AT_ONCE", 7)
    model = dropping()
    (expected,) = _one_table(random_model(), monkeypatch)
    got = []
    for table in scores_of_every_click(model, SESSIONS):
        assert model.training
        assert not torch.is_inference_mode_enabled()
        got.append(table)
    np.testing.assert_allclose(np.concatenate(got), expected, atol=1e-6)


def _one_table(model: GRU4Rec, monkeypatch: pytest.MonkeyPatch) -> Iterable[np.ndarray]:
    with monkeypatch.context() as patched:
        patched.setattr("gru_viz.rerun.SCORES_AT_ONCE", 10_000)
        return list(scores_of_every_click(model, SESSIONS))
