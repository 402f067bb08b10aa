"""Does something go wrong while a model learns: an exploding gradient, a clip that decides, stuck gates?

Plain rules over the epochs so far, so that an epoch's verdict never changes afterwards.
"""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Sequence
from statistics import median

TIMES = 10.0  # so many times the usual norm is an explosion
FEW = 20  # updates that tell no usual norm yet
ENOUGH = 10_000  # updates, the first ones of an epoch, that tell it
NEARLY_ALL = 0.95  # share of updates that were shortened
STUCK = 0.9  # share of gates below .05 or above .95


def explodes(norm: float, before: Sequence[float]) -> bool:
    """Is this norm no number, or more than TIMES the median of those before it?

    before: norms of earlier epochs, or the usual one of earlier updates; those that are no numbers
            are left out
    """
    if not math.isfinite(norm):
        return True
    known = [value for value in before if math.isfinite(value)]
    return bool(known) and norm > TIMES * median(known)


class Usual:
    """The usual norm of an epoch's updates so far: their median."""

    def __init__(self) -> None:
        self.known: list[float] = []  # rising

    @property
    def norm(self) -> float | None:
        """None where FEW updates were seen, or less."""
        return self.known[len(self.known) // 2] if len(self.known) > FEW else None

    def add(self, norm: float) -> None:
        if len(self.known) < ENOUGH and math.isfinite(norm):
            insort(self.known, norm)


def exploded(norms: Sequence[float]) -> tuple[bool, ...]:
    """The verdict on each epoch, from its mean gradient norm before clipping and those before it."""
    return tuple(explodes(norm, norms[:place]) for place, norm in enumerate(norms))


def always_clipped(clipped: float) -> bool:
    """Was nearly every update of an epoch shortened to the clip?"""
    return clipped >= NEARLY_ALL


def stuck(saturated: float) -> bool:
    """Do nearly all gates stand open or shut, where they pass hardly any gradient on (σ' = σ (1 − σ))?"""
    return saturated >= STUCK
