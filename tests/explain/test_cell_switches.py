"""What another size or another reset changed, in words: sentences from counts made up by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gru_viz.explain.cell_sizes import by_size, sizes_sentence
from gru_viz.explain.cell_studies import CellStudies
from gru_viz.explain.cell_switches import switched_sentence
from gru_viz.explain.cell_words import cell_name, named
from gru_viz.explain.detours import Detours
from gru_viz.explain.words import NBSP, plain
from tests.explain.test_cell_study import study

ASKED = 200


def studies(**right: int) -> CellStudies:
    """Counts after a detour of 20 clicks, named "gru_64", "gru_after_16", …; of any other all are right."""
    made = {}
    for units in (64, 16):
        curves = {
            name: Detours(
                np.array([1, 20]),
                np.array([ASKED, right.get(f"{name}_{units}", ASKED)]),
                np.array([ASKED] * 2),
            )
            for name in study().detours
        }
        made[units] = replace(study(), detours=curves)
    return CellStudies(made)


def test_the_shops_own_is_compared_with_nothing() -> None:
    found = plain(switched_sentence(studies(gru_64=190), (64, "gru")))
    assert found == (
        f"After the longest detour, 20 clicks, the GRU, 64 units, puts the lens that fits first in 95{NBSP}%."
    )


@pytest.mark.parametrize(
    ("chosen", "right", "expected"),
    [
        ((16, "gru"), {"gru_16": 25}, "12% instead of 95% (64 units): no better than guessing, 12.5%."),
        ((16, "gru"), {"gru_16": 100}, "50% instead of 95% (64 units)."),
        ((64, "gru_after"), {"gru_after_64": 194}, "97% instead of 95% (reset before): too close to call."),
        ((64, "gru_after"), {"gru_after_64": 100}, "50% instead of 95% (reset before)."),
        ((16, "gru_after"), {"gru_after_16": 100}, "50% instead of 95% (64 units, reset before)."),
    ],
)
def test_another_one_is_held_against_it(chosen, right, expected) -> None:
    found = plain(switched_sentence(studies(gru_64=190, **right), chosen))
    assert found.replace(NBSP, "").endswith(f"puts the lens that fits first in {expected}")
    assert f"{named(chosen[1])}, {chosen[0]} units, " in found


def test_sizes_rise_and_are_read_from_the_largest() -> None:
    """Oracle: Wilson's interval of 100 of 200 by hand, 0.431 to 0.569."""
    found = studies(gru_64=190, gru_16=100, rnn_64=25, rnn_16=25)
    gru = by_size(found, "gru")
    assert (gru.units.tolist(), gru.right.tolist(), gru.asked.tolist()) == ([16, 64], [100, 190], [200, 200])
    assert gru.shares.tolist() == [0.5, 0.95]
    assert [edge[0] for edge in gru.intervals] == pytest.approx([0.431, 0.569], abs=5e-4)
    said = plain(sizes_sentence({"the GRU": gru, "the RNN": by_size(found, "rnn")}, 0.125))
    assert said == (
        "With 64, 16 units, the lens that fits is first after 20 clicks between: for the GRU in "
        f"95{NBSP}%, 50{NBSP}%; for the RNN in 12{NBSP}%, 12{NBSP}%. Guessing is right in 12.5{NBSP}%."
    )


def test_names() -> None:
    cells = ("rnn", "lstm", "gru", "gru_after")
    assert [cell_name(cell) for cell in cells] == ["vanilla RNN", "LSTM", "GRU", "GRU, reset after"]
    assert [named(cell) for cell in (*cells, "sasrec", "markov")] == [
        "the vanilla RNN",
        "the LSTM",
        "the GRU",
        "the GRU with reset after",
        "SASRec",
        "a Markov chain",
    ]
