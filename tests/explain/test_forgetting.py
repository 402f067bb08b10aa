"""What is left of a click. Oracles: sessions with another item, recorded one by one; products by hand."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.catalog import Catalog
from gru_viz.explain.forgetting import Forgetting, forgetting, forgetting_sentence, half_life
from gru_viz.explain.words import plain
from gru_viz.model import GRU4Rec
from gru_viz.record import record, record_batch
from gru_viz.rerun import states_of_every_click
from gru_viz.trace import Trace
from tests.explain.cases import SESSIONS
from tests.models import EVERY, N_ITEMS, random_model


def test_it_is_the_mean_over_sessions_with_another_item(every_model64: GRU4Rec, clicks: list[int]) -> None:
    """All six other items of the catalogue take the click's place."""
    trace = record(every_model64, clicks)
    for click in (0, 3, len(clicks) - 1, -2):
        found = forgetting(trace, partial(record_batch, every_model64), click)
        at = range(len(clicks))[click]
        state, moved, kl = [], [], []
        for item in set(range(N_ITEMS)) - {clicks[at]}:
            other = record(every_model64, [*clicks[:at], item, *clicks[at + 1 :]])
            name = "c" if trace.layers[-1].cell == "lstm" else "h"  # what its gates carry
            s, s_other = (getattr(one.layers[-1], name) for one in (trace, other))
            distance = np.sqrt(((s - s_other) ** 2).sum(axis=1))[at:]
            state.append(distance / distance[0])
            p, q = (
                np.array([one.probability(np.arange(N_ITEMS), step) for step in range(at, len(clicks))])
                for one in (trace, other)
            )
            moved.append(np.abs(p - q).sum(axis=1) / 2)
            kl.append((p * np.log(p / q)).sum(axis=1))
        assert (found.click, found.replacements) == (at, 6)
        np.testing.assert_allclose(found.state, np.mean(state, axis=0), rtol=1e-9)
        np.testing.assert_allclose(found.moved, np.mean(moved, axis=0), atol=1e-12)
        np.testing.assert_allclose(found.kl, np.mean(kl, axis=0), atol=1e-12)
        assert found.state[0] == pytest.approx(1)


def test_predicted_is_the_carried_share(every_model64: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: Σ_u |Π keep · write| / Σ_u |write| of the top layer, term by term."""
    trace = record(every_model64, clicks)
    top = trace.layers[-1]
    found = forgetting(trace, partial(record_batch, every_model64), 2)
    if top.cell == "gru":
        keep, write = 1 - top.z, top.z * top.candidate
    elif top.cell == "lstm":
        keep, write = top.gates["f"], top.gates["i"] * top.candidate
    else:
        keep, write = np.zeros_like(top.h), top.h
    left = np.abs(write[2])
    expected = [1.0]
    for step in range(3, len(clicks)):
        left = left * keep[step]
        expected.append(left.sum() / np.abs(write[2]).sum())
    np.testing.assert_allclose(found.predicted, expected, atol=1e-12)


@given(st.sampled_from(sorted(EVERY)), st.sampled_from(sorted(SESSIONS)), st.integers(0, 3), st.booleans())
def test_ranges(kind: str, session: str, seed: int, double: bool) -> None:
    model, items = random_model(kind, seed, double=double), SESSIONS[session]
    trace = record(model, items)
    found = forgetting(trace, partial(record_batch, model), replacements=3)
    for curve in (found.predicted, found.moved):
        assert len(curve) == len(items)
        assert ((curve >= 0) & (curve <= 1 + 1e-6)).all()
    assert (np.diff(found.predicted) <= 1e-6).all()
    assert (found.kl >= 0).all()
    assert (found.state >= 0).all()
    said = plain(forgetting_sentence(trace, found))
    assert not [word for word in ("nan", "inf", "caus", "because") if word in said]


@pytest.mark.parametrize(("n_items", "item"), [(2, 0), (7, 3), (7, 6), (100, 0), (100, 99), (1000, 500)])
def test_replacements(n_items: int, item: int) -> None:
    """Others than the item, each once, the same at every call, from all over the catalogue."""
    model = random_model(n_items=n_items)
    asked = []

    def rerun(sessions: list[np.ndarray]) -> list[Trace]:
        asked.append([session.tolist() for session in sessions])
        return record_batch(model, sessions)

    trace = record(model, [1, item, 0])
    for _ in range(2):
        assert forgetting(trace, rerun, 1).replacements == min(8, n_items - 1)
    assert asked[0] == asked[1]
    others = [session[1] for session in asked[0]]
    assert [[first, third] for first, _, third in asked[0]] == [[1, 0]] * len(others)
    assert len(set(others) - {item}) == len(others) == min(8, n_items - 1)
    assert max(np.diff([-1, *others, n_items])) <= n_items / len(others) + 2


def test_the_only_item_has_no_other() -> None:
    model = random_model(n_items=1)

    def never(sessions: list[np.ndarray]) -> list[Trace]:
        raise AssertionError(sessions)

    trace = record(model, [0, 0, 0])
    found = forgetting(trace, never)
    assert found.replacements == 0
    for curve in (found.state, found.moved, found.kl):
        assert np.isnan(curve).all()
        assert len(curve) == 3
    assert np.isfinite(found.predicted).all()
    assert "no other item to put in its place." in plain(forgetting_sentence(trace, found))


def test_a_cut_trace_is_measured_by_decoding(clicks: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: all scores kept; without weights the recommendations are not measured, and that is said."""
    model = random_model(double=True)
    whole = forgetting(record(model, clicks), partial(record_batch, model))
    monkeypatch.setattr("gru_viz.record.FULL_SCORES", 1)
    monkeypatch.setattr("gru_viz.record.KEPT_SCORES", 2)
    trace = record(model, clicks)
    found = forgetting(trace, partial(states_of_every_click, model), weights=model.weights())
    for name in ("state", "moved", "kl", "predicted"):
        np.testing.assert_allclose(getattr(found, name), getattr(whole, name), atol=1e-12)
    found = forgetting(trace, partial(record_batch, model))
    np.testing.assert_allclose(found.state, whole.state, rtol=1e-6)
    assert np.isnan(found.moved).all()
    assert np.isnan(found.kl).all()
    said = plain(forgetting_sentence(trace, found))
    assert "the state's difference" in said
    assert said.endswith("; the recommendations were not recorded in full.")


@pytest.mark.parametrize("at_once", [1, 3 * N_ITEMS, 10_000])
def test_blocks_change_nothing(every_model64: GRU4Rec, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: recorded scores, all at once."""
    trace = record(every_model64, SESSIONS["a return"])
    whole = forgetting(trace, partial(record_batch, every_model64), 1)
    monkeypatch.setattr("gru_viz.explain.forgetting.SCORES_AT_ONCE", at_once)
    rerun = partial(states_of_every_click, every_model64)
    found = forgetting(trace, rerun, 1, weights=every_model64.weights())
    for name in ("state", "moved", "kl"):
        np.testing.assert_allclose(getattr(found, name), getattr(whole, name), atol=1e-11)


@pytest.mark.parametrize("step", [2, 4, -1, -3])
def test_it_ends_at_the_step(clicks: list[int], step: int) -> None:
    """Oracle: the session that ends there."""
    model = random_model(double=True)
    trace, rerun = record(model, clicks), partial(record_batch, model)
    found = forgetting(trace, rerun, 1, step=step)
    short = forgetting(trace.prefix(range(len(clicks))[step] + 1), rerun, 1)
    assert found.click == short.click == 1
    for name in ("state", "moved", "kl", "predicted"):
        np.testing.assert_allclose(getattr(found, name), getattr(short, name), atol=1e-12)
    with pytest.raises(IndexError):
        forgetting(trace, rerun, 3, step=2)


def test_an_item_that_looks_the_same_leaves_no_state_to_compare() -> None:
    """Two of three items share an embedding: only the third counts in `state`."""
    model = random_model(n_items=3, double=True)
    assert model.embedding is not None
    model.embedding.data[1] = model.embedding.data[0]
    rerun = partial(record_batch, model)
    trace, other = record(model, [0, 2, 2]), record(model, [2, 2, 2])
    distance = np.linalg.norm(trace.layers[-1].h - other.layers[-1].h, axis=1)
    np.testing.assert_allclose(forgetting(trace, rerun).state, distance / distance[0])
    model.embedding.data[2] = model.embedding.data[0]
    trace = record(model, [0, 2, 2])
    found = forgetting(trace, rerun)
    assert np.isnan(found.state).all()
    assert (found.moved == 0).all()
    assert "the state does not differ and the recommendations do not differ." in plain(
        forgetting_sentence(trace, found)
    )


def test_half_life_by_hand() -> None:
    assert half_life(np.array([1.0, 0.75, 0.25])) == pytest.approx(1.5)
    assert half_life(np.array([0.8, 0.2, 0.9])) == pytest.approx(2 / 3)
    assert half_life(np.array([0.8, 0.4])) == 1
    assert half_life(np.array([1.0, 0.6, 0.51])) is None
    for nothing in ([1.0], [0.0, 0.0], [np.nan, np.nan]):
        assert half_life(np.array(nothing)) is None


# --- words


def told(
    predicted: list[float], state: list[float], moved: list[float], replacements: int = 8, cell: str = "gru"
) -> str:
    catalog = Catalog(("a", "b"), ("Camera", "Mug"))
    trace = Trace(catalog, np.array([1, *[0] * len(predicted)]), np.zeros((1, 2)), ())
    curves = [np.array(curve) for curve in (predicted, state, moved, moved)]
    return plain(forgetting_sentence(trace, Forgetting(1, *curves, replacements, cell))).replace(
        "\u00a0", " "
    )


def test_sentences_of_other_cells() -> None:
    curves = [1.0, 0.5, 0.25], [1.0, 0.75, 0.25], [0.8, 0.2, 0.1]
    assert told(*curves, cell="lstm") == (
        "By the gates, half of click 2, Camera, is gone after 1.0 clicks. "
        "Measured, the memory's difference halves after 1.5 clicks and the recommendations' after 0.7."
    )
    assert told([1.0, 0.0, 0.0], *curves[1:], cell="rnn") == (
        "A vanilla RNN has no gate that would keep anything of click 2, Camera. "
        "Measured, the state's difference halves after 1.5 clicks and the recommendations' after 0.7."
    )


def test_sentences() -> None:
    """Recommendations as a share of what they differ by at the click itself, as they are drawn."""
    faded, kept = [1.0, 0.5, 0.25], [1.0, 0.9, 0.8]
    assert told(faded, [1.0, 0.75, 0.25], [0.8, 0.2, 0.1]) == (
        "By the gates, half of click 2, Camera, is gone after 1.0 clicks. "
        "Measured, the state's difference halves after 1.5 clicks and the recommendations' after 0.7."
    )
    assert told(faded, [1.0, 0.2, 0.75], [0.8, 0.2, 0.88]).endswith(
        "and the recommendations' after 0.7; but at click 4, Camera, "
        "the recommendations differ 1.1 times as much as at first, the state 75 % as much."
    )
    assert "; but" not in told(faded, faded, [0.8, 0.2, 0.39])
    assert told(kept, kept, faded) == (
        "By the gates, more than half of click 2, Camera, is kept to the end. Measured, the state's "
        "difference does not halve and the recommendations' difference halves after 1.0 clicks."
    )
    assert told(faded, faded, kept).endswith("and the recommendations' difference does not halve.")
    assert told([1.0], [1.0], [0.3]) == (
        "No click follows click 2, Camera, so nothing of it can have been forgotten."
    )
    assert told([np.nan] * 2, [1.0, 0.2], [0.0, 0.0]).startswith(
        "By the gates, nothing was written at click 2, Camera. Measured,"
    )
