"""How is a model trained on the sample shop, the same each time, with its quality in the checkpoint?"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gru_viz.learn.presets import Preset

if TYPE_CHECKING:
    from gru_viz.learn.split import Split
    from gru_viz.model import GRU4Rec


def shop_split() -> Split:
    """The shop's sessions, the last tenth by time held out."""
    from gru_viz.commands.shop_quality import HELD_OUT
    from gru_viz.data import shop
    from gru_viz.learn.split import split_by_time

    return split_by_time(shop.sessions(), HELD_OUT)


def trained(preset: Preset, split: Split, label: str = "") -> GRU4Rec:
    """Trained anew, the same on the same machine; what it reached is in `about`. One thread alone."""
    import torch

    from gru_viz.commands.following import follow
    from gru_viz.commands.output import note
    from gru_viz.commands.shop_quality import shop_quality
    from gru_viz.learn.start import new_model
    from gru_viz.learn.trainer import train

    torch.set_num_threads(1)
    training, began = preset.training, time.monotonic()
    model = new_model(split.train, preset.model, training.start, training.seed)
    for epoch in follow(train(model, split.train, training)):
        taken = time.monotonic() - began
        note(
            f"{label}epoch {epoch.epoch}/{epoch.epochs}  loss {epoch.loss:.3f}  "
            f"{epoch.events_per_s:,.0f} events/s  {taken:.0f} s"
        )
    model.about = {
        "training": {
            "log": "the sample shop, synthetic",
            "sessions": len(split.train),
            "clicks": split.train.n_clicks,
            "items": len(split.train.catalog),
            "epochs": training.epochs,
            "settings": training.to_dict(),
        },
        "quality": shop_quality(model, split),
    }
    return model
