"""What deleting a click changes. Oracle: the shorter session, recorded on its own."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from gru_viz.explain.deletion import deletion
from gru_viz.model import GRU4Rec
from gru_viz.record import record, record_batch
from gru_viz.rerun import last_clicks
from gru_viz.trace import Trace
from tests.explain.cases import SESSIONS
from tests.models import random_model


@pytest.mark.parametrize("run", [record_batch, last_clicks])
@pytest.mark.parametrize("against", [None, 4])
def test_it_is_the_shorter_session(any_model64: GRU4Rec, clicks: list[int], run, against: int | None) -> None:
    whole = record(any_model64, clicks)
    found = deletion(whole, 6, partial(run, any_model64), against)
    assert len(found) == len(clicks)
    assert found.rank == whole.rank(6)
    probability = whole.probability(np.array([6, against or 0]))
    assert found.probability == pytest.approx(probability[0] - (0 if against is None else probability[1]))
    for click in range(len(clicks)):
        shorter = record(any_model64, clicks[:click] + clicks[click + 1 :])
        score = shorter.scores[-1, 6] - (0 if against is None else shorter.scores[-1, against])
        probability = shorter.probability(np.array([6, against or 0]))
        probable = probability[0] - (0 if against is None else probability[1])
        assert found.score - found.score_drop[click] == pytest.approx(score, abs=1e-12)
        assert found.probability - found.probability_drop[click] == pytest.approx(probable, abs=1e-12)
        assert found.rank_without[click] == shorter.rank(6)


def test_all_deletions_in_one_batch_up_to_the_step(model: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: what the rerun was asked for."""
    asked: list[list[list[int]]] = []

    def rerun(sessions: list[np.ndarray]) -> list[Trace]:
        asked.append([session.tolist() for session in sessions])
        return record_batch(model, sessions)

    found = deletion(record(model, clicks), 1, rerun, step=2)
    assert asked == [[[0, 0], [2, 0], [2, 0]]]
    assert found.score_drop[1] == pytest.approx(found.score_drop[2], abs=1e-6)
    np.testing.assert_allclose(
        found.score_drop, deletion(record(model, clicks[:3]), 1, rerun).score_drop, atol=1e-6
    )


def test_the_only_click_cannot_be_deleted(any_model: GRU4Rec) -> None:
    def never(sessions: list[np.ndarray]) -> list[Trace]:
        raise AssertionError(sessions)

    trace = record(any_model, [3])
    found = deletion(trace, 1, never)
    assert found.score == pytest.approx(trace.scores[0, 1])
    for column in (found.score_drop, found.probability_drop, found.rank_without):
        assert len(column) == 1
        assert np.isnan(column).all()


def test_a_minus_b_is_antisymmetric(model: GRU4Rec, clicks: list[int]) -> None:
    trace, rerun = record(model, clicks), partial(last_clicks, model)
    ab, ba = deletion(trace, 1, rerun, 4), deletion(trace, 4, rerun, 1)
    np.testing.assert_array_equal(ab.score_drop, -ba.score_drop)
    np.testing.assert_allclose(ab.probability_drop, -ba.probability_drop, atol=1e-15)


def test_200_clicks(model: GRU4Rec) -> None:
    """Oracle: one of the shorter sessions."""
    items = SESSIONS["200 clicks"]
    found = deletion(record(model, items), 1, partial(last_clicks, model))
    shorter = record(model, items[:-1])
    assert found.score - found.score_drop[-1] == pytest.approx(float(shorter.scores[-1, 1]), abs=1e-5)
    assert np.isfinite(found.score_drop).all()


def test_a_score_that_is_not_kept_needs_the_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: the same with all scores kept."""
    model, items = random_model(double=True), [2, 0, 5]
    rerun = partial(record_batch, model)
    item = int(record(model, items).ranking()[-1])
    whole = deletion(record(model, items), item, rerun)
    monkeypatch.setattr("gru_viz.record.FULL_SCORES", 1)
    monkeypatch.setattr("gru_viz.record.KEPT_SCORES", 1)
    trace = record(model, items)
    assert np.isnan(deletion(trace, item, rerun).score)
    read = deletion(trace, item, rerun, weights=model.weights())
    np.testing.assert_allclose(read.score_drop, whole.score_drop, atol=1e-12)
    np.testing.assert_allclose(read.probability_drop, whole.probability_drop, atol=1e-12)
    assert read.rank is None
