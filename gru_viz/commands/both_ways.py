"""Train the sample shop's model that reads both ways, and measure it beside the shop's GRU."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gru_viz.commands.output import note

if TYPE_CHECKING:
    from gru_viz.both_ways import BothWays
    from gru_viz.learn.split import Split
    from gru_viz.sessions import ClickLog


def both_ways(out: Path, split: Split, train: bool) -> tuple[str, dict[str, Any], list[str]]:
    """Trained anew where `train` and measured: the file of what was found, that, and it in words.

    out: the folder of the shop's GRU. Raises InputError where a model is missing.
    """
    import torch

    from gru_viz.both_ways_file import load_both_ways, save_both_ways
    from gru_viz.checkpoint import content_hash, load
    from gru_viz.commands.gap_measures import gap_study
    from gru_viz.explain.cell_study import fingerprint
    from gru_viz.explain.gap_study import FILE, MODEL_FILE, gap_study_sentence
    from gru_viz.explain.words import plain

    torch.set_num_threads(1)
    gru, file = load(out), out / MODEL_FILE
    if train:
        file.parent.mkdir(exist_ok=True)
        save_both_ways(_trained(split.train), file)
    both = load_both_ways(file)
    digests = {"before": fingerprint(gru.weights()), "both": content_hash(file)}
    found = gap_study(gru, both, split.test, digests)
    note("measured: hidden clicks")
    return FILE, found.to_dict(), [plain(gap_study_sentence(found))]


def _trained(log: ClickLog) -> BothWays:
    """The same on the same machine; how it was trained is in `about`."""
    from dataclasses import asdict

    from gru_viz.baselines.both_ways import FITTING, LearnedBothWays
    from gru_viz.commands.progress import Bar

    learned, bar, began = LearnedBothWays(fitting=FITTING), Bar(), time.monotonic()
    try:
        for at in learned.fit_steps(log):
            bar.update(f"both ways, epoch {at.epoch}", at.done, at.of, at.events_per_s, at.seconds_left)
    finally:
        bar.clear()
    note(f"both ways  {FITTING.epochs} epochs  loss {at.loss:.3f}  {time.monotonic() - began:.0f} s")
    learned.net.about = {
        "training": {
            "log": "the sample shop, synthetic",
            "sessions": len(log),
            "clicks": log.n_clicks,
            "items": len(log.catalog),
            "settings": asdict(FITTING),
        }
    }
    return learned.net.eval()
