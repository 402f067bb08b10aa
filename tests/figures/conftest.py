"""Traces built from plain numbers: figures need no model, so their tests load no torch."""

from __future__ import annotations

import numpy as np
import pytest

from gru_viz.catalog import Catalog
from gru_viz.trace import LayerTrace, Trace

HOSTILE_TITLES = (
    "<a href=http://x>free</a>",
    "<script>alert(1)</script>",
    "$x$ and \\(y\\)",
    "&lt;b&gt; &amp; &#60;i&#62;",
    "%{z} %{x:.3f}<extra></extra>",
    "two\nlines\tand \x00 controls \u202e reversed",
    "",
    "very long " * 30,
)


def build_trace(clicks=6, units=5, n_items=12, layers=1, titles=(), items=None, z=None, seed=0):
    """A trace that obeys the equations: h = (1 - z) h_prev + z candidate, from a zero start."""
    rng = np.random.default_rng(seed)

    def layer() -> LayerTrace:
        gate = rng.random((clicks, units)) if z is None else np.full((clicks, units), float(z))
        reset, candidate = rng.random((clicks, units)), rng.uniform(-1, 1, (clicks, units))
        h, state = [], np.zeros(units)
        for t in range(clicks):
            state = (1 - gate[t]) * state + gate[t] * candidate[t]
            h.append(state)
        gates = {"z": gate.astype(np.float32), "r": reset.astype(np.float32)}
        return LayerTrace(
            "gru", np.zeros(units), gates, candidate.astype(np.float32), np.float32(np.array(h))
        )

    titles = tuple(titles) or tuple(f"Item {i}" for i in range(n_items))
    catalog = Catalog(tuple(f"i{i}" for i in range(len(titles))), titles)
    items = rng.integers(len(titles), size=clicks) if items is None else np.asarray(items)
    scores = rng.normal(size=(clicks, len(titles))).astype(np.float32)
    return Trace(catalog, items, scores, tuple(layer() for _ in range(layers)))


ODD = {
    "plain": {},
    "one click": {"clicks": 1},
    "repeated item": {"items": [3] * 6},
    "saturated gate": {"z": 1.0},
    "closed gate": {"z": 0.0},
    "one unit": {"units": 1},
    "one item": {"n_items": 1},
    "many units": {"units": 300, "clicks": 3},
    "two layers": {"layers": 2},
    "hostile titles": {"titles": HOSTILE_TITLES, "clicks": 8, "items": range(8)},
}


@pytest.fixture
def trace():
    return build_trace()


@pytest.fixture
def two_layers():
    return build_trace(layers=2)


@pytest.fixture(params=ODD, ids=lambda name: name.replace(" ", "_"))
def odd_trace(request):
    return build_trace(**ODD[request.param])


@pytest.fixture(params=HOSTILE_TITLES, ids=lambda title: repr(title[:12]))
def hostile_title(request):
    return request.param
