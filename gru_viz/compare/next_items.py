"""What does a model recommend after these clicks, and where does the item clicked next stand?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gru_viz.baselines.base import Baseline
from gru_viz.catalog import Catalog
from gru_viz.sessions import ClickLog


@dataclass(frozen=True)
class NextItems:
    """A model's first recommendations.

    name:  of the model, for people
    items: item indices, best first; of equal scores the lower index first
    rank:  of the item that was really clicked next, from 1; None where that is not known
    """

    name: str
    items: tuple[int, ...]
    rank: int | None = None


def next_items(name: str, scores: np.ndarray, k: int, clicked: int | None) -> NextItems:
    """From the scores (n_items,) of one model. clicked: the item clicked next, if there is one."""
    order = np.argsort(-scores, kind="stable")
    rank = None if clicked is None else 1 + int(np.flatnonzero(order == clicked)[0])
    return NextItems(name, tuple(order[:k].tolist()), rank)


def scores_after(model: Baseline, catalog: Catalog, items: Sequence[int]) -> np.ndarray:
    """(n_items,) of a fitted baseline after these clicks, at least one."""
    log = ClickLog(catalog, np.array(items), np.array([0, len(items)]), ("",))
    return model.score(log, np.array([len(items) - 1]))[0]
