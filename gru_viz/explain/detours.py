"""How often is the right lens first after a detour, by its length, and how sure is that?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gru_viz.explain.words import NBSP, Part, Sentence, plural, share
from gru_viz.frozen import FrozenArrays

DEVIATES = 1.959964  # standard normal, 95 % inside
ENOUGH = 0.95  # what the shop's own models are held to


@dataclass(frozen=True, eq=False)
class Detours(FrozenArrays):
    """What one model got right, by the number of clicks between the camera body and its lens.

    lengths: (L,) rising whole numbers; right, asked: (L,) counts of sessions, asked at least 1
    """

    lengths: np.ndarray
    right: np.ndarray
    asked: np.ndarray

    @cached_property
    def shares(self) -> np.ndarray:
        """(L,) in [0, 1]"""
        return self.right / self.asked

    @cached_property
    def intervals(self) -> tuple[np.ndarray, np.ndarray]:
        """(L,) low and (L,) high: where the share would lie on endlessly many such sessions."""
        return wilson(self.right, self.asked)


def wilson(right: np.ndarray, asked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The 95 % score interval of a share (Wilson 1927): low and high, in [0, 1].

    Unlike p ± 1.96 √(p (1 − p) / n) it stays inside, and says something where all or none is right.
    """
    n, p = asked.astype(np.float64), right / asked
    squared = DEVIATES**2
    middle = (p + squared / (2 * n)) / (1 + squared / n)
    reach = DEVIATES / (1 + squared / n) * np.sqrt(p * (1 - p) / n + squared / (4 * n * n))
    return np.clip(middle - reach, 0, 1), np.clip(middle + reach, 0, 1)


def is_chance(detours: Detours, chance: float) -> np.ndarray:
    """(L,) does the interval of this length hold what guessing would reach?"""
    low, high = detours.intervals
    return (low <= chance) & (chance <= high)


def detours_claim(named: dict[str, Detours], chance: float) -> Sentence:
    """Which models still know the lens after the longest detour, and which can only guess, without a figure.

    named: as in `detours_sentence`; all were asked about the same lengths
    """
    knows: list[str] = []
    partly: list[str] = []
    guesses: list[str] = []
    for name, one in named.items():
        surely = float(one.intervals[0][-1])  # the share is hardly below it
        place = knows if float(one.shares[-1]) >= ENOUGH else partly if surely > chance else guesses
        place.append(name)
    furthest = int(next(iter(named.values())).lengths[-1])
    said = [
        *([f"{_together(knows)} still put{_s(knows)} the lens that fits first"] if knows else []),
        *(
            [f"{_together(partly)} find{_s(partly)} the right lens more often than by guessing"]
            if partly
            else []
        ),
        *([f"{_together(guesses)} can only guess which lens fits"] if guesses else []),
    ]
    return (Part(f"{plural(furthest, 'click')} after the camera, {'; '.join(said)}."),)


def _together(names: list[str]) -> str:
    """ "A", "A and B", "A, B and C" """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _s(names: list[str]) -> str:
    return "s" if len(names) == 1 else ""


def detours_sentence(named: dict[str, Detours], chance: float) -> Sentence:
    """For each model in one clause: how far it gets at its worst, or whether it is at chance.

    named: by how the sentence shall call it ("the GRU"); at least one
    """
    clauses = [(Part(f"by {name} "), *_clause(detours, chance)) for name, detours in named.items()]
    parts: list[Part] = [Part("After a detour, the lens that fits is put first: ")]
    for number, clause in enumerate(clauses):
        parts += [Part("; ")] * (number > 0) + [*clause]
    return (*parts, Part(f". Guessing among the lenses is right in {round(100 * chance, 1):g}{NBSP}%."))


def _clause(detours: Detours, chance: float) -> Sentence:
    worst = int(np.argmin(detours.shares))
    lengths = len(detours.lengths)
    guessed = int(is_chance(detours, chance).sum())
    if guessed == lengths:
        return (Part("no more often than by guessing, at any length"),)
    if float(detours.shares[worst]) >= ENOUGH:
        return (
            Part("in at least "),
            share(np.floor(100 * float(detours.shares[worst])) / 100),  # "at least": never rounded up
            Part(f" at every length up to {int(detours.lengths[-1])}"),
        )
    at = f" at {int(detours.lengths[0])} {'click' if detours.lengths[0] == 1 else 'clicks'} between, "
    return (
        Part("in "),
        share(float(detours.shares[0])),
        Part(at),
        share(float(detours.shares[-1])),
        Part(f" at {int(detours.lengths[-1])}"),
        Part(f", no better than guessing at {guessed} of {lengths} lengths" if guessed else ""),
    )
