"""What is known of each click of a session when that click alone is hidden?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gru_viz.catalog import Catalog
from gru_viz.frozen import FrozenArrays, read_only
from gru_viz.trace import LayerTrace


@dataclass(frozen=True, eq=False)
class Gaps(FrozenArrays):
    """All that a model which reads both ways recorded for one session of T clicks, each hidden in turn.

    items:    (T,) item indices into `catalog`
    scores:   (T, n_items) row t scores the items for click t from all other clicks
    forward:  one row a click, from the first on
    backward: one row a click *as it was read*: row 0 is the session's last click, so that the
              common form holds of it as of any LayerTrace; `after` is in the session's order

    There is no prefix law here: one click more changes every row.
    """

    catalog: Catalog
    items: np.ndarray
    scores: np.ndarray
    forward: LayerTrace
    backward: LayerTrace

    def __len__(self) -> int:
        return len(self.items)

    @property
    def before(self) -> np.ndarray:
        """(T, H) what the clicks before each one left, h→_{t−1}; zeros at the first."""
        return self.forward.h_prev

    @cached_property
    def after(self) -> np.ndarray:
        """(T, H) what the clicks after each one left, h←_{t+1}; zeros at the last."""
        return read_only(self.backward.h_prev[::-1])
