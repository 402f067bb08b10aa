"""A model and a session of any size, as files that a server can be started with.

How long a page takes does not depend on what was learned, only on how much there is.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

SESSION = "log:s"  # how a link names the session


def written(folder: Path, clicks: int, units: int, items: int) -> tuple[str, ...]:
    """An untrained model and a log of one session on random items, written; the app's arguments."""
    import torch

    from gru_viz.catalog import Catalog
    from gru_viz.checkpoint import save
    from gru_viz.model import GRU4Rec, ModelConfig

    torch.manual_seed(0)
    model, log = folder / "model.safetensors", folder / "log.csv"
    ids = tuple(f"item-{number}" for number in range(items))
    save(GRU4Rec(Catalog(ids), ModelConfig(units=(units,), embedding_dim=units)), model)
    clicked = np.random.default_rng(0).integers(0, items, clicks)
    rows = [f"s,{ids[item]},{1_700_000_000 + t}" for t, item in enumerate(clicked)]
    log.write_text("\n".join(["SessionId,ItemId,Time", *rows]) + "\n", "utf-8")
    return "--model", str(model), "--log", str(log)
