"""Oracle: the sentences written out by hand, and the rules of explain/exploding.py counted by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.errors import InputError
from gru_viz.explain.exploding import explodes
from gru_viz.explain.words import NBSP, plain
from gru_viz.learn.paired import Margin
from gru_viz.ui.train.words import (
    alarm,
    duration,
    ended_words,
    going_words,
    kept_epoch,
    kept_words,
    margin_words,
    queue_words,
    sentence,
    share_done,
    standing,
    status_words,
    verdict,
)
from tests.ui.training import epoch, job, progress, quality, sure

BASELINES = {"popularity": quality(0.17), "markov": quality(0.7), "item_knn": quality(0.54)}


def said(sentence) -> str:
    return plain(sentence).replace(NBSP, " ")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-3, "1 s"), (0.2, "1 s"), (7.4, "7 s"), (42, "40 s"), (89, "90 s"), (90, "2 min"), (3000, "50 min"),
     (5400, "1.5 h"), (float("nan"), "an unknown time"), (float("inf"), "an unknown time")],
)  # fmt: skip
def test_durations(seconds, words):
    assert duration(seconds).replace(NBSP, " ") == words


def test_the_place_in_the_queue():
    assert [queue_words(place) for place in (0, 1, 9, 10)] == [
        "first in line", "second in line", "tenth in line", "number 11 in line",
    ]  # fmt: skip
    assert status_words(job("waiting", place=1), 8).startswith("Waits: second in line.")


def test_what_it_does_now():
    assert status_words(job("starting"), 8) == "Starts …"
    before = job(doing="measuring the baselines")
    assert status_words(before, 8) == "Measuring the baselines, before the first epoch"
    going = job(doing="training", progress=progress(), epochs=(epoch(1),))
    assert (
        status_words(going, 8).replace(NBSP, " ") == "Epoch 2 of 8 · 12,345 clicks a second · about 40 s left"
    )
    between = job(doing="measuring the epoch", progress=progress(1, 10), epochs=(epoch(1),))
    assert status_words(between, 8) == "Measuring the epoch, after epoch 1 of 8"


def test_how_much_is_done():
    assert share_done(job(), 8) == 0
    assert share_done(job(progress=progress(2, 5), epochs=(epoch(1),)), 8) == pytest.approx(1.5 / 8)
    # the last batch of an epoch that is finished meanwhile does not count twice
    assert share_done(job(progress=progress(1, 10), epochs=(epoch(1),)), 8) == pytest.approx(1 / 8)
    assert share_done(job(progress=progress(1, 3), epochs=(epoch(1),)), 8) == pytest.approx(1 / 8)
    assert share_done(job(epochs=tuple(map(epoch, range(1, 9)))), 8) == 1
    assert share_done(job(epochs=(epoch(1),)), 0) == 1


MARKOV = "the Markov chain, the best baseline (70 %)"
OTHERS = {"popularity": 0.17, "markov": 0.7, "item_knn": 0.54}


@pytest.mark.parametrize(
    ("recall", "error", "compared"),
    [(0.61, 0.01, f"below {MARKOV}, above item-kNN and popularity."),
     (0.61, 0.08, f"below {MARKOV}, above popularity."),
     (0.698, 0.005, f"about level with {MARKOV}, above item-kNN and popularity."),
     (0.702, 0.0079, f"about level with {MARKOV}, above item-kNN and popularity."),
     (0.698, 0.009, f"not told apart from {MARKOV}, above item-kNN and popularity."),
     (0.702, 0.009, f"not told apart from {MARKOV}, above item-kNN and popularity."),
     (0.75, 0.06, f"not told apart from {MARKOV}, above item-kNN and popularity."),
     (0.75, 0.04, f"above {MARKOV}.")],
)  # fmt: skip
def test_against_the_baselines(recall, error, compared):
    """By hand: above or below where the whole interval of the difference, ± error, is; level within .01."""
    words = said(standing(epoch(3, recall, **sure(recall, error, **OTHERS)), BASELINES))
    assert words.startswith("After epoch 3 it finds ")
    assert words.endswith(f"of the held-out next clicks among its first 20: {compared}")


def test_a_run_without_intervals_has_no_verdict():
    """As run.json had it before: the figures stand side by side, and nothing is said of them."""
    words = said(standing(epoch(3, 0.75), BASELINES))
    assert words.endswith("among its first 20; the Markov chain, the best baseline, finds 70 %.")
    assert margin_words(epoch(3, 0.75), BASELINES) == ""


def test_how_sure_the_difference_is():
    told = margin_words(epoch(3, 0.69, **sure(0.69, 0.012, **OTHERS)), BASELINES).replace(NBSP, " ")
    assert told == (
        "Against the Markov chain, on the same sessions: −1.0 points of Recall, between −2.2 and +0.2 in "
        "95 % of 1,000 resamples of the sessions."
    )
    alone = sure(0.69, 0.01, **OTHERS) | {"margins": {"markov": Margin(0.1, (-1.0, 1.0), 0.0, (-1.0, 1.0))}}
    assert "A single session" in margin_words(epoch(3, 0.69, **alone), BASELINES)
    assert margin_words(epoch(3, 0.69), {}) == ""


def test_without_anything_to_compare_with():
    assert "after the first epoch" in said(standing(None, {}))
    assert "nothing is measured" in said(standing(epoch(1, None), {}))
    assert said(standing(epoch(1), {})).endswith("among its first 20.")
    assert "was not measured" in said(verdict(epoch(1, None), BASELINES))
    assert said(verdict(epoch(4, 0.75), BASELINES)).startswith(
        "Trained. The best epoch, number 4, was kept; these clicks chose it"
    )


def test_the_gradient_explodes():
    calm = tuple(epoch(n, gradient_norm=norm) for n, norm in enumerate([1.0, 2.0, 3.0], 1))
    assert alarm(calm) is None
    assert alarm(calm, progress(4, gradient_norm=20.0)) is None  # ten times the median of 1, 2 and 3
    assert "explodes in epoch 4" in (alarm(calm, progress(4, gradient_norm=20.1)) or "")
    burst = (*calm, epoch(4, gradient_norm=500.0), epoch(5, gradient_norm=float("nan")))
    told = alarm(burst) or ""
    assert "exploded in epochs 4 and 5" in told
    assert "no number any more" in told
    assert "100% of the updates" in (alarm((epoch(1, clipped=1.0),)) or "").replace(f"{NBSP}%", "%")
    assert alarm(()) is None


def test_the_gradient_explodes_in_the_first_epoch():
    """Against the median of the updates before it; where these are too few, nothing can be said."""
    assert alarm((), progress(1, gradient_norm=50.0)) is None
    assert alarm((), progress(1, gradient_norm=5.0, usual_norm=0.5)) is None
    told = alarm((), progress(1, gradient_norm=5.1, usual_norm=0.5)) or ""
    assert "explodes in epoch 1: its norm is 5.1, more than 10 times the usual" in told
    # the last batch of an epoch that is finished meanwhile is no news
    assert alarm((epoch(1),), progress(1, 10, gradient_norm=50.0, usual_norm=0.5)) is None


def test_stuck_gates():
    assert alarm((epoch(1, saturated=0.89),)) is None
    assert "of the gates stand open or shut after epoch 1" in (alarm((epoch(1, saturated=0.9),)) or "")


@given(st.lists(st.floats(1e-6, 1e6)), st.floats(1e-6, 1e6))
def test_an_earlier_verdict_never_changes(norms, norm):
    assert explodes(norm, norms) == explodes(norm, [*norms, float("nan")])
    assert not explodes(norm, [])
    assert explodes(float("inf"), norms)


def test_what_became_of_it():
    assert ended_words(job("cancelled")) == "Cancelled; no epoch was finished."
    assert ended_words(job("cancelled", epochs=(epoch(1),))) == "Cancelled; 1 finished epoch is kept."
    lost = job("lost", message="the training process ended in epoch 4; continue goes on from epoch 3")
    assert ended_words(lost) == "The training process ended in epoch 4; continue goes on from epoch 3."


def test_the_kept_epoch_is_named_where_it_is_not_the_last():
    epochs = (epoch(1, 0.5), epoch(2, 0.87), epoch(3, 0.844))
    assert said(kept_epoch(epochs, 2)) == " Kept is epoch 2, which finds 87 %."
    assert kept_epoch(epochs, 3) == kept_epoch(epochs, 0) == kept_epoch((), 0) == ()
    assert kept_epoch((epoch(1, None), epoch(2, None)), 1) == ()


def test_who_goes_first_is_said():
    words = kept_words("the training")
    order = [words.index(who) for who in ("those without a result", "then stopped", "then the oldest")]
    assert order == sorted(order)
    assert going_words("“a · 14:05”", False) == (
        "The next one removes “a · 14:05”: 5 of your trainings and comparisons are kept."
    )
    assert going_words("“a”", True).endswith("Download its model first if you want to keep it.")


def test_what_went_wrong_is_a_sentence():
    assert sentence(InputError("this is odd; try again")) == "This is odd; try again."
    assert sentence("Done.") == "Done."
