"""How wrong are the scores beside those of all other items?"""

from __future__ import annotations

from torch import Tensor, nn

from gru_viz.learn.losses.in_parts import in_parts
from gru_viz.model import GRU4Rec


class FullSoftmax:
    """Cross-entropy, −log softmax(scores)[target], the softmax over the whole catalogue."""

    def __call__(self, model: GRU4Rec, features: Tensor, targets: Tensor, everyones: Tensor) -> Tensor:
        """As in `Loss`; it needs no negatives, so `everyones` targets do not matter."""

        def rows(features: Tensor, targets: Tensor) -> Tensor:
            return nn.functional.cross_entropy(model.score(features), targets, reduction="none")

        return in_parts(rows, features, targets, len(model.catalog))
