"""How is a model trained, in numbers?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from gru_viz.errors import InputError, quote

LOSSES = ("full", "sampled")
ORDERS = ("time", "shuffled")
SCHEDULES = ("one-cycle", "constant")
STARTS = ("markov", "random")

# What trials on Wikispeedia paths (2,953 items, 109 thousand clicks) found good, like the
# defaults of TrainingConfig: half the units lose little, twice as many overfit.
UNITS = 100
DROPOUT = 0.3

# Beyond this many items a softmax over all of them costs more than the rest of an update.
FULL_SOFTMAX_ITEMS = 10_000


@dataclass(frozen=True)
class TrainingConfig:
    """How to train. With the log, the model's config and the machine it decides every number.

    epochs, batch:  times through the log; sessions an update
    learning_rate:  Adam's; the highest one where it changes
    schedule:       "one-cycle" (rises over the first `warmup` share of all updates, then falls
                    to nothing; Smith 2018, arXiv 1803.09820) or "constant"
    clip:           a gradient longer than this is shortened to it
    loss:           "full" softmax, or "sampled" over `negatives` drawn ∝ support^alpha
    order:          sessions by "time", or "shuffled" anew each epoch
    start:          what the model knows before: see `gru_viz.learn.start`

    Raises InputError for values that make no sense.
    """

    epochs: int = 14
    batch: int = 128
    learning_rate: float = 0.01
    schedule: str = "one-cycle"
    warmup: float = 0.3
    clip: float = 1.0
    loss: str = "full"
    negatives: int = 512
    alpha: float = 0.5
    order: str = "shuffled"
    start: str = "random"
    seed: int = 0

    def __post_init__(self) -> None:
        for name, allowed in (
            ("schedule", SCHEDULES),
            ("loss", LOSSES),
            ("order", ORDERS),
            ("start", STARTS),
        ):
            if getattr(self, name) not in allowed:
                value = quote(getattr(self, name))
                raise InputError(f"{name} must be one of {', '.join(allowed)}, not {value}")
        for name in ("epochs", "batch", "negatives"):
            if getattr(self, name) < 1:
                raise InputError(f"{name} must be at least 1, not {getattr(self, name)}")
        for name in ("learning_rate", "clip"):
            if not 0 < getattr(self, name) < float("inf"):
                raise InputError(f"{name} must be above 0, not {getattr(self, name)}")
        if not 0 <= self.warmup < 1:
            raise InputError(f"warmup must be at least 0 and below 1, not {self.warmup}")
        if not 0 <= self.alpha <= 1:
            raise InputError(f"alpha must be from 0 to 1, not {self.alpha}")
        if not 0 <= self.seed < 2**63:
            raise InputError(f"seed must be a whole number from 0, not {self.seed}")

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)
