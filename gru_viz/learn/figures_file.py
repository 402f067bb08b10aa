"""What does run.json tell: what was asked for, and every finished epoch's figures?

{"schema": 1, "asked": {"log", "model", "training", …}, "name", "test_name",
 "baselines": {name: quality}, "intervals": {name: intervals}, "keep_best": true or false,
 "epochs": [{figures}, …]}
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from gru_viz.cutoffs import CUTOFF
from gru_viz.errors import InputError, quote
from gru_viz.learn.intervals import Interval, Intervals
from gru_viz.learn.paired import Margin
from gru_viz.learn.progress import Epoch
from gru_viz.learn.quality import Quality
from gru_viz.safetensors_header import strict_json
from gru_viz.whole_file import write_json

FILE_NAME = "run.json"
SCHEMA = 1
TOLD_AT = (10, CUTOFF)  # cutoffs without which nobody can tell of a run
GATES_OF = 200  # training sessions, the first ones, whose gates an epoch tells


@dataclass(frozen=True)
class EpochFigures(Epoch):
    """What one time through the log gave, measured and kept.

    quality:                on the part it is measured on; None where there is none
    update_gate, saturated: mean update gate and share of gates near 0 or 1, both in [0, 1], over the
                            first GATES_OF training sessions
    checkpoint:             the model after it, a file's place in the run's folder; "" if not kept
    measuring_seconds:      that measuring it took
    intervals, margins:     of its quality, and by how much it is above each baseline, by name, both
                            at CUTOFF; None and empty where a run began before these were kept
    """

    quality: Quality | None
    update_gate: float
    saturated: float
    checkpoint: str
    measuring_seconds: float = 0.0
    intervals: Intervals | None = None
    margins: Mapping[str, Margin] = field(default_factory=dict)


@dataclass(frozen=True)
class RunFile:
    """A training run as run.json has it.

    asked:           what decides every number of it: the logs' content and all settings; JSON
    name, test_name: of the log and of what it is measured on
    keep_best:       is the epoch kept that is best there, or the last one? Always the last without
                     a part to measure on
    baselines:       by name, what each baseline reaches there
    epochs:          the finished ones, first to last
    intervals:       by name, of each baseline's figures at CUTOFF; none where a run began before
                     these were kept
    """

    asked: Mapping[str, Any]
    name: str
    test_name: str
    keep_best: bool
    baselines: Mapping[str, Quality] = field(default_factory=dict)
    epochs: tuple[EpochFigures, ...] = ()
    intervals: Mapping[str, Intervals] = field(default_factory=dict)

    @property
    def kept(self) -> int:
        """The epoch that model.safetensors holds, the first of equally good ones; 0 before there is one."""
        qualities = [epoch.quality for epoch in self.epochs if epoch.quality is not None]
        if not self.keep_best or len(qualities) < len(self.epochs):
            return len(self.epochs)
        values = [quality.recall[CUTOFF] for quality in qualities]
        return values.index(max(values)) + 1 if values else 0

    @property
    def seconds(self) -> float:
        """Of training, over all epochs; what was measured comes on top."""
        return sum(epoch.seconds for epoch in self.epochs)

    def upto(self, epoch: int) -> RunFile:
        """The run as it stood after this epoch."""
        return replace(self, epochs=self.epochs[:epoch])

    def then(self, epoch: EpochFigures) -> RunFile:
        """The run with one epoch more."""
        return replace(self, epochs=(*self.epochs, epoch))

    def write(self, folder: Path) -> None:
        document = {
            "schema": SCHEMA,
            "asked": dict(self.asked),
            "name": self.name,
            "test_name": self.test_name,
            "baselines": {name: _of_quality(quality) for name, quality in self.baselines.items()},
            "intervals": {name: _of_intervals(found) for name, found in self.intervals.items()},
            "keep_best": self.keep_best,
            "epochs": [_of_epoch(epoch) for epoch in self.epochs],
        }
        write_json(folder / FILE_NAME, document)


def read_run(folder: Path) -> RunFile | None:
    """The run in this folder, None if there is none. Raises InputError for a damaged run.json."""
    try:
        content = (folder / FILE_NAME).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(
            f"cannot read {quote(FILE_NAME)}: {error.strerror}; start the training again"
        ) from None
    try:
        return _run(strict_json(content))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise InputError(
            f"{quote(FILE_NAME)} of this training is damaged; start the training again"
        ) from None


def _run(document: Any) -> RunFile:
    if document["schema"] != SCHEMA or not isinstance(document["epochs"], list):
        raise ValueError
    epochs = tuple(_epoch(values) for values in document["epochs"])
    if [epoch.epoch for epoch in epochs] != list(range(1, len(epochs) + 1)):
        raise ValueError
    if len({epoch.quality is None for epoch in epochs}) > 1:  # all are measured on the same clicks, or none
        raise ValueError
    return RunFile(
        dict(document["asked"]),
        str(document["name"]),
        str(document["test_name"]),
        bool(document["keep_best"]),
        {str(name): _quality(values) for name, values in document["baselines"].items()},
        epochs,
        {str(name): _intervals(values) for name, values in document.get("intervals", {}).items()},
    )


def _epoch(values: dict[str, Any]) -> EpochFigures:
    quality = values["quality"]
    numbers = {
        name: _finite(values[name])
        for name in ("loss", "gradient_norm", "clipped", "seconds", "update_gate", "saturated")
    }
    sure = values.get("intervals")
    return EpochFigures(
        epoch=_whole(values["epoch"]),
        epochs=_whole(values["epochs"]),
        events=_whole(values["events"]),
        quality=None if quality is None else _quality(quality),
        checkpoint=str(values["checkpoint"]),
        measuring_seconds=_finite(values.get("measuring_seconds", 0.0)),
        intervals=None if sure is None else _intervals(sure),
        margins={str(name): _margin(margin) for name, margin in values.get("margins", {}).items()},
        **numbers,
    )


def _of_epoch(epoch: EpochFigures) -> dict[str, Any]:
    return {
        **asdict(epoch),
        "quality": None if epoch.quality is None else _of_quality(epoch.quality),
        "intervals": None if epoch.intervals is None else _of_intervals(epoch.intervals),
    }


def _of_quality(quality: Quality) -> dict[str, Any]:
    return {
        "recall": {str(k): value for k, value in quality.recall.items()},
        "mrr": {str(k): value for k, value in quality.mrr.items()},
        "predictions": quality.predictions,
        "ranks": quality.ranks,
    }


def _quality(values: dict[str, Any]) -> Quality:
    recall, mrr = ({int(k): _share(v) for k, v in values[name].items()} for name in ("recall", "mrr"))
    if not set(TOLD_AT) <= set(recall) & set(mrr):
        raise ValueError
    return Quality(recall, mrr, _whole(values["predictions"]), str(values["ranks"]))


def _of_intervals(found: Intervals) -> dict[str, Any]:
    return {
        "recall": {str(k): list(interval) for k, interval in found.recall.items()},
        "mrr": {str(k): list(interval) for k, interval in found.mrr.items()},
        "level": found.level,
        "resamples": found.resamples,
    }


def _intervals(values: dict[str, Any]) -> Intervals:
    recall, mrr = ({int(k): _interval(v) for k, v in values[name].items()} for name in ("recall", "mrr"))
    if CUTOFF not in recall or CUTOFF not in mrr:
        raise ValueError
    return Intervals(recall, mrr, _finite(values["level"]), _whole(values["resamples"]))


def _margin(values: dict[str, Any]) -> Margin:
    recall, mrr = (_interval(values[f"{name}_interval"]) for name in ("recall", "mrr"))
    return Margin(_finite(values["recall"]), recall, _finite(values["mrr"]), mrr)


def _interval(ends: Any) -> Interval:
    low, high = ends
    return _finite(low), _finite(high)


def _finite(value: Any) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError
    return float(value)


def _share(value: Any) -> float:
    if not 0 <= (found := _finite(value)) <= 1:
        raise ValueError
    return found


def _whole(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError
    return value
