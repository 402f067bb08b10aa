"""Which ready-made ways to train are there, in words, for this log?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gru_viz.learn import config
from gru_viz.learn.config import TrainingConfig

QUICK, GOOD, BEST = "quick", "good", "best"
PRESETS = (QUICK, GOOD, BEST)
WORDS = {
    QUICK: ("Quick", "To see whether the log reads well."),
    GOOD: ("Good", "Most of what can be reached."),
    BEST: ("Best", "The best we know, as the command line trains."),
}


@dataclass(frozen=True)
class Preset:
    """A ready-made way: what it is called, one line about it, its size in words, and its settings."""

    label: str
    words: str
    size: str
    model: Mapping[str, Any]
    training: TrainingConfig


def preset_for(name: str, n_items: int) -> Preset:
    """The preset for a catalogue of so many items."""
    from gru_viz.model import ModelConfig

    ready = config.PRESETS[name]
    label, words = WORDS[name]
    model = ModelConfig(**ready.model).to_dict()
    training = ready.training_for(n_items)
    size = f"{' + '.join(map(str, model['units']))} units, {training.epochs} epochs"
    return Preset(label, words, size, model, training)
