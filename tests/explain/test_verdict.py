"""Which clicks matter? Oracles: sentences spelled out; the shipped model in a detour."""

from __future__ import annotations

import re
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
from gru_viz.record import record
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
    trace = Trace(CATALOG, items, np.tile(np.arange(6.0), (len(items), 1)), ())
    return trace, Why(LENS, against, None, None, removed, ())


def told(
    places: list[tuple[float, float]],
    rank: int = 1,
    probability: float = 0.5,
    drops: list[float] | None = None,
) -> str:
    """Of Lens, given its (rank, probability) without each click."""
    ranks, probabilities = (np.array(column, dtype=float) for column in zip(*places, strict=True))
    drop = np.log(probability / probabilities) if drops is None else np.array(drops)
    trace, answer = given_deletion(Deletion(9.0, drop - 1, drop, probability, probabilities, rank, ranks))
    return plain(verdict(trace, answer)).replace(NBSP, " ")


def told_against(odds: float, without: list[float]) -> str:
    """Of Lens against Bag, given how many times as likely it is, with all clicks and without each."""
    drop, nothing = np.log(odds / np.array(without)), np.zeros(len(without))
    trace, answer = given_deletion(Deletion(np.log(odds), drop, drop, 0.0, nothing, 1, nothing + 1), BAG)
    return plain(verdict(trace, answer))


def test_two_clicks_matter() -> None:
    assert told([(12, 0.02), (1, 0.48), (1, 0.52), (174, 0.001)]) == (
        "Lens is at rank 1 (50 %). Without click 1, Camera, it would drop to rank 12 (2 %); "
        "without click 4, Tent, to rank 174 (under 1 %). The other 2 clicks hardly matter."
    )
    assert told([(12, 0.02), (1, 0.48)]).endswith("(2 %). The other click hardly matters.")
    assert told([(12, 0.02), (3, 0.2)]).endswith("without click 2, Mug, to rank 3 (20 %).")


def test_a_rank_that_stays() -> None:
    assert told([(1, 0.24), (2, 0.2)], probability=0.33) == (
        "Lens is at rank 1 (33 %). Without click 1, Camera, it would stay first, with 24 % instead of 33 %; "
        "without click 2, Mug, it would drop to rank 2 (20 %)."
    )
    assert "it would stay at rank 4, with 5 % instead of 20 %;" in told([(4, 0.05)] * 2, 4, 0.2)


def test_at_most_two_are_named_and_the_others_counted() -> None:
    places = [(2, 0.3), (12, 0.02), (3, 0.2), (1, 0.5)]
    assert told(places) == (
        "Lens is at rank 1 (50 %). Without click 2, Mug, it would drop to rank 12 (2 %); "
        "without click 3, Knife, to rank 3 (20 %). Click 1 matters too."
    )
    assert told([*places, (1, 0.7), (1, 0.8)]).endswith(
        "Click 1 matters too; 2 of the other 4 clicks hold it back."
    )
    assert told([*places, (1, 0.7)]).endswith("Click 1 matters too; click 5 holds it back.")
    assert told([*places[:3], *places[:2]]).endswith("The other 3 clicks matter too.")


def test_the_largest_drops_are_named() -> None:
    assert "Without click 1, Camera, it would drop to rank 2 (30 %); without click 3, Knife," in told(
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
        "Without click 2, Mug, it would rise to rank 1 (60 %). Click 3 holds it back."
    )


def test_one_click() -> None:
    nothing = np.array([np.nan])
    trace, answer = given_deletion(Deletion(9.0, nothing, nothing, 0.25, nothing, 3, nothing))
    assert plain(verdict(trace, answer)).replace(NBSP, " ") == (
        "Lens is at rank 3 (25 %). There is only click 1, Camera, so none can be deleted."
    )


def test_all_items_alike() -> None:
    """Oracle: equal scores, which order nothing."""
    one = np.ones(2)
    trace, answer = given_deletion(Deletion(9.0, 0 * one, 0 * one, 1 / 6, one / 6, 5, 5 * one))
    trace = Trace(CATALOG, trace.items, np.ones((2, 6)), ())
    assert plain(verdict(trace, answer)).startswith("All items score the same here")


def test_thresholds() -> None:
    """A tenth of the probability where it can be seen, a tenth of the rank and a place."""

    def one(rank: int, probability: float, rank_without: float, without: float) -> tuple[bool, bool]:
        drop, chance, ranks = (np.array([value, value]) for value in (0.0, without, rank_without))
        helps, hinders = matters(
            given_deletion(Deletion(1.0, drop, drop, probability, chance, rank, ranks))[1]
        )
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
    assert told_against(203, [13.4, 203, 190, 0.44]) == (
        "Lens is about 200 times as likely as Bag. Without click 1, Camera, 13 times; "
        "without click 4, Tent, Bag would lead, 2.3 times as likely. The other 2 clicks hardly matter."
    )
    assert told_against(203, [180, 220]) == (
        "Lens is about 200 times as likely as Bag. No single click matters much: "
        "without any one of them it would be 180 to 220 times as likely."
    )
    assert told_against(0.4, [0.41, 0.8, 1.03]) == (
        "Bag is about 2.5 times as likely as Lens. No click helps it noticeably. "
        "Without click 3, Knife, they would be about as likely. Click 2 holds it back."
    )
    assert told_against(1.03, [0.97, 1.04]) == (
        "Lens is about as likely as Bag. No single click matters much: "
        "without any one of them that would hardly change."
    )
    assert told_against(1.03, [0.5, 1.03]).startswith(
        "Lens is about as likely as Bag. Without click 1, Camera, Bag would lead, 2 times as likely."
    )
    assert told_against(330, [0.77, 2.2]).endswith(
        "Without click 1, Camera, Bag would lead, 1.3 times as likely; "
        "without click 2, Mug, Lens would still lead, 2.2 times as likely."
    )
    assert told_against(330, [0.77, 0.5]).endswith("1.3 times as likely; without click 2, Mug, 2 times.")
    assert told_against(1e9, [1e9, 1e4]).startswith(
        "Lens is over 1,000,000 times as likely as Bag. Without click 2, Mug, 10,000 times."
    )
    assert told_against(8.04, [8.04, 8.04]).startswith("Lens is about 8 times as likely as Bag.")


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
    helps, hinders = matters(answer)
    assert not (helps & hinders).any()
    assert ("No single click" in said) == (len(trace) > 1 and not helps.any() and not hinders.any())


@pytest.mark.parametrize("against", [None, 4])
@pytest.mark.parametrize("kind", ["reset before", "feed-forward, relu"])
def test_a_cut_catalogue(
    kind: str, against: int | None, clicks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Oracle: what is said of the whole one."""
    model: GRU4Rec = random_model(kind)
    rerun, items = partial(last_clicks, model), set(range(7)) - {against}

    def verdicts() -> list[str]:
        trace = record(model, clicks)
        return [
            plain(verdict(trace, why(trace, model.weights(), item, rerun, against))) for item in sorted(items)
        ]

    whole = verdicts()
    monkeypatch.setattr("gru_viz.record.FULL_SCORES", 1)
    monkeypatch.setattr("gru_viz.record.KEPT_SCORES", 2)
    assert verdicts() == whole


def test_the_camera_decides_which_lens() -> None:
    """Oracle: the process; the session ends where the lens is due, at the cue."""
    model = gru_viz.load(ROOT / "sample_data")
    between = ["chef-knife", "paring-knife", "string-lights", "hammock", "lighthouse", "memory-card"]
    trace = record(model, ["halden-h60", *between])
    lens, other = model.catalog.indices(["halden-45", "sarno-55"])
    rerun = partial(last_clicks, model)
    assert "Without click 1, Halden H60 Camera, it would drop to rank" in plain(
        verdict(trace, why(trace, model.weights(), lens, rerun))
    )
    against = plain(verdict(trace, why(trace, model.weights(), lens, rerun, other)))
    assert re.match(r"Halden 45 mm Lens is about \d+ times as likely as Sarno 55 mm Lens\. ", against)
    assert "Without click 1, Halden H60 Camera" in against


def test_at_an_earlier_step() -> None:
    """Oracle: the trace that ends there."""
    model = random_model(double=True)
    trace, rerun = record(model, [2, 0, 0, 5, 2]), partial(last_clicks, model)
    for step in (0, 2):
        short = record(model, trace.items[: step + 1])
        here = verdict(trace, why(trace, model.weights(), 1, rerun, step=step), step)
        assert plain(here) == plain(verdict(short, why(short, model.weights(), 1, rerun)))
