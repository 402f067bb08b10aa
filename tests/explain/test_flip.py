"""The smallest change that puts another item first.

Oracle: brute force: every subset of clicks, every pair, every replacement and every subset of
units of a tiny model, each recorded on its own.
"""

from __future__ import annotations

from functools import partial
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.edits import Edit, apply
from gru_viz.explain.ablation import ForcedRerun
from gru_viz.explain.flip import (
    Flip,
    smallest_ablation,
    smallest_deletion,
    smallest_replacement,
    smallest_swap,
)
from gru_viz.explain.flip_words import flip_sentence
from gru_viz.explain.words import plain
from gru_viz.interventions import Interventions, ablate, forget
from gru_viz.model import GRU4Rec
from gru_viz.record import record
from gru_viz.rerun import last_clicks
from gru_viz.trace import LayerTrace, Trace
from tests.models import KINDS, random_model, small_catalog

ITEMS = st.lists(st.integers(0, 6), min_size=1, max_size=5)
MODELS = st.tuples(st.sampled_from(sorted(KINDS)), st.integers(0, 30))
LITTLE = 1.0  # work for nothing but the smallest size


def first(trace: Trace) -> int:
    return int(trace.ranking(-1, 1)[0])


def lead(trace: Trace, before: int) -> float:
    """How far the first item is ahead of the one that was."""
    return float(trace.scores[-1].max() - trace.scores[-1, before])


def check(flip: Flip, before: Trace, groups: list[list[Trace]]) -> None:
    """`groups`: the recordings after every change, by its size from 1 up."""
    assert flip.before == first(before)
    assert flip.exhaustive
    for size, traces in enumerate(groups, 1):
        flipped = [trace for trace in traces if first(trace) != flip.before]
        if flipped:
            best = max(lead(trace, flip.before) for trace in flipped)
            assert (flip.size, flip.ways, flip.tried) == (size, len(flipped), len(traces))
            assert flip.margin == pytest.approx(best, abs=1e-9)
            assert flip.after in {first(t) for t in flipped if lead(t, flip.before) > best - 1e-9}
            return
    assert flip.after is None
    assert np.isnan(flip.margin)
    assert (flip.edits, flip.units) == ((), ())


# --- against brute force


@given(MODELS, ITEMS)
def test_deletion(kind_and_seed: tuple[str, int], items: list[int]) -> None:
    """Oracle: every subset of clicks deleted; the edits given lead to what they say."""
    model = random_model(*kind_and_seed, double=True)
    trace = record(model, items)
    groups = [
        [
            record(model, [item for t, item in enumerate(items) if t not in gone])
            for gone in combinations(range(len(items)), size)
        ]
        for size in range(1, len(items))
    ]
    flip = smallest_deletion(trace, partial(last_clicks, model))
    check(flip, trace, groups)
    if flip.after is not None:
        assert first(record(model, apply(flip.edits, items))) == flip.after
        assert len(flip.edits) == flip.size
    assert_said(trace, flip)


@given(MODELS, ITEMS)
def test_swap(kind_and_seed: tuple[str, int], items: list[int]) -> None:
    """Oracle: every pair of different clicks swapped, by how far they are apart."""
    model = random_model(*kind_and_seed, double=True)
    trace = record(model, items)
    groups = []
    for apart in range(1, len(items)):
        pairs = [(a, a + apart) for a in range(len(items) - apart) if items[a] != items[a + apart]]
        swapped = []
        for a, b in pairs:
            other = list(items)
            other[a], other[b] = items[b], items[a]
            swapped.append(record(model, other))
        groups.append(swapped)
    flip = smallest_swap(trace, partial(last_clicks, model))
    check(flip, trace, groups)
    if flip.after is not None:
        assert first(record(model, apply(flip.edits, items))) == flip.after
    assert_said(trace, flip)


@given(MODELS, ITEMS, st.lists(st.integers(0, 6), max_size=4))
def test_replacement(kind_and_seed: tuple[str, int], items: list[int], candidates: list[int]) -> None:
    """Oracle: every click replaced by every candidate that it is not already."""
    model = random_model(*kind_and_seed, double=True)
    trace = record(model, items)
    replaced = [
        record(model, [*items[:t], item, *items[t + 1 :]])
        for t in range(len(items))
        for item in sorted(set(candidates))
        if item != items[t]
    ]
    flip = smallest_replacement(trace, partial(last_clicks, model), candidates)
    check(flip, trace, [replaced])
    if flip.after is not None:
        assert first(record(model, apply(flip.edits, items))) == flip.after
    assert_said(trace, flip)


@given(MODELS, ITEMS, st.booleans(), st.booleans())
def test_units(kind_and_seed: tuple[str, int], items: list[int], forced: bool, lowest: bool) -> None:
    """Oracle: every subset of units ablated, also beside something that is forced already."""
    model = random_model(*kind_and_seed, double=True)
    layer = 0 if lowest else len(model.config.units) - 1
    given_ = (forget(0),) if not forced else (forget(len(items) - 1),)
    trace = record(model, items, given_)
    H = model.config.units[layer]
    groups = [
        [
            record(model, items, [*given_, ablate(units, layer=layer)])
            for units in combinations(range(H), size)
        ]
        for size in range(1, H + 1)
    ]
    flip = smallest_ablation(trace, partial(last_clicks, model), layer=layer)
    check(flip, trace, groups)
    if flip.after is not None:
        assert first(record(model, items, [*given_, ablate(flip.units, layer=layer)])) == flip.after
        assert len(flip.units) == flip.size
    assert flip.layer == layer
    assert_said(trace, flip)


def assert_said(trace: Trace, flip: Flip) -> None:
    said = plain(flip_sentence(trace, flip))
    assert "nan" not in said
    assert "None" not in said
    assert len(said.split()) <= 42
    assert trace.catalog.titles[flip.before] in said or flip.tried == 0
    assert flip.after is None or trace.catalog.titles[flip.after] in said


# --- where every set is too much work


def smallest(groups: list[list[bool]]) -> int | None:
    return next((size for size, flips in enumerate(groups, 1) if any(flips)), None)


@given(MODELS, st.lists(st.integers(0, 6), min_size=3, max_size=6))
def test_greedy_units(kind_and_seed: tuple[str, int], items: list[int]) -> None:
    """Oracle: brute force for the true size; what is given flips, and no member can be left out."""
    model = random_model(*kind_and_seed, double=True)
    trace, rerun = record(model, items), partial(last_clicks, model)
    H = model.config.units[-1]

    def flips(units: tuple[int, ...]) -> bool:
        return first(record(model, items, [ablate(units)])) != first(trace)

    true = smallest([[flips(u) for u in combinations(range(H), size)] for size in range(1, H + 1)])
    flip = smallest_ablation(trace, rerun, work=LITTLE)
    if flip.after is None:
        assert flip.exhaustive == (H == 1)
        assert flip.size == 1
    else:
        assert first(record(model, items, [ablate(flip.units)])) == flip.after
        assert true is not None
        assert len(flip.units) == flip.size >= true
        assert flip.exhaustive == (flip.size <= 2)
        if flip.exhaustive:
            assert flip.size == true
        if flip.size > 1:
            assert not any(flips(fewer) for fewer in combinations(flip.units, flip.size - 1))
    assert_said(trace, flip)


@given(MODELS, st.lists(st.integers(0, 6), min_size=3, max_size=6))
def test_greedy_deletion_and_swap_and_replacement(kind_and_seed: tuple[str, int], items: list[int]) -> None:
    """Oracle: what is given flips, and it says that not all was tried."""
    model = random_model(*kind_and_seed, double=True)
    trace, rerun = record(model, items), partial(last_clicks, model)
    found = [
        smallest_deletion(trace, rerun, work=LITTLE),
        smallest_swap(trace, rerun, work=LITTLE),
        smallest_replacement(trace, rerun, [0, 3, 5], work=LITTLE),
    ]
    for flip in found:
        if flip.after is not None:
            assert first(record(model, apply(flip.edits, items))) == flip.after
        assert_said(trace, flip)
    assert found[1].after is not None or found[1].size <= 1 or not found[1].exhaustive
    assert found[2].tried <= len(items)
    assert found[2].after is not None or not found[2].exhaustive


def made_up(effects: list[float], *flipping: set[int]) -> tuple[Trace, ForcedRerun]:
    """A recording and a rerun in which just these sets of units, and what holds one, put item 1 first.

    effects: how much closer one unit alone brings it
    """

    def traced(margin: float) -> Trace:
        h = np.zeros((1, len(effects)))
        layer = LayerTrace("gru", h[0], {"z": h, "r": h}, h, h)
        return Trace(small_catalog(2), np.array([0]), np.array([[0.0, margin]]), (layer,))

    def rerun(sessions: list[np.ndarray], forced: list[Interventions]) -> list[Trace]:
        held = [set(interventions[-1].units or ()) for interventions in forced]
        return [
            traced(1.0 if any(units >= those for those in flipping) else -9 + max(effects[u] for u in units))
            for units in held
        ]

    return traced(-9.0), rerun


def test_greedy_by_hand() -> None:
    """Oracle: {1, 3, 4} and {0, 2, 5} flip; 1, 3, 2, 4 are added in this order, and 2 left out again."""
    trace, rerun = made_up([0.1, 0.6, 0.4, 0.5, 0.3, 0.2], {1, 3, 4}, {0, 2, 5})
    flip = smallest_ablation(trace, rerun, work=LITTLE)
    assert (flip.units, flip.size, flip.exhaustive, flip.after) == ((1, 3, 4), 3, False, 1)
    assert "a smaller set may do it" in plain(flip_sentence(trace, flip))


def test_greedy_finds_the_smallest_where_only_one_size_is_left_out() -> None:
    """Oracle: singles were all tried and none flips, so no pair that does is too large."""
    trace, rerun = made_up([0.2, 0.1], {0, 1})
    flip = smallest_ablation(trace, rerun, work=LITTLE)
    assert (flip.units, flip.size, flip.exhaustive) == ((0, 1), 2, True)


def test_greedy_that_finds_nothing_says_so() -> None:
    """Oracle: nothing flips; all six single units were tried and not all of the larger sets."""
    trace, rerun = made_up([0.2, 0.1, 0.0, 0.0, 0.0, 0.3])
    flip = smallest_ablation(trace, rerun, work=LITTLE)
    assert (flip.after, flip.size, flip.tried, flip.exhaustive) == (None, 1, 6, False)
    assert "Larger sets were tried only in part" in plain(flip_sentence(trace, flip))
    assert smallest_ablation(trace, rerun).exhaustive


# --- what it asks for


def test_the_work_is_bounded() -> None:
    """Oracle: a session of 60 clicks: every deletion, adjacent swap and single unit, but not every pair."""
    model = random_model("reset before", 3)
    items = np.random.default_rng(0).integers(0, 7, 60).tolist()
    trace = record(model, items)
    runs = [0]

    def rerun(sessions: list[np.ndarray], *forced: object) -> list[Trace]:
        runs[0] += len(sessions)
        return last_clicks(model, sessions, *forced)

    work = 60 * 1e6
    for search in (smallest_deletion, smallest_swap):
        runs[0] = 0
        flip = search(trace, rerun, work=work)
        assert 40 <= runs[0] <= 60 + work / 2e5 + 60
        assert flip.tried > 0


def test_few_scores_at_a_time(model: GRU4Rec, clicks: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: the same in one call; 7 items allow two sessions at a time."""
    trace = record(model, clicks)
    at_once = smallest_deletion(trace, partial(last_clicks, model))
    monkeypatch.setattr("gru_viz.explain.flip.SCORES_AT_ONCE", 15)
    sizes = []

    def rerun(sessions: list[np.ndarray]) -> list[Trace]:
        sizes.append(len(sessions))
        return last_clicks(model, sessions)

    found = smallest_deletion(trace, rerun)
    assert max(sizes) == 2
    assert (found.edits, found.ways, found.tried) == (at_once.edits, at_once.ways, at_once.tried)


def test_up_to_the_step(model: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: the session that ends there."""
    rerun = partial(last_clicks, model)
    for step in range(len(clicks)):
        part = record(model, clicks[: step + 1])
        for search in (smallest_deletion, smallest_swap, smallest_ablation):
            at_step, alone = search(record(model, clicks), rerun, step=step), search(part, rerun)
            assert (at_step.edits, at_step.units, at_step.after) == (alone.edits, alone.units, alone.after)
            assert at_step.step == step


def test_an_edit_of_a_forced_recording_is_refused(model: GRU4Rec, clicks: list[int]) -> None:
    trace, rerun = record(model, clicks, [forget(2)]), partial(last_clicks, model)
    for search in (smallest_deletion, smallest_swap, partial(smallest_replacement, candidates=[1])):
        with pytest.raises(ValueError, match="without interventions"):
            search(trace, rerun)


def test_scores_that_were_not_kept(model: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: a rerun that keeps one score: the margin is at least 0 and the flip is the same."""
    trace, found = (
        record(model, clicks),
        smallest_deletion(record(model, clicks), partial(last_clicks, model)),
    )

    def only_the_best(sessions: list[np.ndarray]) -> list[Trace]:
        cut = []
        for one in last_clicks(model, sessions):
            best = one.ranking(-1, 1)
            cut.append(Trace(one.catalog, one.items, one.scores[:, best], (), best[None], one.log_normalizer))
        return cut

    rough = smallest_deletion(trace, only_the_best)
    assert (rough.size, rough.ways, rough.tried) == (found.size, found.ways, found.tried)
    assert rough.margin == 0


def test_one_item_and_one_click() -> None:
    """Oracle: nothing else can come first, nothing can be deleted or swapped."""
    model = random_model(n_items=1)
    trace, rerun = record(model, [0, 0, 0]), partial(last_clicks, model)
    for search in (smallest_deletion, smallest_swap, smallest_ablation):
        assert search(trace, rerun).after is None
    assert (
        plain(flip_sentence(trace, smallest_swap(trace, rerun)))
        == "There are no two different clicks to swap."
    )
    alone = record(random_model(), [3])
    flip = smallest_deletion(alone, partial(last_clicks, random_model()))
    assert plain(flip_sentence(alone, flip)) == "There is only one click, so none can be deleted."
    none = smallest_replacement(alone, partial(last_clicks, random_model()), [3])
    assert plain(flip_sentence(alone, none)) == "There is nothing to replace a click by."


# --- words


def told(**values) -> str:
    """The sentence of a flip with these values, of a session of items C, A, A, F."""
    trace = Trace(small_catalog(), np.array([2, 0, 0, 5]), np.zeros((4, 7)), ())
    usual = {"kind": "deletion", "before": 1, "after": 4, "edits": (), "units": (), "margin": 0.5, "ways": 1}
    usual |= {"tried": 4, "size": 1, "exhaustive": True, "layer": None, "step": 3}
    return plain(flip_sentence(trace, Flip(**(usual | values))))


def test_sentences_by_hand() -> None:
    """Oracle: written out."""
    first_instead = "Item E comes first instead of Item B."
    assert told(edits=(Edit("delete", 0),)) == (
        f"Without click 1 (Item C), {first_instead} "
        "All 4 single clicks were tried: only this puts another item first."
    )
    assert told(edits=(Edit("delete", 3), Edit("delete", 0)), size=2) == (
        f"Without click 1 (Item C) and click 4 (Item F), {first_instead} "
        "No smaller set puts another item first."
    )
    assert told(edits=tuple(Edit("delete", n) for n in (3, 2, 1, 0)), size=4, exhaustive=False) == (
        f"Without clicks 1, 2, 3 and 4, {first_instead} "
        "Found step by step, greedily: a smaller set may do it, too."
    )
    assert told(kind="swap", edits=(Edit("swap", 0, other=3),), size=3) == (
        f"With click 1 (Item C) and click 4 (Item F) swapped, {first_instead} "
        "No closer pair puts another item first."
    )
    assert told(kind="replacement", edits=(Edit("replace", 1, 6),), ways=2, tried=1040) == (
        f"With click 2 (Item A) replaced by Item G, {first_instead} 1,040 replacements were tried: "
        "2 put another item first, this one by the widest margin."
    )
    assert told(edits=(Edit("delete", 3), Edit("delete", 0)), size=2, ways=3).endswith(
        "No smaller set puts another item first. 3 of this size do, this one by the widest margin."
    )
    assert told(edits=(Edit("delete", 0),), tried=1).endswith("There is no other such change.")
    assert told(kind="units", units=(48,), ways=20, tried=64, layer=0) == (
        f"With unit 48 held at 0, {first_instead} All 64 single units were tried: "
        "20 put another item first, this one by the widest margin."  # not all of them Item E
    )
    assert told(kind="units", units=(3,), layer=0).startswith(f"With unit 3 held at 0, {first_instead}")
    assert told(kind="units", units=tuple(range(9)), layer=0).startswith("With 9 units held at 0, ")


def test_sentences_of_nothing_found_by_hand() -> None:
    """Oracle: written out; it never claims more than was tried."""
    nothing = {"after": None, "margin": float("nan"), "ways": 0}
    assert told(**nothing) == "No deletion changes what comes first, Item B."
    assert told(**nothing, exhaustive=False, size=2) == (
        "No deletion of up to 2 of the clicks changes what comes first, Item B. "
        "Larger sets were tried only in part."
    )
    assert told(**nothing, kind="swap", exhaustive=False, size=1) == (
        "No swap of clicks up to one apart changes what comes first, Item B."
    )
    assert told(**nothing, kind="replacement", exhaustive=False) == (
        "No replacement that was tried changes what comes first, Item B."
    )
    assert told(**nothing, kind="units", exhaustive=False, size=1) == (
        "No set of units held at 0 of up to one changes what comes first, Item B. "
        "Larger sets were tried only in part."
    )
