"""A log with and without its earlier clicks. Oracle: every prediction on its own, recorded in float64."""

from __future__ import annotations

from dataclasses import fields
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.errors import InputError
from gru_viz.explain.log_memory import LogMemory, Progress, log_memory, log_memory_sentence
from gru_viz.explain.words import plain
from gru_viz.model import GRU4Rec
from gru_viz.record import record
from gru_viz.rerun import scores_of_every_click, scores_of_last_clicks
from tests.logs import random_log
from tests.models import N_ITEMS, random_model

LOG = [session.items for session in random_log(sessions=30, n_items=N_ITEMS, longest=7)]


def run(model: GRU4Rec, sessions: list[np.ndarray], **options) -> list[Progress]:
    score_all, score_last = partial(scores_of_every_click, model), partial(scores_of_last_clicks, model)
    return list(log_memory(sessions, score_all, score_last, **options))


def one_by_one(model: GRU4Rec, sessions: list[np.ndarray], last: list[int], k: int, cutoff: int) -> LogMemory:
    rows: list[list[list[float]]] = []
    full: list[tuple[float, float]] = []

    def ranked(scores: np.ndarray, target: int) -> tuple[float, float]:
        rank = 1 + sum(score >= scores[target] for item, score in enumerate(scores) if item != target)
        return (1.0, 1 / rank) if rank <= cutoff else (0.0, 0.0)

    for session in sessions:
        for t in range(2, len(session)):
            whole = record(model, session[:t])
            p = whole.probability(np.arange(N_ITEMS))
            full.append(ranked(whole.scores[-1], session[t]))
            row = []
            for n in last:
                alone = record(model, session[max(0, t - n) : t])
                q = alone.probability(np.arange(N_ITEMS))
                both = np.intersect1d(whole.ranking(-1, k), alone.ranking(-1, k))
                row.append([len(both) / k, np.sum(p * np.log(p / q)), *ranked(alone.scores[-1], session[t])])
            rows.append(row)
    mean, whole_mean = np.mean(rows, axis=0).T, np.mean(full, axis=0)
    count = len({id(session) for session in sessions if len(session) > 2})
    return LogMemory(np.array(last), *mean, *whole_mean, len(rows), count, k, cutoff)


def assert_same(found: LogMemory, expected: LogMemory) -> None:
    for field in fields(LogMemory):
        np.testing.assert_allclose(
            getattr(found, field.name), getattr(expected, field.name), rtol=0, atol=1e-12, err_msg=field.name
        )


def test_it_is_every_prediction_on_its_own(any_model64: GRU4Rec) -> None:
    """One table, and tables of one row each, sessions cut between two."""
    expected = one_by_one(any_model64, LOG, [1, 2, 4], 3, 2)
    assert_same(run(any_model64, LOG, last=(1, 2, 4), k=3, cutoff=2)[-1].so_far, expected)


@pytest.mark.parametrize("at_once", [1, 5 * N_ITEMS])
@pytest.mark.parametrize("clicks_at_once", [1, 11])
def test_blocks_change_nothing(at_once: int, clicks_at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    model = random_model(double=True)
    whole = run(model, LOG)[-1].so_far
    monkeypatch.setattr("gru_viz.rerun.SCORES_AT_ONCE", at_once)
    monkeypatch.setattr("gru_viz.explain.log_memory.CLICKS_AT_ONCE", clicks_at_once)
    steps = run(model, LOG)
    assert_same(steps[-1].so_far, whole)
    done = [step.done for step in steps]
    assert len(done) > 5
    assert done == sorted(set(done))
    assert {step.total for step in steps} == {done[-1]} == {whole.predictions}
    assert all(step.done == step.so_far.predictions for step in steps)


def test_an_early_estimate_is_that_of_the_first_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gru_viz.explain.log_memory.CLICKS_AT_ONCE", 20)
    model = random_model(double=True)
    early = run(model, LOG)[1].so_far
    assert 0 < early.sessions < 30
    longer = [session for session in LOG if len(session) > 2][: early.sessions]
    assert_same(early, run(model, longer)[-1].so_far)


def test_scores_are_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: what was asked for. One last click has only as many sessions as there are items."""
    monkeypatch.setattr("gru_viz.rerun.SCORES_AT_ONCE", 40 * N_ITEMS)
    model = random_model()
    asked: list[list[tuple[int, ...]]] = []

    def score_last(sessions: list[np.ndarray]) -> np.ndarray:
        asked.append([tuple(session.tolist()) for session in sessions])
        return scores_of_last_clicks(model, sessions)

    list(log_memory(LOG * 4, partial(scores_of_every_click, model), score_last))
    assert all(len(set(sessions)) == len(sessions) <= 40 for sessions in asked)
    assert max(len(sessions) for sessions in asked if len(sessions[0]) == 1) <= N_ITEMS


def test_work_is_done_only_while_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gru_viz.explain.log_memory.CLICKS_AT_ONCE", 1)
    model, asked = random_model(), []

    def score_all(sessions: list[np.ndarray]):
        asked.append(sessions)
        yield from scores_of_every_click(model, sessions)

    steps = log_memory(LOG, score_all, partial(scores_of_last_clicks, model))
    assert asked == []
    next(steps)
    assert len(asked) == 1


@given(st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=6), min_size=1, max_size=6))
def test_small_catalogues(sessions: list[list[int]]) -> None:
    """Three items, lists of ten: everything is on both."""
    model, log = random_model(n_items=3), [np.array(session) for session in sessions]
    predictions = sum(max(0, len(session) - 2) for session in sessions)
    if predictions == 0:
        with pytest.raises(InputError, match="three clicks"):
            run(model, log)
        return
    found = run(model, log)[-1].so_far
    assert (found.predictions, found.k) == (predictions, 3)
    assert (found.overlap == 1).all()
    assert (found.recall == 1).all()
    assert (found.kl >= 0).all()


def test_a_model_without_memory() -> None:
    """Oracle: with U = 0 and z = 1 nothing earlier than the last click is there."""
    model = random_model(double=True)
    cell = model.layers[0]
    cell.U.data[:] = 0
    cell.b.data[:5] = 1e3
    found = run(model, LOG)[-1].so_far
    assert (found.overlap == 1).all()
    assert found.kl.max() < 1e-12
    assert (found.recall == found.full_recall).all()
    assert found.mrr == pytest.approx(found.full_mrr)


def test_an_empty_log_is_refused_at_once() -> None:
    with pytest.raises(InputError, match="three clicks"):
        log_memory([np.array([1, 2])], lambda _: [], lambda _: np.empty((0, 1)))


# --- words


def told(full: float, alone: float, first: int = 1) -> str:
    one = np.array([0.31])
    value = LogMemory(
        np.array([first]), one, one, np.array([alone]), one, full, full / 2, 61234, 20000, 10, 20
    )
    return plain(log_memory_sentence(value))


def test_sentences() -> None:
    start = "Over 61,234 predictions in 20,000 sessions Recall@20 is "
    end = ". The two lists share 3.1 of 10 items on average."
    assert told(0.8804, 0.412) == (
        f"{start}.880 with the whole session and .412 with the last click alone: "
        f"earlier clicks add 46.8 points{end}"
    )
    assert told(0.41201, 0.412) == (
        f"{start}.412 with the whole session and .412 with the last click alone: "
        f"earlier clicks do not help here{end}"
    )
    assert told(0.4, 1.0, first=2) == (
        f"{start}.400 with the whole session and 1.000 with the last 2 clicks alone: "
        f"earlier clicks do not help here, they cost 60.0 points{end}"
    )
