"""Is each verdict the one that its figures give? Oracle: decided by hand for each case."""

from __future__ import annotations

import pytest

from gru_viz.compare.values import Comparison, Cost, Difference
from gru_viz.explain.claims import by_difference, by_margin, by_time, claims
from gru_viz.explain.words import NBSP, plain
from tests.compare.values import EVERY, RECALLS, comparison

COSTS = {
    "gru": Cost(300, 30.0, 1e-5),
    "lstm": Cost(400, 40.0, 1e-5),
    "sasrec": Cost(500, 20.0, 1e-4),
}
ALL = {"markov": 0.8, "fpmc": 0.8, "gru": 0.9, "lstm": 0.9, "sasrec": 0.9}


def said(found, beginning):
    (one,) = [claim for claim in claims(found) if claim.claim.startswith(beginning)]
    return one.verdict, plain(one.figures).replace(NBSP, " ")


def between(low, high):
    return Difference("a", "b", (low + high) / 2, (low, high), 0.0, (0.0, 0.0))


@pytest.mark.parametrize(
    ("interval", "better", "as_well"),
    [
        ((0.02, 0.04), "holds", "holds"),
        ((-0.005, 0.01), "cannot tell", "holds"),
        ((-0.02, 0.01), "cannot tell", "cannot tell"),
        ((-0.008, -0.002), "does not hold", "holds"),
        ((-0.02, -0.005), "does not hold", "cannot tell"),
        ((-0.04, -0.02), "does not hold", "does not hold"),
    ],
)
def test_verdicts_of_intervals(interval, better, as_well):
    """Better: beyond 0. As well: above −.01."""
    assert by_difference(between(*interval)) == better
    assert by_margin(between(*interval)) == as_well


@pytest.mark.parametrize(
    ("own", "other", "verdict"),
    [(89, 100, "holds"), (91, 100, "cannot tell"), (109, 100, "cannot tell"), (111, 100, "does not hold")],
)
def test_verdicts_of_times(own, other, verdict):
    assert by_time(own, other) == verdict


def test_every_claim_once_where_all_was_measured():
    found = comparison(ALL, {0.1: {"fpmc": 0.7, "gru": 0.6}}, costs=COSTS)
    assert [(one.claim, one.verdict) for one in claims(found)] == [
        ("A GRU has fewer parameters than an LSTM.", "holds"),
        ("A GRU trains faster than an LSTM.", "holds"),
        ("A GRU often does as well as an LSTM.", "cannot tell"),
        ("With plenty of data GRU4Rec beats FPMC.", "holds"),
        ("With little data FPMC can win against GRU4Rec.", "holds"),
        ("GRU4Rec is slower to train than SASRec.", "holds"),
    ]


def test_the_figures_are_told_with_their_intervals():
    found = comparison(ALL, {0.1: {"fpmc": 0.7, "gru": 0.6}}, costs=COSTS)
    assert said(found, "A GRU has")[1] == "300 against 400, embeddings included."
    assert said(found, "A GRU trains")[1] == "30 s against 40 s."
    assert said(found, "With plenty")[1] == "GRU4Rec's Recall less FPMC's: .100 (.080 to .120)."
    assert said(found, "With little")[1] == "FPMC's Recall less GRU4Rec's: .100 (.080 to .120)."
    assert said(found, "GRU4Rec is slower") == ("holds", "30 s against 20 s.")


def test_they_can_fail():
    costs = {"gru": Cost(400, 40.0, 0), "lstm": Cost(300, 30.0, 0), "sasrec": Cost(1, 80.0, 0)}
    worse = {"fpmc": 0.8, "gru": 0.6, "lstm": 0.7, "sasrec": 0.9}
    found = comparison(worse, {0.1: {"fpmc": 0.5, "gru": 0.6}}, costs=costs)
    assert {one.verdict for one in claims(found)} == {"does not hold"}
    assert len(claims(found)) == 6


def test_of_what_was_not_measured_nothing_is_claimed():
    assert claims(comparison({"markov": 0.5})) == ()
    assert [one.claim for one in claims(comparison(RECALLS))] == ["With plenty of data GRU4Rec beats FPMC."]


def test_times_are_summed_over_the_shares_that_both_learned_from():
    """A smaller round of `comparison` has 12 s: 30 + 12 against 40 + 12; gru alone is left out."""
    found = comparison(ALL, {0.5: {"gru": 0.5, "lstm": 0.5}, 0.1: {"gru": 0.5}}, costs=COSTS)
    assert said(found, "A GRU trains")[1] == "42 s against 52 s."
    (one,) = [claim for claim in claims(found) if "trains faster" in claim.claim]
    assert "2 shares of the data taken together" in one.experiment


def test_the_least_data_is_where_both_are():
    """Stopped within the smallest share: nothing is said of it."""
    found = comparison(EVERY, {0.1: {"gru": 0.5}})
    assert not [one for one in claims(found) if one.claim.startswith("With little")]
    assert isinstance(found, Comparison)
