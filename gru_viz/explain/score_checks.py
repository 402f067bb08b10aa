"""Are these scores that anything can be said about?"""

from __future__ import annotations

import numpy as np

from gru_viz.errors import InputError
from gru_viz.trace import Trace


def check_scores(scores: np.ndarray, where: str) -> None:
    """Raises InputError where a score is no number, as absurd weights give; `where` is "after click 3"."""
    if not np.isfinite(scores).all():
        raise InputError(f"the model's scores {where} are not numbers, so nothing can be explained")


def check_step(trace: Trace, step: int = -1) -> None:
    """Raises InputError where a score after click `step` (0-based) is no number."""
    at = range(len(trace))[step]
    check_scores(trace.scores[at], f"after click {at + 1}")


def all_same(trace: Trace, step: int = -1) -> bool:
    """Do all items of the catalogue have one and the same score after click `step`?

    Then a rank is no more than the order of the items. Of a cut catalogue the normalizer tells
    whether the items behind the kept ones score the same, too.
    """
    scores = trace.scores[step]
    n_items = len(trace.catalog)
    if n_items == 1 or scores.max() > scores.min():
        return False
    if trace.normalizer is None:
        return True
    return bool(np.isclose(float(trace.normalizer[step]) - float(scores[0]), np.log(n_items), atol=1e-6))
