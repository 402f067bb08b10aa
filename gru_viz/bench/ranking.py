"""How long does it take to rank a million items for one state?"""

from __future__ import annotations

import numpy as np
import torch

from gru_viz.bench.row import Effort, Row
from gru_viz.bench.timing import one_thread, side_by_side
from gru_viz.catalog import Catalog
from gru_viz.model import GRU4Rec, ModelConfig
from gru_viz.trace import Trace

ITEMS = 1_000_000
UNITS = 64
K = 20
BAR = 1.3


def measure(effort: Effort) -> list[Row]:
    """Scores of every item and `Trace.ranking`, against a product and `torch.topk`."""
    torch.manual_seed(0)
    items, units = effort.of(ITEMS, K), effort.of(UNITS, 2)
    catalog = Catalog(tuple(map(str, range(items))))
    model = GRU4Rec(catalog, ModelConfig((units,), embedding_dim=units, output="tied")).eval()
    h = torch.randn(1, units)
    E, bias = model.output_embedding, model.output_bias
    clicked = np.zeros(1, dtype=np.int64)

    def ours() -> np.ndarray:
        return Trace(catalog, clicked, model.score(model.head(h)).numpy(), ()).ranking(k=K)

    def yardstick() -> torch.Tensor:
        return torch.topk(E @ h[0] + bias, K).indices

    with one_thread(), torch.inference_mode():
        assert set(ours().tolist()) == set(yardstick().tolist())
        both = side_by_side(ours, yardstick, effort.repeats)
    work = f"top {K} of {items:,} items, {units} units"
    return [Row("ranking", work, "torch.topk(E @ h + b)", *both, bar=BAR)]
