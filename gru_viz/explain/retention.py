"""Which clicks was the memory written at, and how long does a unit keep it?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.explain.words import KEEPS, Part, Sentence, click, in_top_layer, number, share
from gru_viz.frozen import FrozenArrays
from gru_viz.trace import LayerTrace, Trace

LONG = 5  # clicks; a half-life beyond it outlasts a few clicks on something else
LONGEST = 1000  # clicks; beyond it mean gates of a short session say no more than "very long"


def half_lives(layer: LayerTrace) -> np.ndarray:
    """Clicks until half of a unit's content is gone, were it kept at its mean rate over the session.

    ln 2 / −ln(mean keep), per unit (H,), in [0, ∞]; an estimate from the gates that assumes
    they stay at their mean (arXiv 2111.03282), not a measured forgetting.
    """
    keep = layer.keep.astype(np.float64).mean(axis=0)
    with np.errstate(divide="ignore"):
        return np.log(2) / np.abs(np.log(np.clip(keep, 0, 1)))


@dataclass(frozen=True, eq=False)
class Retention(FrozenArrays):
    """How is the memory after each click shared out among the clicks it was written at?

    A[k, t] = (1 − keep_k) Π_{j=k+1..t} keep_j, and Π_{j=1..t} keep_j for h_0: for a GRU the
    write share z_k of click k that is still there at t, for an LSTM the share 1 − f_k that it
    made room for. Per unit each row sums to 1, whatever the cell, so the rows read like
    attention; they follow the direct path only. A vanilla RNN has none: all is the last click's.

    shares: (T, T + 1) float64 in [0, 1]; row t is the memory after click t, column 0 is h_0,
            column k the k-th click; 0 where the click has not happened yet
    unit:   whose memory, or None for the mean over all units
    """

    shares: np.ndarray
    unit: int | None = None


def retention(layer: LayerTrace, unit: int | None = None) -> Retention:
    """How the memory of `unit`, or of all units on average, is shared out after each click.

    Of T × (T + 1) × H shares only one click's are held at a time. The mean weighs all units
    alike, also those that hold next to nothing.
    """
    keep = layer.keep.astype(np.float64)
    if unit is not None:
        keep = keep[:, [unit]]
    T, units = keep.shape
    shares = np.zeros((T, T + 1))
    now = np.zeros((T + 1, units))  # A[:, t], every unit's
    now[0] = 1  # before the first click all of it is h_0
    for t in range(T):
        now[: t + 1] *= keep[t]
        now[t + 1] = 1 - keep[t]
        shares[t, : t + 2] = now[: t + 2].mean(axis=1)
    return Retention(shares, unit)


def retention_sentence(trace: Trace, retention: Retention, step: int) -> Sentence:
    """How much of the memory after click `step` (0-based) was written there, how much earlier.

    What is left of the state before the first click is said where it outweighs every earlier click.
    """
    if trace.layers[-1].cell not in KEEPS:
        return _all_anew(trace, retention, step)
    step = range(len(trace))[step]
    start, *earlier = retention.shares[step, : step + 1].tolist()
    opening = _of_memory(trace, retention, step)
    written = (share(float(retention.shares[step, step + 1])), Part(" was written at that click"))
    before = _before(trace, start) if start > max([0.0, *earlier]) else ()
    return (*opening, *written, *_earlier(trace, earlier), *before, Part("."))


def _of_memory(trace: Trace, retention: Retention, step: int) -> Sentence:
    """How the row of shares begins. Of an LSTM it is what forgetting made room for."""
    of: Sentence = (Part("Of "),)
    if trace.layers[-1].cell == "lstm":
        of = (Part("By the "), Part("forget gates", "f"), Part(", of "))
    whose = "the memory" if retention.unit is None else f"unit {retention.unit}'s memory"
    return (*of, Part(f"{whose}{in_top_layer(trace)} after "), *click(trace, step), Part(", "))


def _all_anew(trace: Trace, retention: Retention, step: int) -> Sentence:
    """Of a cell with no gate that keeps: the row is the same whatever the session."""
    opening = _of_memory(trace, retention, range(len(trace))[step])
    why = "all was written at that click, as always in a vanilla RNN: this does not tell what it remembers."
    return (*opening, Part(why))


def half_life_sentence(layer: LayerTrace, layers: int = 1) -> Sentence:
    """How long the units keep what they hold, as their mean keep foretells it: 1 − z, or an LSTM's f.

    layers: how many the model has; where there are several, `layer` is the top one
    """
    if layer.cell not in KEEPS:
        return (Part("A vanilla RNN has no gate that keeps, so its units have no half-lives."),)
    clicks = half_lives(layer)
    where = " of the top layer" if layers > 1 else ""
    return (
        Part(f"At its mean rate in this session the median unit{where} loses half of its content in "),
        *(_clicks(float(np.median(clicks))), Part(" clicks; for ")),
        Part(f"{int((clicks > LONG).sum())} of {layer.units}", "number"),
        Part(f" unit{'' if layer.units == 1 else 's'} it takes more than {LONG}."),
        Part(" An estimate from mean gates, not a measured forgetting."),
    )


def _earlier(trace: Trace, shares: list[float]) -> Sentence:
    if not shares:
        return ()
    most = int(np.argmax(shares))
    if shares[most] == 0:
        return (Part("; nothing is left of the earlier ones"),)
    which = "of the earlier ones " if len(shares) > 1 else ""
    holds = ", holds most, " if len(shares) > 1 else ", holds "
    return (Part(f"; {which}"), *click(trace, most), Part(holds), share(shares[most]))


def _before(trace: Trace, start: float) -> Sentence:
    """The share of h_0, which for every session that the model runs from its start is empty."""
    empty = not any(layer.h0.any() for layer in trace.layers)
    what = "the empty start" if empty else "what was there at the start"
    return (Part("; "), share(start), Part(f" is still {what}"))


def _clicks(value: float) -> Part:
    return Part(f"over {LONGEST:,}", "number") if value > LONGEST else number(value, 1)
