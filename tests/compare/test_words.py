"""Do the sentences say what the comparison found? Oracle: read off the numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.compare.values import Difference, Round
from gru_viz.compare.words import (
    a_prediction,
    against,
    interval,
    lead,
    measured_on,
    of_limit,
    seconds,
    share,
)
from gru_viz.explain.words import NBSP, plain
from tests.compare.values import comparison


def said(sentence):
    return plain(sentence).replace(NBSP, " ")


def test_gru4rec_beside_the_best_of_the_others():
    assert said(lead(comparison(limit=None))) == (
        "On clicks.csv GRU4Rec reaches Recall@20 .900; FPMC, the best of the others, .850: "
        "GRU4Rec is above by .050 (.030 to .070)."
    )


def test_with_a_limit_as_a_share_of_it():
    """Oracle: .9 / .95 and .85 / .95"""
    found = comparison()
    assert said(lead(found)).startswith(
        "On clicks.csv GRU4Rec reaches Recall@20 .900, 94.7 % of the limit; FPMC, the best of the others, "
        ".850, 89.5 %: "
    )
    assert of_limit(found, found.whole.find("gru")) == pytest.approx(0.9 / 0.95)


def test_below_and_level_are_said():
    below = comparison({"gru": 0.6, "markov": 0.7}, limit=None)
    assert said(lead(below)).endswith(
        "a Markov chain, the best of the others, .700: GRU4Rec is below by .100 (.080 to .120)."
    )
    level = comparison({"gru": 0.69, "markov": 0.7}, limit=None)
    assert said(lead(level)).endswith(": these clicks cannot tell them apart (difference −.030 to .010).")


@pytest.mark.parametrize(
    ("recalls", "text"),
    [
        ({"markov": 0.7, "popularity": 0.2}, "a Markov chain reaches Recall@20 .700, popularity .200."),
        ({"gru": 1.0}, "GRU4Rec reaches Recall@20 1.000."),
        ({"gru": 0.6, "lstm": 0.7}, "GRU4Rec with LSTM reaches Recall@20 .700, GRU4Rec .600."),
        ({"lstm": 0.6, "markov": 0.7}, "GRU4Rec with LSTM reaches Recall@20 .600; a Markov chain, the best "
         "of the others, .700: GRU4Rec is below by .100 (.080 to .120)."),
    ],
)  # fmt: skip
def test_whatever_was_compared(recalls, text):
    assert said(lead(comparison(recalls, limit=None))) == f"On clicks.csv {text}"


def test_a_long_or_empty_name_of_the_log():
    assert said(lead(comparison(log=""))).startswith("On this log GRU4Rec")
    assert len(said(lead(comparison(log="x" * 200)))) < 240


def test_what_was_measured_on_and_that_it_was_stopped():
    found = comparison()
    assert "stopped" not in measured_on(found)
    stopped = type(found)(found.about, found.rounds)
    assert measured_on(stopped).endswith("It was stopped before every model was measured.")
    assert (
        f"100 predictions in 50 sessions (the last 10{NBSP}% of the sessions), each among all 240 items"
        in (measured_on(found))
    )


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        ((-0.00338, -0.00024), "−.0034 to −.0002"),  # below 0: not ".000", which a level one has, too
        ((-0.0035, 0.0004), "−.0035 to .0004"),
        ((-0.00001, 0.02), "−.00001 to .02000"),
        ((0.0, 0.012), ".000 to .012"),  # a 0 is one
        ((-1e-12, 1e-12), ".00000000 to .00000000"),
    ],
)
def test_an_end_that_is_not_0_is_not_written_as_one(ends, text):
    assert interval(ends) == text


@given(st.floats(-1, 1).filter(lambda end: end == 0 or abs(end) > 1e-7))
def test_what_is_read_has_the_sign_of_what_was_found(end):
    """Oracle: the number read again; a verdict may hang on whether an end is above 0."""
    first = interval((end, 1.0)).split(" to ")[0]
    assert np.sign(float(first.replace("−", "-"))) == np.sign(end)


def test_headline_value_and_interval_have_the_same_digits():
    one = Difference("gru", "lstm", -0.0018, (-0.0034, -0.0002), 0.0, (-1.0, 1.0))
    assert said(against(one)) == ": GRU4Rec is below by .0018 (.0002 to .0034)"
    level = Difference("gru", "lstm", -0.0015, (-0.0035, 0.0004), 0.0, (-1.0, 1.0))
    assert said(against(level)) == ": these clicks cannot tell them apart (difference −.0035 to .0004)"


def test_numbers_as_they_are_read():
    assert [share(v) for v in (0.9451, 1.0, -0.0123, -0.0001, 0.0)] == [
        ".945",
        "1.000",
        "−.012",
        ".000",
        ".000",
    ]
    assert [seconds(v).replace(NBSP, " ") for v in (0.2, 12.4, 200, 9000)] == [
        "under 1 s", "12 s", "3 min", "2.5 h"
    ]  # fmt: skip
    assert [a_prediction(v).replace(NBSP, " ") for v in (0, 5e-6, 2.5e-3, 3)] == [
        "under 1 µs", "5 µs", "2.5 ms", "3.0 s"
    ]  # fmt: skip


def test_of_equal_models_the_better_mrr_is_first():
    one = comparison({"markov": 0.5, "gru": 0.5}).whole
    assert [model.name for model in one.ranked] == ["markov", "gru"]
    assert Round(1.0, 1, (), ()).ranked == ()
