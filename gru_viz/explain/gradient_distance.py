"""How much gradient is left at a distance of so many clicks, over many sessions?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gru_viz.explain.words import Part, Sentence, plural, power_of_ten
from gru_viz.frozen import FrozenArrays

QUARTILES = (0.25, 0.5, 0.75)
LOST = 1e-3  # of the gradient at the click itself; what is left is then said to be lost


@dataclass(frozen=True, eq=False)
class GradientDistance(FrozenArrays):
    """Quartiles over sessions of ‖∂s_T/∂s_{T−d}‖ at the distances d = 0, 1, 2, …; (D,) each.

    The norm is `GradientFlow`'s, Frobenius over √H, so that 1 is "passed on unchanged" and all are
    1 at d = 0; s is an LSTM's c, any other cell's h.
    """

    low: np.ndarray
    median: np.ndarray
    high: np.ndarray


def gradient_distance(norms: Sequence[np.ndarray], furthest: int) -> GradientDistance:
    """The quartiles at the distances 0 to `furthest` of these `GradientFlow.norm`s.

    Raises ValueError where a session is too short to reach so far, or where there is none.
    """
    if not norms or min(map(len, norms)) <= furthest:
        raise ValueError(f"every session must have more than {furthest} clicks, and there must be one")
    backwards = np.array([norm[::-1][: furthest + 1] for norm in norms])
    return GradientDistance(*np.quantile(backwards, QUARTILES, axis=0))


def gradient_distance_sentence(trained: dict[str, GradientDistance]) -> Sentence:
    """How much is left at the furthest distance, cell by cell.

    trained: by how the sentence shall call it ("the GRU"); at least one
    """
    furthest = min(len(one.median) for one in trained.values()) - 1
    parts = [Part(f"After training, over a distance of {plural(furthest, 'click')} the median gradient is ")]
    for number, (name, one) in enumerate(trained.items()):
        left = float(one.median[furthest])
        lost = ": lost" if left < LOST else ""
        parts += [Part(", " if number else ""), Part(size(left), "number"), Part(f" in {name}{lost}")]
    return (*parts, Part("; 1 is passed on unchanged."))


def size(value: float) -> str:
    """0.31, 20, or 2 × 10⁻⁷ where that says more: of a gradient, wherever one is written."""
    if value == 0 or 10 <= value < 1000:
        return f"{value:.0f}"
    if 0.01 <= value < 10:
        return f"{value:.2f}"
    return power_of_ten(value)
