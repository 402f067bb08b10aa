"""How much of what each click wrote is still in memory?"""

from __future__ import annotations

import numpy as np

from gru_viz.trace import LayerTrace


def surviving_writes(layer: LayerTrace, step: int) -> np.ndarray:
    """What click k wrote, as much of it as is left after click `step` (0-based).

    write_k ⊙ Π_{j=k+1..step} keep_j, the direct path only: what re-enters through
    the candidate counts as written again. Summed over k, with h_0 carried likewise,
    this is the state.

    Returns (step + 1, H).
    """
    return layer.write[: step + 1] * _kept_since(layer, step)


def carried_shares(layer: LayerTrace, step: int) -> np.ndarray:
    """Share of what click k wrote that is still carried after click `step` (0-based).

    |write| is summed over units before dividing, so a unit that barely took part
    barely counts. "Carried", not "remembered": the direct path only.

    Returns (step + 1,) in [0, 1]; the last is 1; NaN where a click wrote nothing at all.
    """
    written = np.abs(layer.write[: step + 1])
    left = (written * _kept_since(layer, step)).sum(axis=1)
    total = written.sum(axis=1)
    return np.divide(left, total, out=np.full(len(total), np.nan), where=total > 0)


def units_holding(layer: LayerTrace, click: int, step: int, share: float = 0.5) -> int:
    """How many units still carry at least `share` of what they wrote at `click`, after `step` (0-based)."""
    return int((_kept_since(layer, step)[click] >= share).sum())


def half_lives(layer: LayerTrace) -> np.ndarray:
    """Clicks until half of a unit's content is gone, were it kept at its mean rate over the session.

    ln 2 / −ln(mean keep), per unit (H,), in [0, ∞]; an estimate from the gates that assumes
    they stay at their mean (arXiv 2111.03282), not a measured forgetting.
    """
    keep = layer.keep.astype(np.float64).mean(axis=0)
    with np.errstate(divide="ignore"):
        return np.log(2) / np.abs(np.log(np.clip(keep, 0, 1)))


def _kept_since(layer: LayerTrace, step: int) -> np.ndarray:
    """(step + 1, H): row k is Π_{j=k+1..step} keep_j; the last row is ones."""
    later = np.vstack([layer.keep[1 : step + 1], np.ones((1, layer.units), dtype=layer.keep.dtype)])
    return np.cumprod(later[::-1], axis=0)[::-1]
