"""How sure is a share of detours?

Oracles: Newcombe 1998 (Statistics in Medicine 17, table I, method 3), and counted by hand.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.explain.detours import Detours, detours_claim, detours_sentence, is_chance, wilson
from gru_viz.explain.words import plain


def detours(right: list[int], asked: int = 100) -> Detours:
    return Detours(np.arange(1, len(right) + 1), np.array(right), np.full(len(right), asked))


@pytest.mark.parametrize(
    ("right", "asked", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson(right: int, asked: int, low: float, high: float) -> None:
    got = wilson(np.array([right]), np.array([asked]))
    assert got[0][0] == pytest.approx(low, abs=5e-5)
    assert got[1][0] == pytest.approx(high, abs=5e-5)


@given(st.integers(1, 10_000), st.data())
def test_wilson_holds_the_share_and_is_its_own_mirror(asked: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, asked))
    low, high = (float(edge[0]) for edge in wilson(np.array([right]), np.array([asked])))
    assert 0 <= low <= right / asked + 1e-12
    assert right / asked - 1e-12 <= high <= 1
    mirrored = wilson(np.array([asked - right]), np.array([asked]))
    assert float(mirrored[1][0]) == pytest.approx(1 - low)


def test_shares_and_chance() -> None:
    one = detours([100, 13, 40])
    assert one.shares.tolist() == [1.0, 0.13, 0.4]
    assert is_chance(one, 0.125).tolist() == [False, True, False]
    assert not one.right.flags.writeable


def test_the_sentence() -> None:
    said = plain(
        detours_sentence(
            {"the GRU": detours([99, 97]), "the RNN": detours([80, 12]), "a chain": detours([12, 13])}, 0.125
        )
    ).replace("\u00a0", " ")
    assert said == (
        "After a detour, the lens that fits is put first: by the GRU in at least 97 % at every length up to "
        "2; by the RNN in 80 % at 1 click between, 12 % at 2, no better than guessing at 1 of 2 lengths; "
        "by a chain no more often than by guessing, at any length. "
        "Guessing among the lenses is right in 12.5 %."
    )


def test_at_least_is_never_rounded_up() -> None:
    """Oracle: 9,866 of 10,000 are not 99 %."""
    assert "in at least 98" in plain(detours_sentence({"the GRU": detours([9866], 10_000)}, 0.125))


def test_a_model_between_chance_and_right() -> None:
    said = plain(detours_sentence({"the RNN": detours([80, 60])}, 0.125))
    assert "no better" not in said
    assert "at least" not in said


@pytest.mark.parametrize(
    ("right", "said"),
    [
        (
            {"the GRU": [99, 97], "the LSTM": [100, 96], "SASRec": [80, 95], "the RNN": [80, 12]},
            "2 clicks after the camera, the GRU, the LSTM and SASRec still put the lens that fits first; "
            "the RNN can only guess which lens fits.",
        ),
        (
            {"the GRU": [99, 60], "the RNN": [80, 14], "a chain": [9, 2]},  # below guessing is no better
            "2 clicks after the camera, the GRU finds the right lens more often than by guessing; "
            "the RNN and a chain can only guess which lens fits.",
        ),
        ({"the GRU": [99]}, "1 click after the camera, the GRU still puts the lens that fits first."),
    ],
)
def test_the_claim_goes_by_the_longest_detour_and_has_no_other_number(
    right: dict[str, list[int]], said: str
) -> None:
    assert plain(detours_claim({name: detours(counts) for name, counts in right.items()}, 0.125)) == said
