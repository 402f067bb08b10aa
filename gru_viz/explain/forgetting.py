"""How fast is a click forgotten: as the gates foretell, and as measured?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.explain.deletion import Rerun
from gru_viz.explain.readout import decode
from gru_viz.explain.score_tables import kl, log_softmax, total_variation
from gru_viz.explain.words import KEEPS, Part, Sentence, number, share
from gru_viz.explain.words import click as click_words
from gru_viz.frozen import FrozenArrays
from gru_viz.trace import Trace
from gru_viz.weights import Weights

# Scores of one session decoded at a time.
SCORES_AT_ONCE = 1_000_000


@dataclass(frozen=True, eq=False)
class Forgetting(FrozenArrays):
    """What is left of one click after 0, 1, 2, … further clicks; (L,) each, L − 1 clicks follow it.

    The measured curves compare the session as it is with the same session in which the click
    is another item, averaged over `replacements` such items.

    click:        the click, 0-based
    predicted:    carried share of what it wrote, from the gates of the top layer alone, in [0, 1]
    state:        ‖s − s'‖ of the top layer over its value at the click itself; 1 at first. s is
                  what the gates carry, an LSTM's c, any other cell's h
    moved:        share of the next-item probability that differs (total variation), in [0, 1]
    kl:           KL(as it is ‖ with the click replaced), in nats
    replacements: how many other items were put in its place
    cell:         whose gates and state these are, a key of `anatomy.CELLS`

    `moved` and `kl` are NaN where a catalogue is so large that not all scores are recorded and no
    weights were given to decode them. All measured curves are NaN where a catalogue has no other
    item, and `state` where no other item gives another state; `predicted` is where the click wrote
    nothing.
    """

    click: int
    predicted: np.ndarray
    state: np.ndarray
    moved: np.ndarray
    kl: np.ndarray
    replacements: int
    cell: str = "gru"


def forgetting(
    trace: Trace,
    rerun_all: Rerun,
    click: int = 0,
    replacements: int = 8,
    step: int = -1,
    weights: Weights | None = None,
) -> Forgetting:
    """What is left of click `click` (0-based) after every later click up to `step`.

    The replacements are spread evenly over the catalogue, so the same click gives the same
    curves; fewer where the catalogue has fewer other items.

    rerun_all: called once, with the sessions in which the click is replaced; all clicks of the
               traces that come back are looked at, as those of `record_batch`
    weights:   the recommendations are decoded again from the recorded states, a few clicks at a
               time, so that no score need be recorded: that of `rerun.states_of_every_click` is then
               enough, and so is a large catalogue's trace

    Raises IndexError where the click is not among those up to `step`, and ValueError for a
    recording with interventions, which the rerun knows nothing of.
    """
    trace.require_no_interventions("forgetting")
    trace = trace.prefix(range(len(trace))[step] + 1)
    click = range(len(trace))[click]
    others = _others(len(trace.catalog), int(trace.items[click]), replacements)
    measured = np.full((3, len(trace) - click), np.nan)
    if len(others) > 0:
        replaced = rerun_all(_replaced(trace.items, click, others))
        lists = _lists_differ(trace, replaced, click, weights)  # (R, 2, L)
        states = [_states_differ(trace, one, click) for one in replaced]
        measured = _mean(np.concatenate([np.array(states)[:, None], lists], axis=1))
    state, moved, divergence = measured
    cell = trace.layers[-1].cell
    return Forgetting(click, _predicted(trace, click), state, moved, divergence, len(others), cell)


def _predicted(trace: Trace, click: int) -> np.ndarray:
    """(L,) carried share of what the top layer wrote at the click, as in `remains`."""
    top = trace.layers[-1]
    written = np.abs(top.write[click].astype(np.float64))
    later = top.keep[click + 1 :].astype(np.float64)
    left = (np.cumprod(np.vstack([np.ones((1, top.units)), later]), axis=0) * written).sum(axis=1)
    return left / left[0] if left[0] > 0 else np.full(len(left), np.nan)


def _others(n_items: int, item: int, count: int) -> np.ndarray:
    """At most `count` items other than `item`, spread evenly over the catalogue."""
    count = min(count, n_items - 1)
    places = np.arange(count) * (n_items - 1) // max(count, 1)
    return places + (places >= item)


def _replaced(items: np.ndarray, click: int, others: np.ndarray) -> list[np.ndarray]:
    sessions = np.tile(items, (len(others), 1))
    sessions[:, click] = others
    return list(sessions)


def _states_differ(trace: Trace, other: Trace, click: int) -> np.ndarray:
    """(L,) how far the state is from that of `other`, of what it is at the click."""
    state, other_state = (one.layers[-1].state[click:].astype(np.float64) for one in (trace, other))
    distance = np.linalg.norm(state - other_state, axis=1)
    return distance / distance[0] if distance[0] > 0 else np.full(len(distance), np.nan)


def _lists_differ(trace: Trace, others: list[Trace], click: int, weights: Weights | None) -> np.ndarray:
    """(R, 2, L) probability moved and KL between the trace and each of `others`, since `click`."""
    L = len(trace) - click
    found = np.full((len(others), 2, L), np.nan)
    if weights is None and trace.scored is not None:
        return found
    at_once = max(1, SCORES_AT_ONCE // len(trace.catalog))
    for start in range(0, L, at_once):
        rows = slice(start, min(start + at_once, L))
        log_p = log_softmax(_scores(trace, click, rows, weights))
        for place, other in enumerate(others):
            log_q = log_softmax(_scores(other, click, rows, weights))
            found[place, :, rows] = total_variation(log_p, log_q), kl(log_p, log_q)
    return found


def _scores(trace: Trace, click: int, rows: slice, weights: Weights | None) -> np.ndarray:
    rows = slice(click + rows.start, click + rows.stop)
    return trace.scores[rows] if weights is None else decode(weights, trace.layers[-1].h[rows])


def _mean(curves: np.ndarray) -> np.ndarray:
    """(3, L) mean over the (R, 3, L) curves, those left out that are not there; NaN where none is."""
    there = ~np.isnan(curves)
    count = there.sum(axis=0)
    total = np.where(there, curves, 0).sum(axis=0)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)


def half_life(curve: np.ndarray) -> float | None:
    """Clicks until a curve (L,) is first at half of what it starts with, linear between two clicks.

    None where that does not happen, or where there is nothing to halve.
    """
    if not curve[0] > 0:
        return None
    half = curve[0] / 2
    below = np.flatnonzero(curve <= half)
    if len(below) == 0:
        return None
    lag = int(below[0])
    before, at = curve[lag - 1], curve[lag]
    return float(lag - 1 + (before - half) / (before - at))


def forgetting_sentence(trace: Trace, value: Forgetting) -> Sentence:
    """After how many clicks half of the click is gone, as the gates foretell and as measured."""
    name = click_words(trace, value.click)
    if len(value.predicted) == 1:
        return (Part("No click follows "), *name, Part(", so nothing of it can have been forgotten."))
    return (*_foretold(value, name), *_measured(trace, value), Part("."))


def _foretold(value: Forgetting, name: Sentence) -> Sentence:
    if value.cell not in KEEPS:
        return (Part("A vanilla RNN has no gate that would keep anything of "), *name, Part("."))
    return (Part("By the gates, "), *_by_gates(name, value.predicted))


def _by_gates(name: Sentence, curve: np.ndarray) -> Sentence:
    if np.isnan(curve[0]):
        return (Part("nothing was written at "), *name, Part("."))
    clicks = half_life(curve)
    if clicks is None:
        return (Part("more than half of "), *name, Part(", is kept to the end."))
    return (Part("half of "), *name, Part(", is gone after "), number(clicks, 1), Part(" clicks."))


def _measured(trace: Trace, value: Forgetting) -> Sentence:
    if value.replacements == 0:
        return (Part(" The catalogue has no other item to put in its place"),)
    state = _halves("memory" if value.cell == "lstm" else "state", value.state)
    if np.isnan(value.moved[0]):
        return (Part(" Measured, "), *state, Part("; the recommendations were not recorded in full"))
    both, halved = half_life(value.state), half_life(value.moved)
    if both is not None and halved is not None:
        again: Sentence = (Part(" and the recommendations' after "), number(halved, 1))
    else:
        again = (Part(" and "), *_halves("recommendations", value.moved))
    return (Part(" Measured, "), *state, *again, *_returns(trace, value))


def _halves(what: str, curve: np.ndarray) -> Sentence:
    clicks, whose = half_life(curve), "'" if what.endswith("s") else "'s"
    if clicks is not None:
        return (Part(f"the {what}{whose} difference halves after "), number(clicks, 1), Part(" clicks"))
    if curve[0] > 0:
        return (Part(f"the {what}{whose} difference does not halve"),)
    return (Part(f"the {what} {'do' if what.endswith('s') else 'does'} not differ"),)


def _returns(trace: Trace, value: Forgetting) -> Sentence:
    """Where the click is seen most in the recommendations again, after it had faded from them."""
    clicks = half_life(value.moved)
    if clicks is None:
        return ()
    left = value.moved / value.moved[0]
    faded = int(np.ceil(clicks))
    lag = faded + int(np.argmax(left[faded:]))
    if left[lag] <= 0.5:
        return ()
    state = float(value.state[lag])
    also = () if np.isnan(state) else (Part(", the state "), *_as_much(state))
    return (
        *(Part("; but at "), *click_words(trace, value.click + lag), Part(", the recommendations differ ")),
        *(*_as_much(float(left[lag])), Part(" as at first"), *also),
    )


def _as_much(left: float) -> Sentence:
    """ "60 % as much", "1.1 times as much" """
    if left < 0.995:
        return (share(left), Part(" as much"))
    times = round(left, 1)
    return (Part("as much"),) if times == 1 else (number(times, 1), Part(" times as much"))
