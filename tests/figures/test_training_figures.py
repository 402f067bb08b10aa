"""Do the pictures of a training show its figures, and do they draw odd ones, too?

Oracle: the figures that went in; the rules of explain/exploding.py; distances counted by hand.
"""

from __future__ import annotations

import itertools
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.explain.exploding import exploded
from gru_viz.figures import (
    training_gates_figure,
    training_gradient_figure,
    training_loss_figure,
    training_recall_figure,
    training_replay_figure,
)
from gru_viz.figures.training import rounded_up
from gru_viz.figures.training_recall import spread
from tests.ui.training import epoch, quality

BASELINES = {"Markov": quality(0.703), "sequential rules": quality(0.681), "popularity": quality(0.171)}
RUN = [epoch(n, 0.5 + n / 20, gradient_norm=1.0 / n, update_gate=0.9 - n / 20) for n in (1, 2, 3)]
ODD = {
    "nothing yet": [],
    "one": RUN[:1],
    "no numbers": [epoch(1, loss=math.nan, gradient_norm=math.inf, update_gate=math.nan, saturated=math.nan)],
    "nothing held out": [epoch(1, None), epoch(2, None)],
    "huge and tiny": [
        epoch(1, 0.0, loss=1e30, gradient_norm=1e30),
        epoch(2, 1.0, loss=-1.0, gradient_norm=0.0),
    ],
    "many": [epoch(n) for n in range(1, 200)],
}


def drawings(epochs, theme="light"):
    return [
        training_loss_figure(epochs, 8, theme),
        training_recall_figure(epochs, 8, BASELINES, theme),
        training_gradient_figure(epochs, 8, 1.0, theme),
        training_gates_figure(epochs, 8, theme),
    ]


def line(figure, name):
    (found,) = [trace for trace in figure.data if trace.name == name]
    return list(found.y)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ODD)
def test_odd_values_draw(name, theme):
    for figure in drawings(ODD[name], theme):
        assert "NaN" not in json.dumps(json.loads(figure.to_json()))
        assert all(
            math.isfinite(end) for axis in (figure.layout.xaxis, figure.layout.yaxis) for end in axis.range
        )


def test_a_value_that_is_no_number_is_a_gap():
    loss, _, gradient, gates = drawings(ODD["no numbers"])
    assert line(loss, "loss") == line(gates, "update gate") == line(gradient, "gradient") == [None]


def test_what_they_show():
    loss, recall, gradient, gates = drawings(RUN)
    assert line(loss, "loss") == [5.0, 2.5, pytest.approx(5 / 3)]
    assert line(recall, "model") == pytest.approx([0.55, 0.6, 0.65])
    assert line(gradient, "gradient") == pytest.approx([math.log10(1 / n) for n in (1, 2, 3)])
    assert line(gates, "update gate") == pytest.approx([0.85, 0.8, 0.75])
    assert line(gates, "saturated") == pytest.approx([0.2] * 3)
    levels = [shape.y0 for shape in recall.layout.shapes]
    assert sorted(levels) == sorted(b.recall[20] for b in BASELINES.values())
    assert any("Markov .703" in note.text for note in recall.layout.annotations)
    assert [shape.y0 for shape in gradient.layout.shapes] == [0.0]  # log10 of a clip of 1


def test_the_kept_epoch_has_a_ring_and_its_value():
    """Oracle: RUN has .55, .6 and .65; the verdict speaks of the kept one, the curve of the last."""
    figure = training_recall_figure(RUN, 8, BASELINES, kept=2)
    (ring,) = [trace for trace in figure.data if trace.name == "kept"]
    assert (list(ring.x), list(ring.y)) == ([2], [0.6])
    heads = " ".join(note.text for note in figure.layout.annotations)
    assert ".650 after epoch 3" in heads
    assert ".600 after epoch 2" in heads
    for none in (training_recall_figure(RUN, 8, BASELINES), training_recall_figure([epoch(1, None)], 8, {})):
        assert [trace.name for trace in none.data] == ["model"]
    unmeasured = training_recall_figure([epoch(1, None)], 8, {}, kept=1)
    assert [trace.name for trace in unmeasured.data] == ["model"]


def test_neighbours_share_their_epochs_and_their_height():
    """Left Recall above the gradient, right the loss above the gates."""
    loss, recall, gradient, gates = drawings(RUN)
    assert recall.layout.margin == gradient.layout.margin
    assert loss.layout.margin == gates.layout.margin
    assert {figure.layout.height for figure in (loss, recall, gradient, gates)} == {recall.layout.height}
    assert training_recall_figure(RUN, 8, BASELINES, kept=2).layout.margin == recall.layout.margin


def test_the_clip_is_named_beside_its_line():
    """Oracle: the mean norms 1, 1/2 and 1/3 and a clip of 1 on an axis from 10⁻¹ to 10¹: half-way down."""
    figure = training_gradient_figure(RUN, 8, 1.0)
    (clip,) = [note for note in figure.layout.annotations if note.text == "clip 1"]
    assert (clip.x, clip.y, clip.yshift) == (1, 1, pytest.approx(-75))


def test_the_epochs_that_exploded_are_marked():
    norms = [1.0, 2.0, 50.0, 1.0, math.inf]
    figure = training_gradient_figure([epoch(n, gradient_norm=v) for n, v in enumerate(norms, 1)], 8, 1.0)
    (marks,) = [trace for trace in figure.data if trace.name == "exploded"]
    assert list(marks.x) == [3, 5]
    assert exploded(norms) == (False, False, True, False, True)


def test_a_curve_grows_into_its_place():
    """Nothing but the curve changes from an epoch to the next: the axes are the same."""
    before, after = (training_gates_figure(RUN[:n], 8) for n in (1, 3))
    assert before.layout.xaxis == after.layout.xaxis
    assert before.layout.yaxis == after.layout.yaxis


def test_a_replay():
    figure = training_replay_figure([0.1, 0.2, 0.6], [0.9, 0.8, 0.7], 2)
    assert line(figure, "next item") == [0.1, 0.2, 0.6]
    assert line(figure, "update gate") == [0.9, 0.8, 0.7]
    assert [shape.x0 for shape in figure.layout.shapes] == [2]
    assert any("Update gate z" in note.text for note in figure.layout.annotations)
    other = training_replay_figure([0.1], [0.9], 1, "light", "lstm")
    assert not any("Update gate" in note.text for note in other.layout.annotations)
    last = training_replay_figure([], [0.9], 1, "dark")
    assert [trace.name for trace in last.data] == ["update gate"]


def test_hostile_names_are_text():
    figure = training_recall_figure(RUN, 8, {"<a href=x>%{y}</a>": quality(0.5)})
    assert not any("<a" in note.text or "%{" in note.text for note in figure.layout.annotations)


@pytest.mark.parametrize(("value", "up"), [(0.0, 1), (0.94, 1), (1.0, 1), (1.01, 2), (7, 10), (0.03, 0.05)])
def test_round_numbers(value, up):
    assert rounded_up(value) == pytest.approx(up)


@given(st.lists(st.floats(0, 150), max_size=8))
def test_names_are_moved_apart(places):
    moved = spread(sorted(places), 15, 150)
    assert all(b - a >= 15 - 1e-9 for a, b in itertools.pairwise(moved))
    assert all(-1e-9 <= place <= 150 for place in moved)  # eight of them have room
