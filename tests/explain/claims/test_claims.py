"""Is each verdict the one that its figures give? Oracle: decided by hand for each case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gru_viz.compare.values import Comparison, Cost
from gru_viz.explain.claims import Bars, claims, not_measured
from gru_viz.explain.claims.parts import took
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


def test_charts_show_the_figures():
    """Oracle: the rows by hand; what decides is a dotted line."""
    found = comparison(ALL, {0.5: {"fpmc": 0.7, "gru": 0.7}, 0.1: {"fpmc": 0.7, "gru": 0.6}}, costs=COSTS)
    charts = {one.claim: one.chart for one in claims(found)}
    assert all(isinstance(chart, Bars) for chart in charts.values())
    parameters = charts["A GRU has fewer parameters than an LSTM."]
    assert [(row.who, row.value, row.text) for row in parameters.rows] == [
        ("gru", 300, "300"), ("lstm", 400, "400")
    ]  # fmt: skip
    (as_well,) = charts["A GRU often does as well as an LSTM."].rows
    assert charts["A GRU often does as well as an LSTM."].mark == -0.01
    assert as_well.interval == (-0.02, 0.02)
    plenty = charts["With plenty of data GRU4Rec beats FPMC."].rows
    assert [(row.name, row.text) for row in plenty] == [
        ("900 sessions", ".100"), ("450 sessions", ".000"), ("90 sessions", "−.100")
    ]  # fmt: skip
    sparse = charts["With little data FPMC can win against GRU4Rec."].rows
    assert [row.text for row in sparse] == ["−.100", ".000", ".100"]
    assert {row.who for row in sparse} == {"fpmc"}


def test_of_many_shares_the_whole_and_the_smallest_are_drawn():
    shares = {share: {"fpmc": 0.7, "gru": 0.7} for share in (0.8, 0.6, 0.4, 0.2, 0.1)}
    (one,) = [claim for claim in claims(comparison(ALL, shares)) if "plenty" in claim.claim]
    assert [row.name for row in one.chart.rows] == [
        "900 sessions", "360 sessions", "180 sessions", "90 sessions"
    ]  # fmt: skip


def test_the_least_data_is_the_smallest_share_of_which_both_are_known():
    """Stopped within the smallest: the next one is told. More than half of the sessions is not little."""
    found = comparison(EVERY, {0.5: {"fpmc": 0.7, "gru": 0.6}, 0.1: {"gru": 0.5}})
    (one,) = [one for one in claims(found) if one.claim.startswith("With little")]
    assert one.experiment.startswith("Both learned from 450 sessions")
    found = comparison(EVERY, {0.6: {"fpmc": 0.7, "gru": 0.6}})
    assert not [one for one in claims(found) if one.claim.startswith("With little")]


def test_how_often_each_went_through_the_sessions_is_said():
    """Oracle: the preset's epochs and SASRec's own, from where they are trained."""
    from gru_viz.baselines.sasrec import FITTING

    for preset, known in (("best", "14 times"), ("quick", "4 times"), ("mine", "as often as its preset has")):
        found = comparison(ALL, costs=COSTS)
        found = replace(found, about=replace(found.about, settings=preset))
        (one,) = [one for one in claims(found) if one.claim.startswith("GRU4Rec is slower")]
        assert f"GRU4Rec went through the sessions {known}" in one.experiment
        assert f"SASRec {FITTING.epochs} times" in one.experiment


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0 ms"),
        (0.01234, "12.3 ms"),
        (12.34, "12.3 s"),
        (136.4, "136 s"),
        (999.7, "1,000 s"),
        (1650.0, "27.5 min"),
        (5399.0, "90 min"),
        (5500.0, "1.53 h"),
        (1e9, "278,000 h"),
    ],
)
def test_times_have_three_digits(seconds, text):
    assert took(seconds).replace(NBSP, " ") == text


def test_a_time_that_decides_is_seen_to_be_longer():
    """In whole minutes these would be 2 and 2."""
    costs = {"gru": Cost(1, 136.0, 0), "sasrec": Cost(1, 122.0, 0)}
    assert said(comparison(ALL, costs=costs), "GRU4Rec is slower") == (
        "holds",
        "136 s against 122 s.",
    )


def test_what_was_not_measured_is_listed_with_what_it_needs():
    """Every sentence is a card or on the list, none on both."""
    for found in (comparison({"markov": 0.5}), comparison(ALL), comparison(ALL, {0.1: ALL})):
        missing = [name for names in not_measured(found).values() for name in names]
        assert len(missing) + len(claims(found)) == 12
        assert not {one.claim for one in claims(found)} & set(missing)
    needs = not_measured(comparison(ALL, {0.1: ALL}))
    assert needs["gru among its models, and --claims"] == (
        "Clip gradients.", "Tune the hidden size.", "Reset the state between sessions."
    )  # fmt: skip
