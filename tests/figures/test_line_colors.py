"""Are the lines of cells, models and variants in no gate's colour, told apart, and seen on the page?

The oracles: WCAG 2.2's contrast ratio, Oklab's distance (Ottosson 2020), and for the two common
colour blindnesses the matrices of Machado, Oliveira and Fernandes (2009), severity 1.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from gru_viz.figures.cell_lines import CELL_LINES
from gru_viz.figures.learning_curves import color_of
from gru_viz.figures.palette import BACKGROUND, INK, QUANTITIES, VARIANTS

SEEN, APART, BLIND = 4.5, 9.0, 8.0  # contrast of text that is as small as a legend; 100 of Oklab's units
SIGHTS = {
    "normal": np.eye(3),
    "protan": [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]],
    "deutan": [[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]],
}  # fmt: skip
TO_CONES = np.array([
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
])  # fmt: skip
TO_LAB = np.array([
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
])  # fmt: skip


def linear(color):
    values = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    low, high = sorted(float(linear(color) @ [0.2126, 0.7152, 0.0722]) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def distance(one, other, sight="normal"):
    labs = [
        TO_LAB @ np.cbrt(np.clip(TO_CONES @ (np.array(SIGHTS[sight]) @ linear(color)), 0, None))
        for color in (one, other)
    ]
    return 100 * float(np.linalg.norm(labs[0] - labs[1]))


def lines(theme):
    """Every group of lines that can stand in one picture, by name."""
    cells = {name: cell.color(theme) for name, cell in CELL_LINES.items() if name != "gru_after"}
    return cells, dict(enumerate(VARIANTS[theme]))


def test_the_oracles_know_black_white_and_a_mix_up():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert distance("#000000", "#ffffff") == pytest.approx(100, abs=0.01)
    assert distance("#c00000", "#405000", "deutan") < distance("#c00000", "#405000") / 2


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_line_is_in_the_colour_of_a_gate_or_a_candidate(theme):
    """But for the GRU and the first variant, whose blue is the state's, and what is grey."""
    cells, variants = lines(theme)
    mine = [cells[name] for name in ("lstm", "rnn", "sasrec")] + [variants[2], variants[3]]
    for color in mine:
        for name, quantity in QUANTITIES.items():
            assert distance(color, quantity.color(theme)) > APART, (color, name)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lines_are_seen_and_told_apart_by_everybody(theme):
    for group in lines(theme):
        for color in group.values():
            assert contrast(color, BACKGROUND[theme]) > SEEN, color
        for one, other in combinations(group, 2):
            for sight in SIGHTS:
                assert distance(group[one], group[other], sight) > BLIND, (one, other, sight)


def test_cells_differ_in_more_than_their_colour():
    drawn = [(cell.dash, cell.marker) for name, cell in CELL_LINES.items() if name != "gru_after"]
    assert len(set(drawn)) == len(drawn)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_model_has_one_colour_on_all_pages(theme):
    assert color_of("sasrec", theme) == CELL_LINES["sasrec"].color(theme) == INK[theme]
    assert color_of("markov", theme) == CELL_LINES["markov"].color(theme)
    assert color_of("gru", theme) == CELL_LINES["gru"].color(theme)
