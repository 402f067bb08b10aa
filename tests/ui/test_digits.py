"""Do the numbers of one unit come out on paper?

Oracle: decimal arithmetic on the digits that are shown, rounded half up, as in a school book and
as the browser's `toFixed` writes them.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from math import exp, tanh
from pathlib import Path

import numpy as np
import pytest

import gru_viz
from gru_viz.data import shop
from gru_viz.explain.arithmetic import Arithmetic, arithmetic
from gru_viz.interventions import keep_everything
from gru_viz.trace import LayerTrace
from gru_viz.ui.stepper.digits import Digits, digits

SAMPLE = Path(__file__).parents[2] / "sample_data"
STORIES = {story.key: story for story in shop.scenarios(SAMPLE)}
MODELS = ("model", "cells/lstm_64", "cells/rnn_64", "cells/gru_after_64")


def paper(value: float | Decimal, places: int) -> Decimal:
    """What is written down of a number."""
    return Decimal(value).quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP)


@cache
def told(model: str, story: str) -> tuple[LayerTrace, Arithmetic, Digits]:
    loaded = gru_viz.load(SAMPLE / f"{model}.safetensors")
    trace = gru_viz.record(loaded, STORIES[story].items)
    sums = arithmetic(trace, loaded.weights(), 0)
    return trace.layers[0], sums, digits(trace.layers[0], sums)


def places(layer: LayerTrace) -> list[tuple[int, int]]:
    return [(t, unit) for t in range(len(layer.h)) for unit in range(layer.units)]


def value_of(layer: LayerTrace, name: str, t: int, unit: int) -> float:
    return float(layer.quantities().get(name, layer.h)[t, unit])  # a vanilla RNN's candidate is its state


@pytest.mark.parametrize("story", ["detour", "gift"])
@pytest.mark.parametrize("model", MODELS)
def test_the_terms_add_up_to_the_sum_and_that_gives_the_gate(model: str, story: str) -> None:
    """Every block of every unit at every click, also where z keeps: there all signs are turned."""
    layer, sums, found = told(model, story)
    for t, unit in places(layer):
        for block, name in enumerate(layer.anatomy.blocks):
            at = (t, block, unit)
            terms = [
                float(np.float32(s)) for s in (sums.input[at], sums.recurrent[at], sums.bias[block, unit])
            ]
            squash: Callable[[float], float] = tanh if name == "candidate" else lambda a: 1 / (1 + exp(-a))
            for sign in (1, -1) if name == "z" else (1,):
                written = [paper(sign * term, found.terms[at]) for term in terms]
                total = paper(sign * sum(terms), found.sums[at])
                assert paper(sum(written, Decimal(0)), found.sums[at]) == total
                value = value_of(layer, name, t, unit)
                shown = paper(value if sign == 1 else 1 - value, found.values[at])
                assert paper(squash(float(total)), found.values[at]) == shown


@pytest.mark.parametrize("story", list(STORIES))
def test_the_blend_gives_the_new_state(story: str) -> None:
    layer, _, found = told("model", story)
    for t, unit in places(layer):
        factors, own = found.factors[t, 0, unit], found.values[t, 0, unit]
        z, before = float(layer.z[t, unit]), float(layer.h[t - 1, unit]) if t else 0.0
        keep, write = (paper(share, max(factors, own)) for share in (1 - z, z))
        assert keep + write == 1
        sum_ = keep * paper(before, factors) + write * paper(float(layer.candidate[t, unit]), factors)
        state = found.states[t, 0, unit]
        assert paper(sum_, state) == paper(float(layer.h[t, unit]), state)


@pytest.mark.parametrize("story", ["detour", "long-detour"])
def test_an_lstms_memory_and_what_is_shown_of_it(story: str) -> None:
    layer, _, found = told("cells/lstm_64", story)
    assert layer.c is not None
    for t, unit in places(layer):
        gates = dict(zip(layer.anatomy.blocks, found.values[t, :, unit], strict=True))
        memory, shown = found.factors[t, :, unit]
        f, i, o = (
            paper(value_of(layer, name, t, unit), max(gates[name], factors))
            for name, factors in zip("fio", (memory, memory, shown), strict=True)
        )
        before, candidate = float(layer.c[t - 1, unit]) if t else 0.0, float(layer.candidate[t, unit])
        c = f * paper(before, memory) + i * paper(candidate, memory)
        assert paper(c, found.states[t, 0, unit]) == paper(float(layer.c[t, unit]), found.states[t, 0, unit])
        h = o * paper(tanh(float(layer.c[t, unit])), shown)
        assert paper(h, found.states[t, 1, unit]) == paper(float(layer.h[t, unit]), found.states[t, 1, unit])


def test_no_gate_is_shown_as_shut_or_open_that_is_not() -> None:
    """Two digits said 1.00 × 0.19 + 0.00 × −0.77 = 0.18."""
    layer, _, found = told("model", "detour")
    t, unit = 6, 43
    assert [float(paper(float(v), 4)) for v in (layer.z[t, unit], layer.h[t - 1, unit])] == [0.0031, 0.186]
    assert found.values[t, :, unit].tolist() == [4, 4, 2]
    assert (found.factors[t, 0, unit], found.states[t, 0, unit]) == (3, 2)
    for block in range(2):
        gate = layer.gates["zr"[block]]
        close = (np.minimum(gate, 1 - gate) < 0.00995) & (np.minimum(gate, 1 - gate) > 0.0001)
        assert close.any()
        assert (found.values[:, block][close] >= 3).all()


def test_what_is_ordinary_stays_short() -> None:
    """Two digits of a sum and of a gate, three of a term: no more for most units."""
    _, _, found = told("model", "detour")
    assert (found.sums == 2).mean() > 0.9
    assert (found.terms == 3).mean() > 0.8
    assert (found.factors == 2).mean() > 0.7
    assert found.terms.max() <= 7


def test_where_no_digits_would_do_there_are_the_fewest() -> None:
    """A gate that is held is not what its sum gives; absurd weights give inf and NaN."""
    model = gru_viz.load(SAMPLE)
    trace = gru_viz.record(model, STORIES["detour"].items, [keep_everything(clicks=(2, 4))])
    sums = arithmetic(trace, model.weights(), 0)
    held = digits(trace.layers[0], sums)
    assert (held.sums[2:5, 0] == 2).mean() > 0.5
    absurd = Arithmetic(sums.input * np.inf, sums.recurrent, sums.bias, sums.reset)
    found = digits(trace.layers[0], absurd)
    assert (found.sums == 2).all()
    assert (found.terms == 3).all()
