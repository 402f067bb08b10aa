"""Is each sentence about an experiment decided by its figures, and told with them?

Oracle: verdicts and sentences by hand, for experiments of plain numbers.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from gru_viz.compare.experiments.values import Estimate, Experiments
from gru_viz.explain.claims import Lines, claims
from gru_viz.explain.gradient_distance import size
from gru_viz.explain.words import NBSP, plain
from tests.compare.experiments.values import (
    EVERY,
    NOTHING_LOST,
    gradients,
    lead,
    long,
    reset,
    sizes,
    sure,
    unclipped,
    waiting,
)
from tests.compare.values import comparison

MODELS = {"markov": 0.8, "fpmc": 0.85, "sasrec": 0.7, "lstm": 0.9, "rnn": 0.7, "gru": 0.9}
CURE, RESET, CLIP, TUNE = "GRUs cure", "Reset the state", "Clip", "Tune"
LONG, PARALLEL = "GRU4Rec struggles", "GRU4Rec is less parallel"


def card(beginning, experiments):
    found = replace(comparison(MODELS), experiments=experiments)
    made = [one for one in claims(found) if one.claim.startswith(beginning)]
    return made[0] if made else None


def said(beginning, experiments):
    return plain(card(beginning, experiments).figures).replace(NBSP, " ")


def test_all_twelve_in_a_textbooks_order():
    found = replace(comparison(MODELS, {0.1: MODELS}), experiments=EVERY)
    assert [(one.claim.split(".")[0], one.verdict) for one in claims(found)] == [
        ("GRUs cure vanishing gradients", "holds"),
        ("A GRU has fewer parameters than an LSTM", "does not hold"),  # equal in `values`
        ("A GRU trains faster than an LSTM", "cannot tell"),
        ("A GRU often does as well as an LSTM", "cannot tell"),
        ("With plenty of data GRU4Rec beats FPMC", "holds"),
        ("With little data FPMC can win against GRU4Rec", "does not hold"),
        ("GRU4Rec is slower to train than SASRec", "cannot tell"),
        ("GRU4Rec is less parallel than SASRec", "holds"),
        ("GRU4Rec struggles with very long sessions", "holds"),
        ("Clip gradients", "holds"),
        ("Tune the hidden size", "holds"),
        ("Reset the state between sessions", "holds"),
    ]
    assert all(one.chart is not None and "olds where" in one.rule for one in claims(found))


@pytest.mark.parametrize("beginning", [CURE, RESET, CLIP, TUNE, LONG, PARALLEL])
def test_without_its_experiment_there_is_no_card(beginning):
    assert card(beginning, None) is None
    assert card(beginning, Experiments()) is None


@pytest.mark.parametrize(
    ("beginning", "kind", "reason"),
    [(CURE, "gradients", "fewer than 30"), (LONG, "long", "fewer than 100"), (RESET, "reset", "Only one")],
)
def test_a_log_that_is_too_small_cannot_tell_and_says_why(beginning, kind, reason):
    one = card(beginning, Experiments(left_out=(kind,)))
    assert one.verdict == "cannot tell"
    assert reason in plain(one.figures)
    assert one.chart is None


@pytest.mark.parametrize(
    ("rnn", "gru", "width", "verdict"),
    [
        (1e-6, 0.5, 0.1, "holds"),
        (0.1, 0.5, 0.1, "does not hold"),
        (1e-6, 1e-5, 0.1, "does not hold"),
        (1.05e-3, 0.5, 0.1, "cannot tell"),
    ],
)
def test_vanishing_gradients(rnn, gru, width, verdict):
    one = card(CURE, Experiments(gradients(rnn, gru, width=width)))
    assert one.verdict == verdict
    assert isinstance(one.chart, Lines)
    assert [line.who for line in one.chart.lines] == ["rnn", "gru", "lstm"]
    assert (one.chart.powers, one.chart.mark) == (True, 1e-3)


def test_what_is_said_of_gradients():
    assert said(CURE, Experiments(gradients())) == (
        "Over 2 clicks the median is 1 × 10⁻⁶ (9 × 10⁻⁷ to 1 × 10⁻⁶) in the vanilla RNN: lost, "
        "0.50 (0.45 to 0.55) in the GRU, 0.60 (0.54 to 0.66) in the LSTM. "
        "Before training: vanilla RNN 0.50, GRU 0.50, LSTM 0.50."
    )


def test_of_one_cell_alone_nothing_is_said_about_a_cure():
    only = gradients()
    assert card(CURE, Experiments(replace(only, cells=only.cells[:1]))) is None


@pytest.mark.parametrize(
    ("loss", "verdict"),
    [(sure(0.05), "holds"), (sure(0.005), "does not hold"), (sure(0.01, 0.03), "cannot tell")],
)
def test_what_is_lost_decides_on_the_advice(loss, verdict):
    """Reset, clip and tune by the same rule."""
    assert card(RESET, Experiments(reset=reset(loss))).verdict == verdict
    assert card(CLIP, Experiments(clipping=(unclipped("gru", loss),))).verdict == verdict
    assert card(TUNE, Experiments(sizes=sizes(loss, NOTHING_LOST))).verdict == verdict


def test_what_is_said_of_a_state_that_is_not_reset():
    assert said(RESET, EVERY) == (
        "Recall@20 .850 instead of .900: .050 (.048 to .052) is lost. "
        "After a session's first click: .500 instead of .800."
    )
    (line,) = card(RESET, EVERY).chart.lines
    assert (line.x, line.y) == ((1, 2), pytest.approx((-0.3, -0.1)))


def test_the_gru_decides_on_clipping_and_the_rnn_stands_beside_it():
    fine = (unclipped("gru", sure(0.0)), unclipped("rnn", None))
    one = card(CLIP, Experiments(clipping=fine))
    assert one.verdict == "does not hold"
    assert [(row.who, row.text) for row in one.chart.rows] == [("gru", ".000"), ("rnn", "all")]
    assert plain(one.figures).replace(NBSP, " ") == (
        "GRU: .000 (−.002 to .002) of Recall@20 lost; its median gradient is 0.50 long, 0.75 without the "
        "clip, which shortened 25 % of the updates; the longest without it is 3 × 10³. Vanilla RNN: its "
        "training broke down without clipping; its median gradient is 0.50 long, 0.75 without the clip, "
        "which shortened 25 % of the updates; the longest before it broke down is 3 × 10³."
    )
    assert card(CLIP, Experiments(clipping=(unclipped("gru", None),))).verdict == "holds"
    assert card(CLIP, Experiments(clipping=(unclipped("rnn", None),))) is None


def test_what_is_said_of_sizes():
    """16 units lose .004 (.002 to .006): within .01 as the whole interval says; 8 do not."""
    assert said(TUNE, EVERY) == (
        "Recall@20 .900 with 32 units, .850 with 8: .050 (.048 to .052) less. "
        "16 units (2,000 parameters) are surely within .010 of the best."
    )
    best = Experiments(sizes=sizes(sure(0.05), sure(0.02), NOTHING_LOST))
    assert said(TUNE, best).endswith("32 units (3,000 parameters) are the best.")
    chart = card(TUNE, EVERY).chart
    assert [text for _, text in chart.ticks] == ["8", "16", "32"]
    assert chart.lines[0].y == pytest.approx((0.85, 0.896, 0.9))


def test_where_no_size_is_surely_as_good_the_best_is_enough():
    """One held-out session: every interval is all of −1 to 1, that of the best against itself, too."""
    unsure = Experiments(sizes=sizes(Estimate(0.05, -1.0, 1.0), Estimate(0.0, -1.0, 1.0)))
    assert card(TUNE, unsure).verdict == "cannot tell"
    assert said(TUNE, unsure).endswith("16 units (2,000 parameters) are the best.")


def test_the_worst_and_the_best_are_picked_so_their_interval_is_wider():
    """Six sizes are 15 pairs: z = 2.935 instead of 1.960, so ± .010 becomes ± .015."""
    picked = sure(0.012, 0.01)
    assert card(TUNE, Experiments(sizes=sizes(picked, NOTHING_LOST))).verdict == "holds"
    six = Experiments(sizes=sizes(picked, *[NOTHING_LOST] * 5))
    assert card(TUNE, six).verdict == "cannot tell"
    assert ".012 (−.003 to .027) less" in said(TUNE, six)
    assert "all 15 pairs" in card(TUNE, six).experiment


def test_the_rival_in_long_sessions_is_the_best_of_the_others():
    """FPMC is the best of the others in MODELS, whatever Markov does late."""
    one = card(LONG, EVERY)
    assert one.verdict == "holds"
    assert plain(one.figures) == (
        "GRU4Rec's Recall less that of FPMC: .050 (.048 to .052) at predictions 1 to 5, .010 (.008 to .012) "
        "from prediction 11 on; the lead shrinks by .040 (.038 to .042)."
    )
    assert [row.text for row in one.chart.rows] == [".050", ".010"]


@pytest.mark.parametrize(
    ("early", "late", "width", "verdict"),
    [(0.1, 0.05, 0.01, "holds"), (0.05, 0.1, 0.01, "does not hold"), (0.05, 0.04, 0.02, "cannot tell")],
)
def test_a_lead_that_shrinks(early, late, width, verdict):
    assert card(LONG, Experiments(long=long(lead("fpmc", early, late, width)))).verdict == verdict


@pytest.mark.parametrize(
    ("gru", "sasrec", "verdict"),
    [(3.0, 1.1, "holds"), (1.1, 1.1, "does not hold"), (1.3, 1.1, "cannot tell")],
)
def test_waiting_for_the_click_before(gru, sasrec, verdict):
    made = waiting(Estimate(gru, gru - 0.05, gru + 0.05), Estimate(sasrec, sasrec - 0.05, sasrec + 0.05))
    one = card(PARALLEL, Experiments(waiting=made))
    assert one.verdict == verdict
    assert isinstance(one.chart, Lines)
    assert [(line.who, line.y) for line in one.chart.lines] == [
        ("gru", (1.0, gru)),
        ("sasrec", (1.0, sasrec)),
    ]
    assert [text for _, text in one.chart.ticks] == ["8", "128"]
    assert one.chart.mark == 1
    assert f"take GRU4Rec {gru:.2f} times ({gru - 0.05:.2f} to {gru + 0.05:.2f}) as long" in plain(
        one.figures
    )


def test_small_numbers():
    assert [size(value) for value in (0.0, 1.0, 0.56, 0.01, 20.4, 3e-8, 2e5)] == [
        "0", "1.00", "0.56", "0.01", "20", f"3{NBSP}×{NBSP}10⁻⁸", f"2{NBSP}×{NBSP}10⁵"
    ]  # fmt: skip
