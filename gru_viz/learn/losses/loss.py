"""What is made smaller?"""

from __future__ import annotations

from typing import Protocol

from torch import Tensor

from gru_viz.model import GRU4Rec


class Loss(Protocol):
    """What is made small: the mean of the values given here."""

    def __call__(self, model: GRU4Rec, features: Tensor, targets: Tensor, everyones: Tensor) -> Tensor:
        """The loss (N,) of each prediction, carrying gradients.

        features:  (N, D) from `model.head`
        targets:   (N,) int64, the item clicked next
        everyones: (M,) int64 on the CPU, the targets of the whole update, these among them
        """
        ...
