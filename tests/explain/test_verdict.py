"""Which clicks matter? Oracles: sentences spelled out; the shipped model in a detour."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gru_viz
from gru_viz.catalog import Catalog
from gru_viz.explain.deletion import Deletion
from gru_viz.explain.verdict import matters, verdict
from gru_viz.explain.why import Why, why
from gru_viz.explain.words import NBSP, plain
from gru_viz.model import GRU4Rec
from gru_viz.record import record, record_batch
from gru_viz.rerun import last_clicks
from gru_viz.trace import Trace
from tests.explain.cases import SESSIONS
from tests.models import KINDS, random_model

ROOT = Path(__file__).parents[2]
CATALOG = Catalog(tuple("abcdef"), ("Camera", "Mug", "Knife", "Tent", "Lens", "Bag"))
LENS, BAG = 4, 5
BANNED = ("caus", "because", "think", "due to", "nan", "inf", "\n")


def given_deletion(removed: Deletion, against: int | None = None) -> tuple[Trace, Why]:
    items = np.arange(len(removed)) % 4
    trace = Trace(CATALOG, items, np.zeros((len(items), 1000)), ())
    return trace, Why(LENS, against, None, None, removed, ())


def told(
    places: list[tuple[float, float]],
    rank: int | None = 1,
    probability: float = 0.5,
    drops: list[float] | None = None,
) -> str:
    """Of Lens, given its (rank, probability) without each click."""
    ranks, probabilities = (np.array(column, dtype=float) for column in zip(*places, strict=True))
    score_drop = np.log(probability / probabilities) if drops is None else np.array(drops)
    removed = Deletion(9.0, score_drop, probability, probability - probabilities, rank, ranks)
    trace, answer = given_deletion(removed)
    return plain(verdict(trace, answer)).replace(NBSP, " ")


def told_against(score: float, without: list[float]) -> str:
    nothing = np.zeros(len(without))
    removed = Deletion(score, score - np.array(without), 0.0, nothing, 1, nothing + 1)
    trace, answer = given_deletion(removed, BAG)
    return plain(verdict(trace, answer))


def test_two_clicks_matter() -> None:
    assert told([(12, 0.02), (1, 0.48), (1, 0.52), (174, 0.001)]) == (
        "Lens is at rank 1 (50 %). Without click 1, Camera, it would be at rank 12 (2 %); "
        "without click 4, Tent, at rank 174 (under 1 %). The other 2 clicks hardly matter."
    )
    assert told([(12, 0.02), (1, 0.48)]).endswith("(2 %). The other click hardly matters.")
    assert told([(12, 0.02), (3, 0.2)]).endswith("without click 2, Mug, at rank 3 (20 %).")


def test_at_most_two_are_named_and_the_others_counted() -> None:
    places = [(2, 0.3), (12, 0.02), (3, 0.2), (1, 0.5)]
    assert told(places) == (
        "Lens is at rank 1 (50 %). Without click 2, Mug, it would be at rank 12 (2 %); "
        "without click 3, Knife, at rank 3 (20 %). Of the other 2 clicks 1 matters too."
    )
    assert told([*places, (1, 0.7), (1, 0.8)]).endswith(
        "Of the other 4 clicks 1 matters too and 2 hold it back."
    )
    assert told([*places[:3], *places[:2]]).endswith("The other 3 clicks matter too.")


def test_the_largest_drops_of_the_score_are_named() -> None:
    assert "Without click 1, Camera, it would be at rank 2 (30 %); without click 3, Knife," in told(
        [(2, 0.3), (12, 0.02), (3, 0.2)], drops=[3.0, 1.0, 2.0]
    )


def test_nothing_matters() -> None:
    assert told([(1, 0.48), (1, 0.52)]) == (
        "Lens is at rank 1 (50 %). No single click matters much: "
        "without any one of them it would be at rank 1 (48 % to 52 %)."
    )
    assert told([(30, 0.001), (32, 0.0001)], rank=31, probability=0.001).endswith(
        "it would be between rank 30 and 32 (under 1 %)."
    )


def test_a_click_that_holds_it_back() -> None:
    assert told([(3, 0.2), (1, 0.6), (2, 0.3)], rank=3, probability=0.2) == (
        "Lens is at rank 3 (20 %). No click helps it noticeably. "
        "Without click 2, Mug, it would be at rank 1 (60 %). Of the other 2 clicks 1 holds it back."
    )


def test_one_click() -> None:
    nothing = np.array([np.nan])
    trace, answer = given_deletion(Deletion(9.0, nothing, 0.25, nothing, 3, nothing))
    assert plain(verdict(trace, answer)).replace(NBSP, " ") == (
        "Lens is at rank 3 (25 %). There is only click 1, Camera, so none can be deleted."
    )


def test_thresholds() -> None:
    """A tenth of the probability where it can be seen, a tenth of the rank and a place."""

    def one(rank: int, probability: float, rank_without: float, without: float) -> tuple[bool, bool]:
        columns = (np.array([value, value]) for value in (0.0, probability - without, rank_without))
        drop, change, ranks = columns
        helps, hinders = matters(*given_deletion(Deletion(1.0, drop, probability, change, rank, ranks)))
        return bool(helps[0]), bool(hinders[0])

    assert one(1, 0.5, 1, 0.46) == (False, False)
    assert one(1, 0.5, 1, 0.44) == (True, False)
    assert one(1, 0.5, 1, 0.56) == (False, True)
    assert one(1, 0.5, 2, 0.5) == (True, False)
    assert one(2, 0.5, 1, 0.5) == (False, True)
    assert one(100, 0.001, 109, 0.0001) == (False, False)
    assert one(100, 0.001, 110, 0.0001) == (True, False)
    assert one(100, 0.001, 90, 0.0001) == (False, True)
    assert one(100, 0.001, 100, 0.02) == (False, True)
    assert one(2, 0.3, 3, 0.4) == (True, False)
    assert one(3, 0.5, 2, 0.4) == (False, True)  # what is at a higher rank is not helped by the click


def test_a_and_b() -> None:
    assert told_against(5.3, [2.3, 5.3, 5.2, -1.0]) == (
        "Lens scores 5.30 above Bag. Without click 1, Camera, it would be 2.30 above; "
        "without click 4, Tent, 1.00 below. The other 2 clicks hardly matter."
    )
    assert told_against(5.3, [5.2, 5.4]) == (
        "Lens scores 5.30 above Bag. No single click matters much: "
        "without any one of them it would be 5.20 to 5.40 above."
    )
    assert told_against(-1.0, [-0.95, -0.5, 0.2]) == (
        "Lens scores 1.00 below Bag. No click helps it noticeably. Without click 3, Knife, it would be "
        "0.20 above. Of the other 2 clicks 1 holds it back."
    )
    assert "Without click 1, Camera, it would be 0.01 below." in told_against(0.01, [-0.01, 0.01])
    assert told_against(-1.0, [-1.0, -1.0]).endswith("without any one of them it would be 1.00 below.")


def test_ranks_that_are_not_known() -> None:
    """Oracle: 1,000 scores are kept; a rank that is missing is behind these."""
    assert told([(np.nan, 0.0001), (1, 0.5)]).startswith(
        "Lens is at rank 1 (50 %). Without click 1, Camera, it would be behind the first 1,000 (under 1 %)."
    )
    assert told([(np.nan, 0.0001), (2345, 0.0001)], rank=None, probability=0.0001).endswith(
        "without any one of them it would be behind the first 1,000 (under 1 %)."
    )
    assert told([(np.nan, 0.0001), (900, 0.001)], rank=None, probability=0.0001) == (
        "Lens is behind the first 1,000 (under 1 %). No click helps it noticeably. "
        "Without click 2, Mug, it would be at rank 900 (under 1 %). The other click hardly matters."
    )


def test_scores_that_are_not_known() -> None:
    unknown = np.array([np.nan, 0.1])
    trace, answer = given_deletion(Deletion(np.nan, unknown, np.nan, unknown, None, unknown))
    assert plain(verdict(trace, answer)).startswith("The scores of these items were not kept")
    trace, answer = given_deletion(Deletion(9.0, unknown, 0.5, unknown, 1, np.array([np.nan, 2.0])))
    assert plain(verdict(trace, answer)).replace(NBSP, " ") == (
        "Lens is at rank 1 (50 %). Without click 1, Camera, it would be behind the first 1,000; "
        "without click 2, Mug, at rank 2 (40 %)."
    )
    assert told_against(5.0, [np.nan, 1.0, 5.0]).endswith("above. Of the other 2 clicks 1 cannot be told.")


@given(
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(sorted(SESSIONS)),
    st.integers(0, 3),
    st.sampled_from([None, 4]),
    st.booleans(),
)
def test_any_model(kind: str, session: str, seed: int, against: int | None, double: bool) -> None:
    """Numbers are those of the deletion, and a click never both helps and hinders."""
    model = random_model(kind, seed, double=double)
    trace = record(model, SESSIONS[session])
    answer = why(trace, model.weights(), 1, partial(last_clicks, model), against)
    sentence = verdict(trace, answer)
    said = plain(sentence)
    assert not [word for word in BANNED if word in said.lower()]
    assert {part.text for part in sentence if part.kind == "item"} <= set(trace.catalog.titles)
    helps, hinders = matters(trace, answer)
    assert not (helps & hinders).any()
    assert ("No single click" in said) == (len(trace) > 1 and not helps.any() and not hinders.any())


@pytest.mark.parametrize("against", [None, 4])
@pytest.mark.parametrize("kind", ["reset before", "feed-forward, relu"])
def test_a_cut_catalogue(
    kind: str, against: int | None, clicks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the shortened sessions are cut, as `record_batch` does."""
    monkeypatch.setattr("gru_viz.record.FULL_SCORES", 1)
    monkeypatch.setattr("gru_viz.record.KEPT_SCORES", 2)
    model: GRU4Rec = random_model(kind)
    trace = record(model, clicks)
    for run in (last_clicks, record_batch):
        for item in set(range(7)) - {against}:
            answer = why(trace, model.weights(), item, partial(run, model), against)
            said = plain(verdict(trace, answer))
            assert not [word for word in BANNED if word in said.lower()]


def test_the_camera_decides_which_lens() -> None:
    """Oracle: the process; the session ends where the lens is due, at the cue."""
    model = gru_viz.load(ROOT / "sample_data")
    between = ["chef-knife", "paring-knife", "string-lights", "hammock", "lighthouse", "memory-card"]
    trace = record(model, ["halden-h60", *between])
    lens, other = model.catalog.indices(["halden-45", "sarno-55"])
    rerun = partial(last_clicks, model)
    assert "Without click 1, Halden H60 Camera, it would be at rank" in plain(
        verdict(trace, why(trace, model.weights(), lens, rerun))
    )
    against = plain(verdict(trace, why(trace, model.weights(), lens, rerun, other)))
    assert against.startswith("Halden 45 mm Lens scores ")
    assert "Without click 1, Halden H60 Camera" in against


def test_at_an_earlier_step() -> None:
    """Oracle: the trace that ends there."""
    model = random_model(double=True)
    trace, rerun = record(model, [2, 0, 0, 5, 2]), partial(last_clicks, model)
    for step in (0, 2):
        short = record(model, trace.items[: step + 1])
        here = verdict(trace, why(trace, model.weights(), 1, rerun, step=step), step)
        assert plain(here) == plain(verdict(short, why(short, model.weights(), 1, rerun)))
