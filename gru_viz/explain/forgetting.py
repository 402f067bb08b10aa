"""How fast is a click forgotten: as the gates foretell, and as measured?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.explain.agreement import kl, log_softmax, total_variation
from gru_viz.explain.deletion import Rerun
from gru_viz.explain.remains import remains
from gru_viz.explain.words import Part, Sentence, number, share
from gru_viz.explain.words import click as click_words
from gru_viz.frozen import FrozenArrays
from gru_viz.trace import Trace


@dataclass(frozen=True, eq=False)
class Forgetting(FrozenArrays):
    """What is left of one click after 0, 1, 2, … further clicks; (L,) each, L − 1 clicks follow it.

    The measured curves compare the session as it is with the same session in which the click
    is another item, averaged over `replacements` such items.

    click:        the click, 0-based
    predicted:    carried share of what it wrote, from the gates of the top layer alone, in [0, 1]
    state:        ‖h − h'‖ of the top layer over its value at the click itself; 1 at first
    moved:        share of the next-item probability that differs (total variation), in [0, 1]
    kl:           KL(as it is ‖ with the click replaced), in nats
    replacements: how many other items were put in its place

    `moved` and `kl` are NaN where a catalogue is so large that not all scores are recorded. All
    measured curves are where a catalogue has no other item, and `state` where no other item gives
    another state; `predicted` is where the click wrote nothing.
    """

    click: int
    predicted: np.ndarray
    state: np.ndarray
    moved: np.ndarray
    kl: np.ndarray
    replacements: int


def forgetting(trace: Trace, rerun_all: Rerun, click: int = 0, replacements: int = 8) -> Forgetting:
    """What is left of click `click` (0-based) after every later click of the trace.

    The replacements are spread evenly over the catalogue, so the same click gives the same
    curves; fewer where the catalogue has fewer other items.

    rerun_all: called once, with the sessions in which the click is replaced; all clicks of the
               traces that come back are looked at, as those of `record_batch`

    Raises ValueError for a recording with interventions, which the rerun knows nothing of.
    """
    trace.require_no_interventions("forgetting")
    click = range(len(trace))[click]
    others = _others(len(trace.catalog), int(trace.items[click]), replacements)
    measured = np.full((3, len(trace) - click), np.nan)
    if len(others) > 0:
        curves = [_differs(trace, one, click) for one in rerun_all(_replaced(trace.items, click, others))]
        measured = _mean(np.array(curves))
    predicted = [remains(trace.layers[-1], step).shares[click] for step in range(click, len(trace))]
    state, moved, divergence = measured
    return Forgetting(click, np.array(predicted, dtype=np.float64), state, moved, divergence, len(others))


def _others(n_items: int, item: int, count: int) -> np.ndarray:
    """At most `count` items other than `item`, spread evenly over the catalogue."""
    count = min(count, n_items - 1)
    places = np.arange(count) * (n_items - 1) // max(count, 1)
    return places + (places >= item)


def _replaced(items: np.ndarray, click: int, others: np.ndarray) -> list[np.ndarray]:
    sessions = np.tile(items, (len(others), 1))
    sessions[:, click] = others
    return list(sessions)


def _differs(trace: Trace, other: Trace, click: int) -> np.ndarray:
    """(3, L) how far `other` is from the trace since `click`: state, probability moved, KL."""
    h, h_other = (one.layers[-1].h[click:].astype(np.float64) for one in (trace, other))
    distance = np.linalg.norm(h - h_other, axis=1)
    relative = distance / distance[0] if distance[0] > 0 else np.full(len(distance), np.nan)
    if trace.scored is not None:
        return np.stack([relative, *np.full((2, len(distance)), np.nan)])
    log_p, log_q = (log_softmax(one.scores[click:]) for one in (trace, other))
    return np.stack([relative, total_variation(log_p, log_q), kl(log_p, log_q)])


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
    return (Part("From the gates, "), *_predicted(name, value.predicted), *_measured(value), Part("."))


def _predicted(name: Sentence, curve: np.ndarray) -> Sentence:
    if np.isnan(curve[0]):
        return (Part("nothing was written at "), *name)
    clicks = half_life(curve)
    if clicks is None:
        return (Part("more than half of "), *name, Part(", is kept to the end"))
    return (Part("half of "), *name, Part(", would be gone after "), number(clicks, 1), Part(" clicks"))


def _measured(value: Forgetting) -> Sentence:
    if value.replacements == 0:
        return (Part("; the catalogue has no other item to put in its place"),)
    state, moved = half_life(value.state), half_life(value.moved)
    said: Sentence = (Part("; replaced by another item, the state differs "), *_fades(value.state, state))
    if np.isnan(value.moved[0]):
        return said
    if state is None or moved is None:
        again = _fades(value.moved, moved)
    else:
        again = (Part("after "), number(moved, 1))
    return (*said, Part(", the recommendations "), *again, *_returns(value))


def _fades(curve: np.ndarray, clicks: float | None) -> Sentence:
    if clicks is None:
        return (Part("more than half as much to the end" if curve[0] > 0 else "not at all"),)
    return (Part("half as much after "), number(clicks, 1), Part(" clicks"))


def _returns(value: Forgetting) -> Sentence:
    """Where the click is seen most in the recommendations again, after it had faded from them."""
    clicks = half_life(value.moved)
    if clicks is None:
        return ()
    faded = int(np.ceil(clicks))
    lag = faded + int(np.argmax(value.moved[faded:]))
    if value.moved[lag] <= value.moved[0] / 2:
        return ()
    return (Part(f", but at click {value.click + lag + 1} again by "), share(float(value.moved[lag])))
