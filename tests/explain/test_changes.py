"""What changed between two recordings. Oracles: traces written by hand; SciPy-free sums in float64."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.edits import Edit
from gru_viz.explain.changes import (
    changes,
    changes_sentence,
    distance_sentence,
    held_differences,
    same_clicks,
)
from gru_viz.explain.words import plain
from gru_viz.interventions import forget, no_memory
from gru_viz.model import GRU4Rec
from gru_viz.record import record
from gru_viz.trace import Trace
from tests.models import KINDS, random_model, small_catalog


def scored(*rows: list[float], n_items: int | None = None) -> Trace:
    """A trace with these probabilities after each click and nothing else."""
    scores = np.log(np.array(rows))
    return Trace(small_catalog(n_items or scores.shape[1]), np.zeros(len(rows), dtype=np.int64), scores, ())


def cut(scores: list[float], items: list[int], normalizer: float = 0.0) -> Trace:
    """A trace of one click that kept only these items' probabilities."""
    return Trace(
        small_catalog(5),
        np.array([0]),
        np.log([scores]),
        (),
        scored=np.array([items]),
        normalizer=np.array([normalizer]),
    )


REFERENCE = scored([0.7, 0.2, 0.1], [0.5, 0.25, 0.25])
VARIANT = scored([0.2, 0.2, 0.6])


def test_by_hand() -> None:
    """Oracle: read off; KL = ½ ln(½ / 0.2) + ¼ ln(¼ / 0.2) + ¼ ln(¼ / 0.6)."""
    found = changes(REFERENCE, VARIANT, k=2)
    assert found.items.tolist() == [0, 1, 2]
    assert found.rank.tolist() == [[1, 2, 3], [2, 3, 1]]
    np.testing.assert_allclose(found.probability, [[0.5, 0.25, 0.25], [0.2, 0.2, 0.6]])
    assert found.overlap == 0.5
    assert found.kl == pytest.approx(0.5 * np.log(2.5) + 0.25 * np.log(1.25) + 0.25 * np.log(0.25 / 0.6))
    assert (found.item, found.k, found.steps) == (0, 2, (1, 0))
    np.testing.assert_allclose(found.course[0], [0.7, 0.5])
    np.testing.assert_allclose(found.course[1], [0.2])
    assert plain(changes_sentence(REFERENCE, VARIANT, found)) == (
        "Item C (60\u00a0%) comes first instead of Item A, which falls to rank 2; 1 of 2 best items stay. "
        "Item A goes from 50\u00a0% to 20\u00a0%."
    )
    assert plain(distance_sentence(found)) == (
        "How far all probabilities moved: KL divergence 0.30 nats, 0 where none did."
    )


def test_a_chosen_item_and_steps() -> None:
    """Oracle: read off."""
    found = changes(REFERENCE, REFERENCE, (0, 1), k=2, item=1)
    np.testing.assert_allclose(found.course[0], [0.2])
    np.testing.assert_allclose(found.course[1], [0.2, 0.25])
    assert plain(changes_sentence(REFERENCE, REFERENCE, found)) == (
        "Item A stays first, at 50\u00a0% instead of 70\u00a0%; 2 of 2 best items stay. "
        "Item B goes from 20\u00a0% to 25\u00a0%."
    )


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([[0.5, 0.3, 0.2], [0.2, 0.304, 0.496]], "Item B stays at 30\u00a0%."),
        ([[0.4, 0.301, 0.299], [0.401, 0.299, 0.3]], "Item B stays at 30\u00a0% (rank 2 to 3)."),
        ([[0.993, 0.005, 0.002], [0.995, 0.002, 0.003]], "Item B stays under 1\u00a0% (rank 2 to 3)."),
    ],
)
def test_a_share_that_reads_the_same_is_not_said_to_go_anywhere(shares: list[list[float]], said: str) -> None:
    """Oracle: written out."""
    one, two = (scored(row) for row in shares)
    assert plain(changes_sentence(one, two, changes(one, two, k=2, item=1))).endswith(said)


def test_nothing_changed(any_model: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: a recording against itself."""
    trace = record(any_model, clicks)
    found = changes(trace, record(any_model, clicks), k=3)
    assert found.overlap == 1
    assert found.kl == 0
    np.testing.assert_array_equal(found.rank[0], [1, 2, 3])
    np.testing.assert_array_equal(found.rank[1], found.rank[0])
    np.testing.assert_array_equal(*found.course)
    said = plain(changes_sentence(trace, trace, found))
    assert said.endswith("3 of 3 best items stay.")
    assert "instead" not in said


@given(st.sampled_from(sorted(KINDS)), st.lists(st.integers(0, 6), min_size=1, max_size=8), st.data())
def test_against_a_second_computation(kind: str, items: list[int], data: st.DataObject) -> None:
    """Oracle: softmax, ranks and sums written out, one item at a time."""
    model = random_model(kind, double=True)
    t = data.draw(st.integers(0, len(items) - 1))
    pair = record(model, items), record(model, items, [forget(t)])
    found = changes(*pair, k=3, item=4)
    p, q = (np.exp(trace.scores[-1]) / np.exp(trace.scores[-1]).sum() for trace in pair)
    assert found.kl == pytest.approx(sum(a * np.log(a / b) for a, b in zip(p, q, strict=True)), abs=1e-12)
    for row, shares in enumerate((p, q)):
        np.testing.assert_allclose(found.probability[row], shares[found.items], atol=1e-12)
        assert found.rank[row].tolist() == [1 + sum(shares > shares[i]) for i in found.items]
        assert found.course[row][-1] == pytest.approx(shares[4])
    best = [set(np.argsort(-shares)[:3]) for shares in (p, q)]
    assert found.overlap == pytest.approx(len(best[0] & best[1]) / 3)
    assert set(found.items) == best[0] | best[1]
    said = plain(changes_sentence(*pair, found))
    assert "nan" not in said
    assert len(said.split()) <= 40


# --- catalogues of which only the best scores are kept


def test_a_cut_catalogue_by_hand() -> None:
    """Oracle: read off; what was not kept is NaN and said, never guessed."""
    reference, variant = cut([0.4, 0.3], [2, 0]), cut([0.5, 0.1], [1, 2])
    found = changes(reference, variant, k=10)
    assert found.k == 2
    assert found.items.tolist() == [2, 0, 1]
    np.testing.assert_array_equal(found.rank, [[1, 2, np.nan], [2, np.nan, 1]])
    np.testing.assert_allclose(found.probability, [[0.4, 0.3, np.nan], [0.1, np.nan, 0.5]])
    assert np.isnan(found.kl)
    assert distance_sentence(found) == ()
    assert found.overlap == 0.5
    assert plain(changes_sentence(reference, variant, found)) == (
        "Item B (50\u00a0%) comes first instead of Item C, which falls to rank 2; 1 of 2 best items stay. "
        "Item C goes from 40\u00a0% to 10\u00a0%."
    )
    gone = cut([0.5, 0.1], [1, 3])
    said = plain(changes_sentence(reference, gone, changes(reference, gone)))
    assert "Item C, which falls behind the first 2; 0 of 2 best items stay. " in said
    assert said.endswith("Item C is behind the kept scores in at least one of them.")
    assert "nan" not in said


def test_a_cut_catalogue_agrees_with_a_full_one(
    model: GRU4Rec, clicks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Oracle: the same with every score."""
    forced = [no_memory(clicks=(7, 7))]
    full = changes(record(model, clicks), record(model, clicks, forced), k=3)
    monkeypatch.setattr("gru_viz.record.FULL_SCORES", 6)
    monkeypatch.setattr("gru_viz.record.KEPT_SCORES", 5)
    found = changes(record(model, clicks), record(model, clicks, forced), k=3)
    assert found.items.tolist() == full.items.tolist()
    assert found.overlap == full.overlap
    kept = ~np.isnan(found.rank)
    assert kept.any()
    np.testing.assert_array_equal(found.rank[kept], full.rank[kept])
    np.testing.assert_allclose(found.probability[kept], full.probability[kept], atol=1e-6)


def test_two_catalogues_are_refused() -> None:
    with pytest.raises(ValueError, match="one catalogue"):
        changes(REFERENCE, scored([0.5, 0.5]))


# --- what is held


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (Edit("delete", 1), [(0, 0), (2, 1), (3, 2)]),
        (Edit("insert", 0, 9), [(0, 1), (1, 2), (2, 3), (3, 4)]),
        (Edit("repeat", 1), [(0, 0), (1, 1), (2, 3), (3, 4)]),
        (Edit("replace", 2, 9), [(0, 0), (1, 1), (3, 3)]),
        (Edit("swap", 0, other=2), [(1, 1), (3, 3)]),
        (Edit("move", 0, other=2), [(3, 3)]),
    ],
)
def test_clicks_that_stand_for_each_other(edit: Edit, expected: list[tuple[int, int]]) -> None:
    """Oracle: read off the session 10, 11, 12, 13."""
    clicks = (10, 11, 12, 13)
    assert same_clicks(np.array(clicks), np.array(edit.apply(clicks))).tolist() == [list(p) for p in expected]


@given(
    st.lists(st.integers(0, 2), min_size=1, max_size=9), st.lists(st.integers(0, 2), min_size=1, max_size=9)
)
def test_pairs_are_in_order_and_on_one_item(a: list[int], b: list[int]) -> None:
    """Oracle: what a pair means; no click stands for two."""
    pairs = same_clicks(np.array(a), np.array(b))
    assert all(a[i] == b[j] for i, j in pairs)
    assert (np.diff(pairs, axis=0) > 0).all()
    assert len(same_clicks(np.array(a), np.array(a))) == len(a)


def test_differences_of_a_forced_recording(any_model: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: the two recordings' arrays; exactly 0 before the forced click."""
    plainly, forced = record(any_model, clicks), record(any_model, clicks, [no_memory(clicks=(4, 4))])
    found = held_differences(plainly, forced)
    assert found.clicks.tolist() == [[t, t] for t in range(8)]
    assert list(found.values) == ["z", "r", "candidate", "h"]
    for name, values in found.values.items():
        np.testing.assert_array_equal(
            values, forced.layers[-1].quantities()[name] - plainly.layers[-1].quantities()[name]
        )
        assert not values[:4].any()
    assert found.values["z"][4].all()


def test_differences_after_an_edit(clicks: list[int]) -> None:
    """Oracle: the shorter recording, one click later."""
    model = random_model("two layers")
    whole, shorter = record(model, clicks), record(model, clicks[:2] + clicks[3:])
    found = held_differences(whole, shorter, layer=0)
    np.testing.assert_array_equal(found.values["h"][2:], shorter.layers[0].h[2:] - whole.layers[0].h[3:])
    with pytest.raises(ValueError, match="same number of units"):
        held_differences(whole, record(random_model("tied"), clicks), layer=0)
