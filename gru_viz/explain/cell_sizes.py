"""How many hidden units does it take to remember through the longest detour?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gru_viz.explain.cell_studies import CellStudies
from gru_viz.explain.detours import wilson
from gru_viz.explain.words import NBSP, Part, Sentence, plural, share
from gru_viz.frozen import FrozenArrays


@dataclass(frozen=True, eq=False)
class BySize(FrozenArrays):
    """What one kind of cell got right after the longest detour, by its hidden units.

    Each size is a model of its own, trained alike: one that fails did not learn it in that training,
    which is not to say that it could not.

    units: (S,) rising whole numbers; right, asked: (S,) counts of sessions, asked at least 1
    length: clicks of that detour
    """

    units: np.ndarray
    right: np.ndarray
    asked: np.ndarray
    length: int

    @cached_property
    def shares(self) -> np.ndarray:
        """(S,) in [0, 1]"""
        return self.right / self.asked

    @cached_property
    def intervals(self) -> tuple[np.ndarray, np.ndarray]:
        """(S,) low and (S,) high, 95 %."""
        return wilson(self.right, self.asked)


def by_size(studies: CellStudies, cell: str) -> BySize:
    """This cell at every size that was measured."""
    units = sorted(studies.by_size)
    curves = [studies.by_size[size].detours[cell] for size in units]
    right, asked = (np.array([getattr(one, name)[-1] for one in curves]) for name in ("right", "asked"))
    return BySize(np.array(units), right, asked, int(curves[0].lengths[-1]))


def sizes_sentence(named: Mapping[str, BySize], chance: float) -> Sentence:
    """What each cell gets right there, from the largest size down.

    named: by how the sentence shall call it ("the GRU"); at least one
    """
    first = next(iter(named.values()))
    listed = ", ".join(map(str, first.units[::-1].tolist()))
    parts = [
        Part(f"With {listed} units, the lens that fits is first after {plural(first.length, 'click')} "),
        Part("between: "),
    ]
    for place, (name, one) in enumerate(named.items()):
        parts.append(Part("; " * (place > 0) + f"for {name} in "))
        for number, value in enumerate(one.shares[::-1].tolist()):
            parts += [Part(", ")] * (number > 0) + [share(value)]
    return (*parts, Part(f". Guessing is right in {round(100 * chance, 1):g}{NBSP}%."))
