"""Oracles: sums and products written out for one unit; the state itself, which the parts must give."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.catalog import Catalog
from gru_viz.explain.remains import remains
from gru_viz.explain.retention import half_life_sentence, half_lives, retention, retention_sentence
from gru_viz.explain.words import plain
from gru_viz.trace import LayerTrace, Trace
from tests.explain.cases import SESSIONS, layer_of_one_unit, recorded, traced
from tests.models import EVERY, KINDS, N_ITEMS, random_model


def test_half_lives_by_hand():
    layer = layer_of_one_unit([0.5, 0.5], [0.1, 0.1])
    assert half_lives(layer) == pytest.approx([1.0])
    kept = layer_of_one_unit([0.0, 0.0], [0.1, 0.1])
    assert half_lives(kept)[0] == np.inf
    replaced = layer_of_one_unit([1.0, 1.0], [0.1, 0.1])
    assert half_lives(replaced) == pytest.approx([0.0])


def test_the_matrix_by_hand():
    """Oracle: z is 1, ¼, ½ and from h_0 nothing is left; then with z first ¼."""
    whole = retention(layer_of_one_unit([1.0, 0.25, 0.5], [0.8, -0.4, 0.2]))
    assert whole.shares.tolist() == [[0, 1, 0, 0], [0, 0.75, 0.25, 0], [0, 0.375, 0.125, 0.5]]
    assert whole.unit is None
    slow = retention(layer_of_one_unit([0.25, 0.5], [0.8, -0.4]))
    assert slow.shares.tolist() == [[0.75, 0.25, 0], [0.375, 0.125, 0.5]]
    assert (slow.shares.dtype, slow.shares.flags.writeable) == (np.float64, False)


def by_definition(layer, unit):
    """A[k, t] of one unit, each product formed."""
    keep = layer.keep[:, unit].astype(np.float64)
    T = len(keep)
    A = np.zeros((T, T + 1))
    for t in range(T):
        A[t, 0] = np.prod(keep[: t + 1])
        for k in range(t + 1):
            A[t, k + 1] = (1 - keep[k]) * np.prod(keep[k + 1 : t + 1])
    return A


@pytest.mark.parametrize("session", ["one click", "a repeated item", "a return"])
def test_the_matrix_is_its_definition(session):
    trace, _ = recorded("two layers", SESSIONS[session], double=False)
    for layer in trace.layers:
        every = [retention(layer, unit) for unit in range(layer.units)]
        for unit, one in enumerate(every):
            assert one.unit == unit
            np.testing.assert_allclose(one.shares, by_definition(layer, unit), rtol=0, atol=1e-13)
        mean = np.mean([one.shares for one in every], axis=0)
        np.testing.assert_allclose(retention(layer).shares, mean, rtol=0, atol=1e-13)


@given(
    st.sampled_from(sorted(KINDS)),
    st.lists(st.integers(0, N_ITEMS - 1), min_size=1, max_size=12),
    st.booleans(),
)
def test_each_memory_is_shared_out_wholly_among_the_past(kind, items, double):
    trace, _ = recorded(kind, items, double=double)
    for layer in trace.layers:
        for unit in (None, layer.units - 1):
            shares = retention(layer, unit).shares
            assert shares.shape == (len(items), len(items) + 1)
            assert np.abs(shares.sum(axis=1) - 1).max() < 1e-12
            assert ((shares >= 0) & (shares <= 1)).all()
            assert (np.triu(shares, 2) == 0).all()
            assert (shares[:, 0] > 0).all()  # no gate of these models is ever shut


@pytest.mark.parametrize("kind", KINDS)
def test_shares_of_the_candidates_are_the_state(kind):
    """Oracle: the recorded state, Σ_k A[k, t] h̃_k, whose h_0 is zero."""
    trace, _ = recorded(kind, SESSIONS["a return"])
    for layer in trace.layers:
        for unit in range(layer.units):
            held = retention(layer, unit).shares[:, 1:] @ layer.candidate[:, unit]
            np.testing.assert_allclose(held, layer.h[:, unit], rtol=0, atol=1e-12)


@pytest.mark.parametrize("reset", ["reset before", "reset after"])
def test_a_start_that_is_not_zero_has_its_share(reset, rng):
    """Oracle: the state, A[h_0, t] h_0 + Σ_k A[k, t] h̃_k; `remains` of each click's write."""
    layer = traced(random_model(reset, double=True).weights(), [2, 0, 5, 2], rng.uniform(-1, 1, 5)).layers[0]
    for unit in range(5):
        shares = retention(layer, unit).shares
        values = np.concatenate([layer.h0[[unit]], layer.candidate[:, unit]])
        np.testing.assert_allclose(shares @ values, layer.h[:, unit], rtol=0, atol=1e-12)
        surviving = remains(layer, 3).surviving[:, unit]
        np.testing.assert_allclose(shares[3, 1:] * layer.candidate[:, unit], surviving, rtol=0, atol=1e-12)


def test_500_clicks_of_256_units_stay_small(rng):
    """Oracle: 501 × 256 numbers of 8 bytes, 500 × 501 more, and not 500 times the former (513 MB)."""
    z = rng.uniform(0, 1, (500, 256)).astype(np.float32)
    layer = LayerTrace("gru", np.zeros(256, np.float32), {"z": z, "r": z}, z, z)
    tracemalloc.start()
    shares = retention(layer).shares
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10e6
    assert np.abs(shares.sum(axis=1) - 1).max() < 1e-12


# --- sentences

CATALOG = Catalog(("a", "b", "c"), ("Camera", "Mug", "Lens"))
BANNED = ("caus", "because", "think", "due to", "nan", "inf", "\n")


def clicked(z: list[list[float]], start: float = 0.0) -> Trace:
    """Camera, Mug, Lens … with these update gates (T, H), from `start` in every unit."""
    gates = np.array(z)
    layer = LayerTrace("gru", np.full(gates.shape[1], start), {"z": gates, "r": gates}, gates, gates)
    return Trace(CATALOG, np.arange(len(z)), np.zeros((len(z), 3)), (layer,))


def told(z: list[list[float]], step: int = -1, unit: int | None = None, start: float = 0.0) -> str:
    trace = clicked(z, start)
    said = retention_sentence(trace, retention(trace.layers[0], unit), step)
    return plain(said).replace("\u00a0", " ")


def halved(z: list[list[float]]) -> str:
    return plain(half_life_sentence(clicked(z).layers[0])).replace("\u00a0", " ")


def test_the_sentence() -> None:
    """Oracle: 0.8, then 0.5 kept, then 0.25 kept: 10 % of click 1, 12.5 % of click 2, 75 % of click 3."""
    z = [[0.8], [0.5], [0.75]]
    assert told(z) == (
        "Of the memory after click 3, Lens, 75 % was written at that click; "
        "of the earlier ones click 2, Mug, holds most, 12 %."
    )
    assert "click 1, Camera, holds most, 45 %" in told([[1.0], [0.1], [0.5]])
    assert told(z, 1) == (
        "Of the memory after click 2, Mug, 50 % was written at that click; click 1, Camera, holds 40 %."
    )


def test_one_unit_of_two() -> None:
    """Oracle: unit 1 keeps nothing, unit 0 half of what it wrote first."""
    z = [[1.0, 1.0], [0.5, 1.0]]
    assert told(z, unit=0) == (
        "Of unit 0's memory after click 2, Mug, 50 % was written at that click; click 1, Camera, holds 50 %."
    )
    assert told(z, unit=1) == (
        "Of unit 1's memory after click 2, Mug, 100 % was written at that click; "
        "nothing is left of the earlier ones."
    )
    assert "75 % was written at that click; click 1, Camera, holds 25 %." in told(z)


def test_what_is_left_of_the_start() -> None:
    first = "Of the memory after click 1, Camera, 71 % was written at that click; 29 % is still "
    assert told([[0.71]]) == f"{first}the empty start."
    assert told([[0.71]], start=0.3) == f"{first}what was there at the start."
    assert told([[1.0]]) == "Of the memory after click 1, Camera, 100 % was written at that click."
    assert told([[0.25], [0.5]]).endswith("click 1, Camera, holds 12 %; 38 % is still the empty start.")
    assert "start" not in told([[0.75], [0.5]])


def test_half_lives() -> None:
    """Oracle: keep ½ is one click, keep 0.8 ln ½ / ln 0.8 = 3.1, keep 0.9 6.6."""
    assert halved([[0.5, 0.1, 0.2]]) == (
        "At its mean rate in this session the median unit loses half of its content in 3.1 clicks; "
        "for 1 of 3 units it takes more than 5. An estimate from mean gates, not a measured forgetting."
    )


def test_a_half_life_without_end() -> None:
    for z in ([[0.0, 0.0]], [[0.0, 1.0]], [[1e-9]]):
        assert "half of its content in over 1,000 clicks" in halved(z)
    assert "in 0.0 clicks; for 0 of 1 unit it" in halved([[1.0]])


def of_cell(cell: str, gates: dict[str, list[float]]) -> Trace:
    """Camera, Mug, Lens … through one unit of such a cell with these gates."""
    held = {name: np.array(values)[:, None] for name, values in gates.items()}
    ones = np.ones((3, 1))
    c = {"c0": np.zeros(1), "c": ones} if cell == "lstm" else {}
    return Trace(
        CATALOG, np.arange(3), np.zeros((3, 3)), (LayerTrace(cell, np.zeros(1), held, ones, ones, **c),)
    )


def test_an_lstm_forgets_by_its_forget_gate() -> None:
    """Oracle: 0.5, then 0.25 kept: 1/8 of what was there before click 2, of its half 1/4, and 3/4."""
    trace = of_cell("lstm", {"f": [0.2, 0.5, 0.25], "i": [0.9] * 3, "o": [0.3] * 3})
    said = retention_sentence(trace, retention(trace.layers[0]), -1)
    assert plain(said).replace("\u00a0", " ") == (
        "By the forget gates, of the memory after click 3, Lens, 75 % was written at that click; "
        "of the earlier ones click 2, Mug, holds most, 12 %."
    )
    assert [part.text for part in said if part.kind == "f"] == ["forget gates"]
    # mean f is 0.3167: ln ½ / ln 0.3167 = 0.6
    assert "half of its content in 0.6 clicks" in plain(half_life_sentence(trace.layers[0]))


def test_a_vanilla_rnn_keeps_nothing() -> None:
    trace = of_cell("rnn", {})
    assert retention(trace.layers[0]).shares.tolist() == [[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    assert plain(retention_sentence(trace, retention(trace.layers[0]), -1)) == (
        "Of the memory after click 3, Lens, all was written at that click, as always in a vanilla RNN: "
        "this does not tell what it remembers."
    )
    assert plain(half_life_sentence(trace.layers[0])) == (
        "A vanilla RNN has no gate that keeps, so its units have no half-lives."
    )


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("session", SESSIONS)
def test_sentences_of_every_kind(kind: str, session: str) -> None:
    trace, _ = recorded(kind, SESSIONS[session], double=False)
    for layer in trace.layers:
        for unit in (None, 0):
            shares = retention(layer, unit)
            for step in range(0, len(trace), 7):
                parts = retention_sentence(trace, shares, step)
                said = plain(parts)
                assert not [word for word in BANNED if word in said.lower()]
                assert len(said.split()) <= 40
                assert {p.text for p in parts if p.kind == "item"} <= set(trace.catalog.titles)
        assert not [word for word in BANNED if word in plain(half_life_sentence(layer)).lower()]


def test_the_top_layer_of_several_is_said() -> None:
    trace, _ = recorded("two layers", [2, 4, 1])
    top = trace.layers[-1]
    assert plain(retention_sentence(trace, retention(top), 2)).count("in the top layer") == 1
    assert plain(half_life_sentence(top, 2)).count("of the top layer") == 1
    assert "layer" not in plain(half_life_sentence(top))
