"""Does the picture of an exploding gradient show what was measured, on one scale for both choices?

Oracles: the values that went in; the ends of the axes worked out by hand.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from gru_viz.explain.explosion import Explosion, Pair, Run, Setting
from gru_viz.figures import explosion_figure
from gru_viz.figures.explosion import HIGHEST, LOWEST, ROOM, TIMES_GUESSING
from gru_viz.figures.palette import DIVERGING

THEMES = ("light", "dark")
NAN = math.nan
GUESSING = math.log(240)


def run(norms, losses) -> Run:
    return Run(np.array(norms, dtype=float), np.array(losses, dtype=float), 0.9, 0.8, 0.95)


def explosion(clipped: Run, free: Run, gru: Run, clip: float = 1.0) -> Explosion:
    setting = Setting(64, 2.0, 3.0, clip, 64, max(len(clipped.losses), len(free.losses)), 0, 240)
    return Explosion(setting, {"rnn": Pair(clipped, free), "gru": Pair(gru, gru)}, 2.0, 4.0, np.empty((0, 2)))


CLIPPED, FREE = run([3, 1, 0.5], [5, 6, 4]), run([3, 200, 50], [5, 40, 17])
GRU = run([0.25, 0.5, 0.25], [5, 4, 3])
PLAIN = explosion(CLIPPED, FREE, GRU)
ODD = {
    "plain": PLAIN,
    "one update": explosion(run([2], [5]), run([2], [5]), run([0.1], [5])),
    "broken": explosion(CLIPPED, run([3, 1e9, NAN], [5, 9, NAN]), GRU),
    "broken at once": explosion(run([NAN], [NAN]), run([NAN], [NAN]), run([NAN], [NAN])),
    "no gradient": explosion(run([0, 0], [5, 5]), run([0, 0], [5, 5]), run([0, 0], [5, 5])),
    "a clip far away": explosion(CLIPPED, FREE, GRU, clip=1e-9),
    "many": explosion(*(run([2.0] * 3000, [5.0] * 3000) for _ in range(3))),
}


def drawn(figure):
    return {trace.name: trace for trace in figure.data}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("clipped", [True, False])
@pytest.mark.parametrize("odd", ODD)
def test_odd_ones_are_drawn(odd, clipped, theme):
    figure = explosion_figure(ODD[odd], clipped, theme)
    text = figure.to_json()
    assert "NaN" not in text
    assert "Infinity" not in text
    low, high = figure.layout.yaxis.range
    assert LOWEST - 1.1 <= low < high <= HIGHEST + 1.1
    for trace in figure.data:
        bottom, top = (figure.layout.yaxis if trace.yaxis == "y" else figure.layout.yaxis2).range
        assert all(value is None or bottom <= value <= top for value in trace.y)


@pytest.mark.parametrize("clipped", [True, False])
def test_what_is_drawn(clipped):
    """Oracle: log10 of the norms; the losses, and at the edge where they are beyond it."""
    figure = explosion_figure(PLAIN, clipped)
    lines = drawn(figure)
    top = TIMES_GUESSING * GUESSING
    for name, one in (("clipped", CLIPPED), ("not clipped", FREE)):
        norm, loss = lines[f"rnn {name} norm"], lines[f"rnn {name} loss"]
        assert list(norm.x) == [1, 2, 3]
        assert list(norm.y) == pytest.approx(np.log10(one.norms).tolist())
        assert list(loss.y) == pytest.approx([min(value, top) for value in one.losses])
        assert list(norm.customdata) == [f"{value:.4g}" for value in one.norms]
        in_full = clipped == (name == "clipped")
        assert (norm.opacity == loss.opacity == 1) is in_full
    assert (
        figure.data[-1].name == f"rnn {'clipped' if clipped else 'not clipped'} loss"
    )  # on top of the others
    said = " ".join(note.text for note in figure.layout.annotations)
    assert "2 updates above, at the edge" in said
    assert f"RNN, {'clipped' if clipped else 'not clipped'}" in said
    assert "clip 1" in said


def test_the_scales_are_the_same_for_either_choice():
    """Oracle: norms .25 to 200, so powers −1 to 3; losses to three times that of guessing."""
    ranges = set()
    for clipped in (True, False):
        layout = explosion_figure(PLAIN, clipped).layout
        ranges.add((tuple(layout.yaxis.range), tuple(layout.yaxis2.range), tuple(layout.xaxis.range)))
    ((norms, losses, updates),) = ranges
    assert norms == pytest.approx((-1.1, 3.1))
    assert losses == pytest.approx((-ROOM * 3 * GUESSING, 3 * GUESSING))
    assert updates == (0.5, 3.5)


def test_the_lines_across():
    """Oracle: a clip of 10 stands at 1; guessing among 240 items at ln 240."""
    levels = explosion_figure(explosion(CLIPPED, FREE, GRU, clip=10.0), True).layout.shapes
    assert [(level.yref, level.y0, level.y1) for level in levels] == [
        ("y", 1, 1),
        ("y2", pytest.approx(GUESSING), pytest.approx(GUESSING)),
    ]


def test_where_nothing_is_beyond_nothing_is_said():
    figure = explosion_figure(explosion(CLIPPED, CLIPPED, GRU), True)
    assert "edge" not in " ".join(note.text for note in figure.layout.annotations)


def test_a_training_that_breaks_down():
    """A diamond at the upper edge at the update where it broke, only where that run is the one in full."""
    lines = drawn(explosion_figure(ODD["broken"], False, "dark"))
    for name, end in (("norm", 6.1), ("loss", TIMES_GUESSING * GUESSING)):
        mark = lines[f"broken {name}"]
        assert (mark.x, mark.y) == ((3,), (pytest.approx(end),))
        assert mark.marker.color == DIVERGING["dark"][0]
        assert lines[f"rnn not clipped {name}"].y[2] is None
    assert lines["rnn not clipped norm"].y[1] == pytest.approx(6.1)
    assert not [name for name in drawn(explosion_figure(ODD["broken"], True)) if name.startswith("broken")]


def test_large_powers_are_readable():
    """Oracle: norms from .25 to a thousand million, the axis ending at HIGHEST."""
    labels = explosion_figure(ODD["broken"], False).layout.yaxis.ticktext
    assert labels[:5] == ("0.1", "1", "10", "100", "1,000")
    assert labels[5:] == ("10<sup>4</sup>", "10<sup>5</sup>", "10<sup>6</sup>")


def test_a_theme_that_is_none():
    with pytest.raises(ValueError, match="theme must be"):
        explosion_figure(PLAIN, True, "sepia")
