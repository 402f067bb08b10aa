"""How is a model trained, in numbers?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from math import inf
from typing import Any, Self

from gru_viz.errors import InputError, quote

Rule = tuple[Callable[[float], bool], str]

MODES = ("sessions", "parallel")
LOSSES = ("full", "sampled", "bce", "bpr", "bpr-max", "top1", "top1-max")
OPTIMIZERS = ("adam", "adagrad")
ORDERS = ("time", "shuffled")
SCHEDULES = ("one-cycle", "constant")
STARTS = ("markov", "random")

# What trials on Wikispeedia paths (2,953 items, 109 thousand clicks) found good, like the
# defaults of TrainingConfig: half the units lose little, twice as many overfit.
UNITS = 100
DROPOUT = 0.3

# Beyond this many items a softmax over all of them costs more than the rest of an update.
FULL_SOFTMAX_ITEMS = 10_000

CHOICES = {
    "mode": MODES,
    "schedule": SCHEDULES,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "order": ORDERS,
    "start": STARTS,
}

# what must hold of a number, and in words; NaN holds nowhere
AT_LEAST_0: Rule = (lambda value: 0 <= value < inf, "at least 0")
FROM_1_TO_A_MILLION: Rule = (lambda value: 1 <= value <= 1_000_000, "from 1 to 1,000,000")
ABOVE_0: Rule = (lambda value: 0 < value < inf, "above 0")
RANGES: dict[str, Rule] = {
    "epochs": FROM_1_TO_A_MILLION,
    "batch": FROM_1_TO_A_MILLION,
    "negatives": (lambda value: 0 <= value <= 100_000, "from 0 to 100,000"),
    "patience": AT_LEAST_0,
    "learning_rate": ABOVE_0,
    "clip": ABOVE_0,
    "regularizer": AT_LEAST_0,
    "warmup": (lambda value: 0 <= value < 1, "at least 0 and below 1"),
    "alpha": (lambda value: 0 <= value <= 1, "from 0 to 1"),
    "seed": (lambda value: 0 <= value < 2**63, "a whole number from 0"),
}


@dataclass(frozen=True)
class TrainingConfig:
    """How to train. With the log, the model's config and the machine it decides every number.

    epochs:         times through the log
    batch:          sessions an update; in mode "parallel" the slots in which sessions run
    learning_rate:  the highest one where it changes
    schedule:       "one-cycle" (rises over the first `warmup` share of all updates, then falls
                    to nothing; Smith 2018, arXiv 1803.09820) or "constant"
    clip:           a gradient longer than this is shortened to it
    loss:           "full": softmax over the catalogue; all others are over sampled negatives,
                    "sampled": softmax with log-q correction, and as `gru_viz.learn.losses` has them
    negatives:      sampled for each update, ∝ support^alpha
    order:          sessions by "time", or "shuffled" anew each epoch
    start:          what the model knows before: see `gru_viz.learn.start`
    mode:           "sessions": back-propagation through whole sessions; "parallel": one click of
                    each slot an update, the state carried on (Hidasi et al. 2016, arXiv 1511.06939)
    optimizer:      "adam" or "adagrad"
    in_batch:       are the other targets of an update negatives too?
    regularizer:    λ of BPR-max
    patience:       epochs without a better value on held-out sessions until whoever measures
                    stops; 0: never

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
    mode: str = "sessions"
    optimizer: str = "adam"
    in_batch: bool = False
    regularizer: float = 1.0
    patience: int = 0

    def __post_init__(self) -> None:
        for field in fields(self):
            self._check_type(field.name, type(field.default))
        for name, allowed in CHOICES.items():
            if getattr(self, name) not in allowed:
                value = quote(getattr(self, name))
                raise InputError(f"{name} must be one of {', '.join(allowed)}, not {value}")
        for name, (holds, words) in RANGES.items():
            if not holds(getattr(self, name)):
                raise InputError(f"{name} must be {words}, not {quote(getattr(self, name))}")
        if self.negatives == 0 and self.loss != "full":
            self._check_in_batch()

    def _check_in_batch(self) -> None:
        """Where nothing else is a negative, a target needs others beside it."""
        if not self.in_batch:
            raise InputError("negatives must be at least 1 where the batch's own targets are none")
        if self.mode == "parallel" and self.batch == 1:  # one click an update: no loss, no gradient
            raise InputError(
                "one parallel session has no other targets as negatives, so nothing is learned; "
                "use a batch of at least 2, or negatives of at least 1"
            )

    def _check_type(self, name: str, kind: type) -> None:
        value = getattr(self, name)
        if kind is float and type(value) is int:  # JSON writes 1.0 as 1
            object.__setattr__(self, name, float(value))
        elif type(value) is not kind:
            raise InputError(f"{name} must be of type {kind.__name__}, not {quote(value)}")

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The config with these fields, defaults for the others. Raises InputError for unknown ones."""
        unknown = set(values) - {field.name for field in fields(cls)}
        if unknown:
            raise InputError(f"unknown training settings {quote(sorted(unknown))}")
        return cls(**values)


@dataclass(frozen=True)
class Preset:
    """A model's shape and how to train it, with a name people know it by.

    model:    settings of `gru_viz.model.ModelConfig`, which is not imported here for torch's sake
    training: as it is for a catalogue of up to FULL_SOFTMAX_ITEMS
    """

    model: Mapping[str, Any]
    training: TrainingConfig

    def training_for(self, n_items: int) -> TrainingConfig:
        """Over a larger catalogue the full softmax becomes a sampled one."""
        too_many = self.training.loss == "full" and n_items > FULL_SOFTMAX_ITEMS
        return replace(self.training, loss="sampled") if too_many else self.training


def _shape(units: int, dropout_embedding: float, dropout_hidden: float) -> dict[str, Any]:
    return {
        "units": (units,),
        "embedding_dim": units,
        "dropout_embedding": dropout_embedding,
        "dropout_hidden": dropout_hidden,
    }


# The best known is what `train` does when it is told nothing else.
PRESETS = {
    # on Wikispeedia Recall@20 .67 in a fifth of the time that "best" takes for .70
    "quick": Preset(
        _shape(UNITS, 0.2, 0.2),
        TrainingConfig(epochs=4, batch=96, learning_rate=0.012, warmup=0.2, loss="sampled", start="markov"),
    ),
    "good": Preset(_shape(UNITS, DROPOUT, DROPOUT), TrainingConfig(epochs=8, start="markov")),
    "best": Preset(_shape(UNITS, DROPOUT, DROPOUT), TrainingConfig(start="markov")),
}

# Stands in for the GRU4Rec authors' code (Hidasi and Karatzoglou 2018): its way through the log, loss,
# negatives, optimizer and sizes. They take a rate of 0.1; here 0.05 does better (Wikispeedia, epoch 5,
# Recall@20 .664 and MRR@20 .281 against .652 and .265, before log q counted targets; theirs .659, .283).
PARALLEL = Preset(
    _shape(UNITS, 0.1, 0.0),
    TrainingConfig(
        epochs=10,
        batch=64,
        learning_rate=0.05,
        schedule="constant",
        clip=10.0,  # never reached: they do not clip
        loss="sampled",
        negatives=512,
        alpha=0.5,
        order="time",
        mode="parallel",
        optimizer="adagrad",
        in_batch=True,
    ),
)
