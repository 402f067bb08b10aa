"""Are ranks, sentence and study of hidden clicks what they say?

Oracles: counted and worked out by hand; what was written comes back.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from gru_viz.catalog import Catalog
from gru_viz.errors import InputError
from gru_viz.explain.gap_study import CUTOFFS, WAYS, Found, GapStudy, gap_study_sentence, read
from gru_viz.explain.gaps import GapRanks, gap_ranks, gap_sentence
from gru_viz.explain.words import NBSP, plain
from gru_viz.gaps import Gaps
from gru_viz.learn.paired import standing
from gru_viz.trace import LayerTrace

CATALOG = Catalog(("a", "b", "c"), ("Anvil", "Bell", ""))


def layer(clicks: int) -> LayerTrace:
    values = np.arange(clicks * 2, dtype=float).reshape(clicks, 2) / 10
    return LayerTrace("gru", np.zeros(2), {"z": values, "r": values}, values, values)


def ranks(before: list[int], both: list[int], items: list[int] | None = None) -> GapRanks:
    clicks = np.array(items or [0] * len(both))
    return GapRanks(clicks, np.array([before, both]), np.full((2, len(both)), 0.25), 3)


def said(before: list[int], both: list[int], items: list[int] | None = None) -> str:
    return plain(gap_sentence(ranks(before, both, items), CATALOG))


def test_ranks_and_probabilities() -> None:
    """Oracle: softmax and counting by hand; a tie counts against the item."""
    scores = np.log(np.array([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]]))
    gaps = Gaps(CATALOG, np.array([1, 2]), scores, layer(2), layer(2))
    found = gap_ranks(gaps, np.zeros((2, 3)))
    assert found.rank.tolist() == [[3, 3], [3, 1]]
    np.testing.assert_allclose(found.probability, [[1 / 3, 1 / 3], [0.25, 0.7]])
    assert (len(found), found.n_items) == (2, 3)


def test_the_states_of_both_sides() -> None:
    """Oracle: one click off to either side; the backward record is turned round."""
    gaps = Gaps(CATALOG, np.array([0, 1, 2]), np.zeros((3, 3)), layer(3), layer(3))
    np.testing.assert_allclose(gaps.before, [[0, 0], [0, 0.1], [0.2, 0.3]])
    np.testing.assert_allclose(gaps.after, [[0.2, 0.3], [0, 0.1], [0, 0]])


def test_the_sentence() -> None:
    assert said([3, 3, 1], [3, 1, 2], [0, 1, 0]) == (
        "Hidden click 2, Bell: rank 3 from what came before, rank 1 with what came after. "
        "Of 3 clicks, 1 ranks higher with both sides and 1 lower. "
        "At the last click nothing comes after: rank 2 with both ways, rank 1 from what came before."
    )


def test_the_largest_gain_is_a_ratio() -> None:
    """Oracle: from 3 to 1 is more than from 30 to 20; the first click counts where no other gains."""
    assert said([9, 30, 3, 5], [9, 20, 1, 5]).startswith("Hidden click 3, Anvil: rank 3")
    assert said([50, 3, 2], [1, 2, 2]).startswith("Hidden click 2, Anvil: rank 3 from what came before")
    assert said([50, 3], [1, 3]).startswith(
        "Hidden click 1, Anvil: rank 50 with an empty memory, rank 1 with"
    )


def test_nothing_gained_and_one_click() -> None:
    assert said([1, 2], [1, 3]).startswith("No hidden click of this session ranks higher")
    assert said([2], [3]) == (
        "This session has one click. With it hidden there is nothing to read on either side; "
        "what is left is the score that its item has with an empty memory, rank 3."
    )


def test_an_empty_title_is_called_by_its_id() -> None:
    assert "Hidden click 2, c: " in said([3, 2], [1, 1], [0, 2])


# --- the study


def study(more: float = 0.06, low: float = 0.05, high: float = 0.07) -> GapStudy:
    found = {}
    for place, ways in WAYS.items():
        for way in ways:
            for cutoff in CUTOFFS:
                share = {"before": 0.878, "both": 0.938, "live": 0.826}[way]
                beside = () if way == "before" else (more, (low, high))
                found[place, way, cutoff] = Found(share, (share - 0.01, share + 0.01), *beside)
    return GapStudy({"before": "1", "both": "2"}, 9, {"inside": 40, "last": 9}, found)


def test_it_comes_back(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(json.dumps(study().to_dict()))
    assert read(tmp_path / "s.json") == study()


def test_the_study_in_words() -> None:
    text = plain(gap_study_sentence(study())).replace(NBSP, " ")
    assert text.startswith(
        "Inside a session the hidden item is among the first 10 in 87.8 % from what came before, and in "
        "93.8 % when what came after is read, too: 6.0 points more (5.0 to 7.0). "
    )
    assert "finds 82.6 %: " in text
    assert "5.2 points less (4.0 to 6.3)" in plain(gap_study_sentence(study(-0.052, -0.063, -0.04)))
    cannot = plain(gap_study_sentence(study(0.01, -0.02, 0.03)))
    assert "1.0 points more, which these sessions cannot tell from none (−2.0 to +3.0)" in cannot
    assert "; it puts the item first in 1.0 points more, which these sessions" in cannot
    assert "likely" not in cannot


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.03), (-0.03, 0.0)])
def test_an_interval_that_touches_none_is_not_clear(low: float, high: float) -> None:
    """Oracle: `learn.paired.standing`, which asks that all of it is on one side of 0."""
    assert standing((low, high)) == "level"
    text = plain(gap_study_sentence(study((low + high) / 2, low, high)))
    assert text.count("which these sessions cannot tell from none") == 4


def test_the_last_click_is_put_first_more_often() -> None:
    """The reason is given as a likely one, and only where it is clearly more often."""
    text = plain(gap_study_sentence(study()))
    assert text.endswith(
        "; it puts the item first in 6.0 points more (5.0 to 7.0), likely because the zeros tell it that "
        "the session ends."
    )
    less = plain(gap_study_sentence(study(-0.052, -0.063, -0.04)))
    assert less.endswith("; it puts the item first in 5.2 points less (4.0 to 6.3).")


def changed(path: list, value: object) -> str:
    document = study().to_dict()
    place = document
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return json.dumps(document)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cannot read"),
        ("", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("{}", "'schema'"),
        (changed(["schema"], 2), "schema must be one of 1"),
        (changed(["sessions"], 0), "sessions"),
        (changed(["clicks", "last"], "9"), "clicks.last"),
        (changed(["digests"], []), "digests"),
        (changed(["found"], []), "found"),
        (changed(["found", 0, "share"], 1.5), r"found\[0\].share"),
        (changed(["found", 0, "place"], "nowhere"), r"found\[0\].place"),
        (changed(["found", 0, "interval"], [0.9, 0.1]), r"found\[0\].interval"),
        (changed(["found", 2, "more"], None), r"found\[2\].more"),
        (changed(["found", 0, "cutoff"], 1), "nothing of"),
    ],
)
def test_what_is_no_study(tmp_path: Path, text: str | None, said: str) -> None:
    if text is not None:
        (tmp_path / "s.json").write_text(text)
    with pytest.raises(InputError, match=said) as refusal:
        read(tmp_path / "s.json")
    assert "`python -m gru_viz cells` writes one" in str(refusal.value)
    assert "\n" not in str(refusal.value)
