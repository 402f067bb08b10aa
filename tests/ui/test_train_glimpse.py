"""Oracle: ranks and probabilities counted from the scores; the trace's own keep and half-lives."""

from __future__ import annotations

import numpy as np

import gru_viz
from gru_viz.explain.retention import half_lives
from gru_viz.explain.words import NBSP, plain
from gru_viz.ui.train.epochs import reported_epoch
from gru_viz.ui.train.glimpse import glimpse, replay_sentence
from tests.models import random_model


def test_the_numbers(any_model, clicks):
    trace = gru_viz.record(any_model, clicks)
    seen = glimpse(trace, 3)
    for step, item in enumerate(clicks[1:]):
        scores = trace.scores[step].astype(np.float64)
        others = np.delete(scores, item)
        assert seen.ranks[step] == 1 + np.count_nonzero(others >= scores[item])
        chance = np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()
        np.testing.assert_allclose(seen.probabilities[step], chance[item], rtol=1e-5)
    np.testing.assert_allclose(seen.update_gate, (1 - trace.layers[-1].keep).mean(axis=1))
    assert seen.half_life == np.median(half_lives(trace.layers[-1]))


def test_one_click_has_nothing_after_it(model):
    trace = gru_viz.record(model, [2])
    seen = glimpse(trace, 1)
    assert len(seen.ranks) == len(seen.probabilities) == 0
    assert "no next one" in plain(replay_sentence(trace, 0, seen, seen, seen))


def test_the_sentence(clicks):
    traces = [gru_viz.record(random_model(seed=seed), clicks) for seed in range(3)]
    first, now, best = (glimpse(trace, number) for number, trace in enumerate(traces, 1))
    words = plain(replay_sentence(traces[1], 0, now, first, best)).replace(NBSP, " ")
    assert words.startswith("After epoch 2, Item A, really clicked next, stands at rank ")
    assert f"; after epoch 1 at rank {first.ranks[0]} (" in words
    assert f"; after epoch 3 at rank {best.ranks[0]} (" in words
    assert words.endswith(f"averages {now.update_gate[0]:.2f}, {first.update_gate[0]:.2f} after epoch 1.")
    lstm = gru_viz.record(random_model("lstm"), clicks)
    assert "update gate" not in plain(replay_sentence(lstm, 0, first, first, first))
    alone = plain(replay_sentence(traces[0], 0, first, first, first))
    assert "; after" not in alone
    assert alone.endswith(f"averages {first.update_gate[0]:.2f}.")


def test_what_a_browser_reports_is_checked():
    assert reported_epoch({"key": "r", "epoch": 2}, "r", 3) == 2
    for odd in (None, 2, "x", {"epoch": 2}, {"key": "q", "epoch": 2}, {"key": "r", "epoch": True},
                {"key": "r", "epoch": 0}, {"key": "r", "epoch": 4}, {"key": "r", "epoch": "2"}):  # fmt: skip
        assert reported_epoch(odd, "r", 3) is None
