"""How many digits must one unit's numbers show, so that a class can check them on paper?

Whoever adds the terms as they stand there, and rounds to the digits of the sum, gets the sum
that stands there; σ or tanh of that sum is the gate that stands there, and the blend the new
state. Two digits of a result and three of a term are enough where nothing is close; elsewhere
more are shown, one at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gru_viz.explain.arithmetic import Arithmetic
from gru_viz.frozen import FrozenArrays
from gru_viz.trace import LayerTrace

FEWEST, MOST = 2, 6
CLOSE = 0.01  # two digits of a gate that is closer to 0 or 1 would say that nothing, or all, is let through
MOST_CLOSE = 4  # digits of such a gate
_TIE = 1e-9  # what lies halfway between two roundings comes out either way, so on paper not at all

Factors = list[tuple[str, np.ndarray, np.ndarray]]  # a gate's name, the share it lets through, of what


@dataclass(frozen=True, eq=False)
class Digits(FrozenArrays):
    """Digits after the point, uint8; B are the cell's blocks, n its blends: one, of an LSTM two.

    values:  (T, B, H) of a gate or candidate, 2 to 4
    sums:    (T, B, H) of the sum that is squeezed to it, 2 to 6
    terms:   (T, B, H) of what is added up to that sum, 3 to 7
    factors: (T, n, H) of what is blended, 2 to 6; a gate there shows no fewer than in `values`
    states:  (T, n, H) of what the blend gives, 2 to 4
    """

    values: np.ndarray
    sums: np.ndarray
    terms: np.ndarray
    factors: np.ndarray
    states: np.ndarray


def digits(layer: LayerTrace, arithmetic: Arithmetic) -> Digits:
    """The digits of every unit at every click; the fewest where no number would do (a forced gate, inf)."""
    with np.errstate(all="ignore"):
        found = _sums(layer, arithmetic)
        found += _blended(layer, dict(zip(layer.anatomy.blocks, np.moveaxis(found[0], 1, 0), strict=True)))
    return Digits(*(array.astype(np.uint8) for array in found))


def _sums(layer: LayerTrace, arithmetic: Arithmetic) -> tuple[np.ndarray, ...]:
    """Of each block the digits of its value, of the sum that is squeezed to it and of that sum's terms."""
    blocks, quantities = layer.anatomy.blocks, layer.quantities()
    # a vanilla RNN's candidate is its state
    values = np.stack([_exactly(quantities.get(name, layer.h)) for name in blocks], axis=1)
    given = (arithmetic.input, arithmetic.recurrent, np.broadcast_to(arithmetic.bias, values.shape))
    terms = [_exactly(term) for term in given]
    total = terms[0] + terms[1] + terms[2]
    gates = np.array([name != "candidate" for name in blocks])[:, None]
    of_values = np.where(gates, _of_gate(values), _of_state(values))

    def squeezed(count: int) -> np.ndarray:
        shown = _round(total, count)
        return np.where(gates, 1 / (1 + np.exp(-shown)), np.tanh(shown))

    of_sums = _fewest(lambda count: _comes_out(squeezed(count), values, of_values), values.shape)

    def added(count: int) -> np.ndarray:
        shown = np.sum([_round(term, count) for term in terms], axis=0)
        return _comes_out(shown, total, of_sums) & (count > of_sums)

    return of_values, of_sums, np.maximum(_fewest(added, values.shape, MOST + 1), of_sums + 1)


def _blended(layer: LayerTrace, of_gates: dict[str, np.ndarray]) -> tuple[np.ndarray, ...]:
    """Of each blend the digits of its factors, and of what it gives."""
    blends = _blends(layer)
    of_factors = [_of_factors(factors, of_gates, state, of_state) for factors, state, of_state in blends]
    of_states = [of_state for *_, of_state in blends]
    return np.stack(of_factors, axis=1), np.stack(of_states, axis=1)


def _blends(layer: LayerTrace) -> list[tuple[Factors, np.ndarray, np.ndarray]]:
    """What is blended, what it gives, and the digits of that; the walk begins with nothing in memory."""
    q = {name: _exactly(values) for name, values in layer.quantities().items()}
    of_h = _of_state(q["h"])
    if layer.cell == "rnn":
        return [([], q["h"], of_h)]
    memory = q[layer.anatomy.state]
    before = np.concatenate([np.zeros_like(memory[:1]), memory[:-1]])
    if layer.cell == "gru":
        return [([("z", 1 - q["z"], before), ("z", q["z"], q["candidate"])], q["h"], of_h)]
    return [
        ([("f", q["f"], before), ("i", q["i"], q["candidate"])], q["c"], np.full_like(of_h, FEWEST)),
        ([("o", q["o"], np.tanh(q["c"]))], q["h"], of_h),
    ]


def _of_factors(
    factors: Factors, of_gates: dict[str, np.ndarray], state: np.ndarray, of_state: np.ndarray
) -> np.ndarray:
    def right(count: int) -> np.ndarray:
        shown = [_round(s, np.maximum(count, of_gates[gate])) * _round(of, count) for gate, s, of in factors]
        return _comes_out(np.sum(shown, axis=0), state, of_state)

    return _fewest(right, state.shape)


def _of_gate(gate: np.ndarray) -> np.ndarray:
    """Two, or what shows two digits of a gate's distance from 0 or 1."""
    distance = np.minimum(gate, 1 - gate)
    enough = np.clip(1 + np.ceil(-np.log10(distance)), FEWEST, MOST_CLOSE)
    return np.where((distance > 0) & (distance < CLOSE), enough, FEWEST)


def _of_state(state: np.ndarray) -> np.ndarray:
    """The same of a value in [−1, 1], where 0 is nothing out of the ordinary."""
    return np.where(np.abs(state) > 0.5, _of_gate(np.abs(state)), FEWEST)


def _fewest(right: Callable[[int], np.ndarray], shape: tuple[int, ...], most: int = MOST) -> np.ndarray:
    """The fewest digits with which it is right, element by element; `FEWEST` where it never is."""
    found = np.full(shape, FEWEST)
    for count in range(most, FEWEST - 1, -1):
        found = np.where(right(count), count, found)
    return found


def _comes_out(computed: np.ndarray, value: np.ndarray, digits: np.ndarray) -> np.ndarray:
    """Is `computed`, rounded to these digits, what `value` is rounded to?"""
    return np.abs(computed - _round(value, digits)) < 0.5 * 10.0**-digits - _TIE


def _round(value: np.ndarray, digits: np.ndarray | int) -> np.ndarray:
    scale = 10.0 ** np.asarray(digits)
    return np.round(value * scale) / scale


def _exactly(values: np.ndarray) -> np.ndarray:
    """The numbers as the browser has them: float32, reckoned with in double precision."""
    return values.astype("<f4").astype(np.float64)
