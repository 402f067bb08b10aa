"""What can be set for a training, and what do the settings come to?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gru_viz.errors import InputError
from gru_viz.learn.config import TrainingConfig

Value = str | int | float
ModelSettings = Mapping[str, Any]  # as `ModelConfig.to_dict` has them


@dataclass(frozen=True)
class Choice:
    """A setting with a few values; `words` say each for people."""

    label: str
    words: Mapping[Any, str]
    help: str = ""


@dataclass(frozen=True)
class Number:
    """A setting that is a number, whole where `step` is."""

    label: str
    low: float
    high: float
    step: float
    help: str = ""

    @property
    def whole(self) -> bool:
        return isinstance(self.step, int)


Setting = Choice | Number

# What of the model is set here, each by a word or number of its own.
MODEL: dict[str, Setting] = {
    "cell": Choice(
        "Cell",
        {"gru": "GRU", "lstm": "LSTM", "rnn": "plain RNN"},
        "GRU: the model of this app. The others are for comparison.",
    ),
    "units": Number("Units of a layer", 1, 1024, 8, "How many numbers a layer remembers."),
    "layers": Number("Layers", 1, 4, 1, "Each reads the memory of the one below; scores come from the last."),
    "embedding": Choice(
        "Item embedding",
        {
            "own": "one for clicks, one for scores",
            "tied": "one for both (tied)",
            "onehot": "none for clicks (one-hot)",
        },
    ),
    "reset": Choice(
        "Reset gate acts",
        {"before": "before the recurrent weights", "after": "after them (PyTorch, Keras)"},
        "Two different functions; see the Step page's arithmetic.",
    ),
    "feed_forward": Number(
        "Feed-forward layer", 0, 1024, 8, "Units of a tanh layer between memory and scores; 0: there is none."
    ),
    "dropout_embedding": Number(
        "Dropout of clicks",
        0.0,
        0.9,
        0.05,
        "This share of each click’s numbers is set to 0 while it learns, at random, so that it leans on no "
        "single one; 0: none.",
    ),
    "dropout_hidden": Number(
        "Dropout of memory",
        0.0,
        0.9,
        0.05,
        "The same of what a layer passes on after each click; what it carries to the next click stays whole.",
    ),
}

TRAINING: dict[str, Setting] = {
    "mode": Choice(
        "Way to train",
        {"sessions": "whole sessions", "parallel": "click by click, sessions side by side"},
        "Whole sessions: back-propagation through all clicks. Side by side: one step an update, as in "
        "Hidasi et al. (2016).",
    ),
    "loss": Choice(
        "Loss",
        {
            "full": "softmax over all items",
            "sampled": "softmax over a sample (log-q corrected)",
            "bce": "binary cross-entropy",
            "bpr": "BPR",
            "bpr-max": "BPR-max",
            "top1": "TOP1",
            "top1-max": "TOP1-max",
        },
        "What each update makes smaller. Softmax: the surprise at the item clicked next, among all items or "
        "a sample. The others compare its score with those of sampled negatives.",
    ),
    "optimizer": Choice(
        "Optimizer",
        {"adam": "Adam", "adagrad": "Adagrad"},
        "What makes a step of a gradient. The GRU4Rec paper has Adagrad.",
    ),
    "epochs": Number("Epochs, at most", 1, 200, 1, "How often the log is gone through."),
    "patience": Number("Patience", 0, 50, 1, "Epochs without a better Recall@20 until it stops; 0: never."),
    "learning_rate": Number("Learning rate", 0.0001, 1.0, 0.001, "How large a step is, at its largest."),
    "schedule": Choice(
        "Course of the learning rate", {"one-cycle": "up, then down to nothing", "constant": "constant"}
    ),
    "batch": Number("Sessions an update", 1, 4096, 16, "The batch size: one step for so many sessions."),
    "clip": Number("Clip the gradient at", 0.01, 1000.0, 0.5, "A longer gradient is shortened to this."),
    "negatives": Number("Negatives", 0, 8192, 64, "Items sampled for each update, where the loss samples."),
    "alpha": Number(
        "Alpha of the negatives",
        0.0,
        1.0,
        0.05,
        "They are drawn in proportion to support^alpha; 0: all alike.",
    ),
    "in_batch": Choice("Other clicks as negatives", {False: "no", True: "yes, those of the same update"}),
    "regularizer": Number("Regularizer of BPR-max", 0.0, 100.0, 0.1, "λ: keeps scores of negatives small."),
    "order": Choice("Order of sessions", {"shuffled": "shuffled each epoch", "time": "by time"}),
    "start": Choice(
        "Begins as",
        {"markov": "a low-rank Markov chain", "random": "random numbers"},
        "What the model knows before its first session.",
    ),
    "seed": Number("Seed", 0, 2**31 - 1, 1, "Same seed, same result."),
}


def applies(name: str, values: Mapping[str, Value]) -> bool:
    """Has this setting a meaning beside the others?"""
    if name == "reset":
        return values["cell"] == "gru"
    if name in ("negatives", "alpha", "in_batch"):
        return values["loss"] != "full"
    if name == "regularizer":
        return values["loss"] == "bpr-max"
    return True


def usual_values(
    model: ModelSettings, training: TrainingConfig, changes: Mapping[str, Value]
) -> dict[str, Value]:
    """A preset's value of every setting, by the names in MODEL and TRAINING, beside these changes.

    Where they leave no room for a start from the Markov chain, the usual one is at random.
    """
    units = tuple(model["units"])
    own: dict[str, Value] = {
        "cell": model["cell"],
        "units": units[0],
        "layers": len(units),
        "embedding": "onehot" if model["input"] == "onehot" else model["output"],
        "reset": model["reset"],
        "feed_forward": next(iter(model["feed_forward"]), 0),
        "dropout_embedding": model["dropout_embedding"],
        "dropout_hidden": model["dropout_hidden"],
    }
    settings = training.to_dict()
    values = own | {name: settings[name] for name in TRAINING}
    changed = values | dict(changes)
    if changed["embedding"] != "own" or changed["feed_forward"]:
        values["start"] = "random"
    return values


def settled(
    model: ModelSettings, training: TrainingConfig, changes: Mapping[str, Value]
) -> tuple[dict[str, Any], TrainingConfig]:
    """Model and training with these changes. Raises InputError for values that do not fit together."""
    from gru_viz.learn.start import can_start_from_markov
    from gru_viz.model import ModelConfig

    values = usual_values(model, training, changes) | dict(changes)
    units = (int(values["units"]),) * int(values["layers"])
    embedding = values["embedding"]
    config = ModelConfig(
        units=units,
        cell=str(values["cell"]),
        reset=str(values["reset"]) if values["cell"] == "gru" else "before",  # no other has such a gate
        input="onehot" if embedding == "onehot" else "embedding",
        embedding_dim=units[0],
        feed_forward=tuple(filter(None, [int(values["feed_forward"])])),
        output="tied" if embedding == "tied" else "own",
        dropout_embedding=float(values["dropout_embedding"]),
        dropout_hidden=float(values["dropout_hidden"]),
    )
    changed = replace(training, **{name: values[name] for name in TRAINING})  # type: ignore[arg-type]
    if changed.start == "markov" and not can_start_from_markov(config):
        raise InputError(
            "a start from the Markov chain needs an embedding each for clicks and scores, and no "
            "feed-forward layer; let it begin as random numbers"
        )
    return config.to_dict(), changed
