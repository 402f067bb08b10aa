"""What is lost if the state is not reset between sessions, so that one shopper inherits another's memory?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.explain.detours import DEVIATES
from gru_viz.explain.words import Part, Sentence, number, plural, share
from gru_viz.frozen import FrozenArrays


@dataclass(frozen=True, eq=False)
class Leftover(FrozenArrays):
    """Recall after the 1st, 2nd, … click of a session, with an empty start and with another's memory.

    asked:       (P,) whole numbers from 1, how many sessions go on after so many clicks
    fresh, left: (P,) in [0, 1], in which share of them the next item is among the first 10; a
                 comparison of models counts the first 20
    low, high:   (P,) 95 % interval of left − fresh
    """

    asked: np.ndarray
    fresh: np.ndarray
    left: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @property
    def change(self) -> np.ndarray:
        """(P,) in [−1, 1]; below 0 something is lost."""
        return self.left - self.fresh


def leftover(place: np.ndarray, fresh: np.ndarray, left: np.ndarray, furthest: int) -> Leftover:
    """The shares after the clicks 1 to `furthest` of a session; fewer where no session is so long.

    place: (N,) after how many clicks each prediction was made; fresh, left: (N,) was it a hit?

    The interval is that of a mean of paired differences, ± 1.96 s / √n: the same sessions are asked
    twice. Raises ValueError where nothing is predicted after the first click.
    """
    rows = []
    for clicks in range(1, furthest + 1):
        here = place == clicks
        if not here.any():
            break
        change = left[here].astype(np.float64) - fresh[here]
        reach = DEVIATES * change.std() / np.sqrt(len(change))
        middle = change.mean()
        rows.append((len(change), fresh[here].mean(), left[here].mean(), middle - reach, middle + reach))
    if not rows:
        raise ValueError("nothing is predicted after a first click")
    return Leftover(*(np.array(column) for column in zip(*rows, strict=True)))


def leftover_sentence(named: dict[str, Leftover]) -> Sentence:
    """What each loses after the first click, and for how many clicks it can be told.

    named: by how the sentence shall call it ("the GRU"); at least one
    """
    parts = [
        Part("If the state is not reset between sessions, the next item is among the first 10 after one "),
        Part("click: "),
    ]
    for place, (name, one) in enumerate(named.items()):
        parts += [
            Part("; " * (place > 0) + f"for {name} in "),
            share(float(one.left[0])),
            Part(" instead of "),
            share(float(one.fresh[0])),
            Part(_until(one)),
        ]
    return (*parts, Part("."))


def _until(one: Leftover) -> str:
    """How long does it hurt? Until the first click after which the interval holds 0."""
    unharmed = np.flatnonzero(one.high >= 0)
    if not len(unharmed):
        return f", and still worse after {plural(len(one.asked), 'click')}"
    return "" if unharmed[0] == 0 else f", made good after {plural(int(unharmed[0]) + 1, 'click')}"


def points(value: float) -> str:
    """−3.1: a difference of shares in percentage points."""
    return number(100 * value, 1).text
