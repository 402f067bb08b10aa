"""What deleting a click changes. Oracle: the shorter session, recorded on its own."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from gru_viz.errors import InputError
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
    def read(trace: Trace) -> tuple[float, float, float]:
        """(score, log-probability or log-odds, probability), the last by dividing exponentials."""
        scores = trace.scores[-1].tolist()
        chances = np.exp(scores) / np.sum(np.exp(scores))
        if against is None:
            return scores[6], np.log(chances[6]), chances[6]
        return (
            scores[6] - scores[against],
            np.log(chances[6] / chances[against]),
            chances[6] - chances[against],
        )

    whole = record(any_model64, clicks)
    found = deletion(whole, 6, partial(run, any_model64), against)
    assert len(found) == len(clicks)
    assert found.rank == whole.rank(6)
    score, log_probability, probability = read(whole)
    assert found.score == pytest.approx(score, abs=1e-12)
    assert found.probability == pytest.approx(probability, abs=1e-12)
    for click in range(len(clicks)):
        shorter = record(any_model64, clicks[:click] + clicks[click + 1 :])
        expected = read(shorter)
        assert found.score_drop[click] == pytest.approx(score - expected[0], abs=1e-12)
        assert found.drop[click] == pytest.approx(log_probability - expected[1], abs=1e-12)
        assert found.probability_without[click] == pytest.approx(expected[2], abs=1e-12)
        assert found.probability_drop[click] == pytest.approx(probability - expected[2], abs=1e-12)
        assert found.rank_without[click] == shorter.rank(6)


def test_a_score_that_falls_with_all_others_is_no_drop(clicks: list[int]) -> None:
    """Oracle: without click 1 every score is 5 lower but the item's own, which is 4 lower."""
    trace = record(random_model(), [2, 0])
    given = np.array([[3.0, 2, 1, 0, 0, 0, 0], [-1.0, -3, -4, -5, -5, -5, -5], [3.0, 2, 1, 0, 0, 0, 0]])

    def rerun(sessions: list[np.ndarray]) -> list[Trace]:
        return [
            Trace(trace.catalog, one[-1:], row[None], ()) for one, row in zip(sessions, given, strict=True)
        ]

    found = deletion(trace, 0, rerun)
    assert found.score_drop.tolist() == [4, 0]
    assert found.drop[0] < 0
    assert found.drop[1] == 0
    assert found.probability_without[0] > found.probability == found.probability_without[1]


def test_a_tiny_probability_is_never_nothing() -> None:
    """Oracle: e^−50, where a subtraction of two probabilities leaves 0."""
    trace = record(random_model(), [2, 0])
    given = np.zeros((3, 7))
    given[1, 6] = -50

    def rerun(sessions: list[np.ndarray]) -> list[Trace]:
        return [
            Trace(trace.catalog, one[-1:], row[None], ()) for one, row in zip(sessions, given, strict=True)
        ]

    found = deletion(trace, 6, rerun)
    assert found.probability_without[0] == pytest.approx(np.exp(-50) / 6, rel=1e-9)
    assert found.drop[0] == pytest.approx(50 - np.log(7 / 6))


def test_all_deletions_in_one_batch_up_to_the_step(model: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: what the rerun was asked for."""
    asked: list[list[list[int]]] = []

    def rerun(sessions: list[np.ndarray]) -> list[Trace]:
        asked.append([session.tolist() for session in sessions])
        return record_batch(model, sessions)

    found = deletion(record(model, clicks), 1, rerun, step=2)
    assert asked == [[[2, 0, 0], [0, 0], [2, 0], [2, 0]]]
    assert found.score_drop[1] == pytest.approx(found.score_drop[2], abs=1e-6)
    np.testing.assert_allclose(
        found.score_drop, deletion(record(model, clicks[:3]), 1, rerun).score_drop, atol=1e-6
    )


def test_the_only_click_cannot_be_deleted(any_model: GRU4Rec) -> None:
    """Oracle: what the rerun was asked for; the recorded score."""
    asked = []

    def rerun(sessions: list[np.ndarray]) -> list[Trace]:
        asked.append([session.tolist() for session in sessions])
        return last_clicks(any_model, sessions)

    trace = record(any_model, [3])
    found = deletion(trace, 1, rerun)
    assert asked == [[[3]]]
    assert found.score == pytest.approx(trace.scores[0, 1], abs=1e-6)
    for column in (found.score_drop, found.drop, found.probability_without, found.rank_without):
        assert len(column) == 1
        assert np.isnan(column).all()


def test_a_minus_b_is_antisymmetric(model: GRU4Rec, clicks: list[int]) -> None:
    trace, rerun = record(model, clicks), partial(last_clicks, model)
    ab, ba = deletion(trace, 1, rerun, 4), deletion(trace, 4, rerun, 1)
    np.testing.assert_array_equal(ab.score_drop, -ba.score_drop)
    np.testing.assert_array_equal(ab.drop, -ba.drop)
    np.testing.assert_array_equal(ab.probability_without, -ba.probability_without)


def test_200_clicks(model: GRU4Rec) -> None:
    """Oracle: one of the shorter sessions."""
    items = SESSIONS["200 clicks"]
    found = deletion(record(model, items), 1, partial(last_clicks, model))
    shorter = record(model, items[:-1])
    assert found.score - found.score_drop[-1] == pytest.approx(float(shorter.scores[-1, 1]), abs=1e-5)
    assert np.isfinite(found.score_drop).all()


def test_a_cut_catalogue_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: the same with all scores kept; only the rerun's scores are looked at."""
    model, items = random_model(double=True), [2, 0, 5]
    rerun = partial(last_clicks, model)
    item = int(record(model, items).ranking()[-1])
    whole = deletion(record(model, items), item, rerun)
    monkeypatch.setattr("gru_viz.record.FULL_SCORES", 1)
    monkeypatch.setattr("gru_viz.record.KEPT_SCORES", 1)
    cut = deletion(record(model, items), item, rerun)
    assert (cut.score, cut.probability, cut.rank) == (whole.score, whole.probability, whole.rank)
    for name in ("score_drop", "drop", "probability_without", "rank_without"):
        np.testing.assert_array_equal(getattr(cut, name), getattr(whole, name))


@pytest.mark.parametrize(("place", "said"), [(0, "after click 2"), (1, "without click 1")])
@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_scores_that_are_not_numbers_are_refused(place: int, said: str, wrong: float) -> None:
    model = random_model()

    def rerun(sessions: list[np.ndarray]) -> list[Trace]:
        traces = last_clicks(model, sessions)
        scores = np.append(traces[place].scores[:, 1:], [[wrong]], axis=1)
        traces[place] = Trace(model.catalog, traces[place].items, scores, ())
        return traces

    with pytest.raises(InputError, match=f"the model's scores {said} are not numbers"):
        deletion(record(model, [2, 0]), 1, rerun)
