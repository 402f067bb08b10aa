"""What becomes of a training whose gradient explodes, with clipping and without?

Trained, not drawn: written by `python -m gru_viz cells`. (What the Train page warns of is in exploding.py.)
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from gru_viz.explain.study_file import read_study
from gru_viz.frozen import FrozenArrays

FILE = "explosion.json"
CELLS = ("rnn", "gru")
COUNTS = ("units", "batch", "updates", "seed", "items")  # whole numbers of a Setting
LAST = 50  # updates over which a loss at the end is averaged
NO_NUMBER = "nan"  # as the file has one: JSON knows none


@dataclass(frozen=True)
class Setting:
    """What all the runs share, so that anyone can redo them; plain gradient descent, no dropout.

    units:   of the only recurrent layer, and numbers of an embedding
    scale:   what the recurrent weights are multiplied by at the start
    rate:    times the gradient, the step
    clip:    where clipping is on, a gradient longer than this is shortened to it
    batch:   sessions an update
    updates: how many there are where training does not break down
    seed:    of the start and of the order of sessions
    items:   in the catalogue
    """

    units: int
    scale: float
    rate: float
    clip: float
    batch: int
    updates: int
    seed: int
    items: int

    @property
    def guessing(self) -> float:
        """The loss of one who finds all items equally likely, ln n, in nats."""
        return math.log(self.items)


@dataclass(frozen=True, eq=False)
class Run(FrozenArrays):
    """One training, update by update.

    norms:  (N,) of the gradient before clipping, from 0
    losses: (N,) mean over the predictions of the update's batch, in nats, before its step
    recall, low, high: Recall@10 on held-out sessions at the end with its 95 % interval, as shares of
            the limit; 0 for a model that is no numbers any more

    A training that breaks down ends with the update at which its loss or its gradient is no number;
    there both are NaN.
    """

    norms: np.ndarray
    losses: np.ndarray
    recall: float
    low: float
    high: float

    @property
    def broke(self) -> int | None:
        """0-based, the update at which training broke down; None where it went through."""
        return None if np.isfinite(self.losses[-1]) else len(self.losses) - 1

    def over(self, clip: float) -> np.ndarray:
        """(N,) bool, at which updates the gradient is longer than `clip`; one that is no number is."""
        return ~(self.norms <= clip)

    @property
    def last(self) -> float:
        """Mean loss of the last updates."""
        return float(self.losses[-LAST:].mean())


@dataclass(frozen=True)
class Pair:
    """The same start and the same batches, with clipping and without."""

    clipped: Run
    free: Run

    def run(self, clipped: bool) -> Run:
        return self.clipped if clipped else self.free


@dataclass(frozen=True, eq=False)
class Explosion(FrozenArrays):
    """A vanilla RNN from a start that explodes, and a GRU from one made alike.

    pairs:   by cell
    radius, stretch: spectral radius of the RNN's recurrent weights at the start, and their largest
             singular value
    others:  (S, 2) in [0, 1], the RNN's Recall@10 as a share of the limit from S other starts, with
             clipping and without
    """

    setting: Setting
    pairs: Mapping[str, Pair]
    radius: float
    stretch: float
    others: np.ndarray

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it, four digits of each number; `from_dict` takes it back."""
        return {
            "setting": asdict(self.setting),
            "runs": {
                cell: {"clipped": _written(pair.clipped), "free": _written(pair.free)}
                for cell, pair in self.pairs.items()
            },
            "radius": _short(self.radius),
            "stretch": _short(self.stretch),
            "others": [[_short(share) for share in row] for row in self.others.tolist()],
        }

    @staticmethod
    def from_dict(values: Any) -> Explosion:
        """Raises ValueError, TypeError or KeyError for anything that is no such experiment."""
        setting = _setting(values["setting"])
        runs = values["runs"]
        pairs = {
            cell: Pair(*(_run(runs[cell][way], setting.updates) for way in ("clipped", "free")))
            for cell in CELLS
        }
        for pair in pairs.values():
            if not np.array_equal(pair.clipped.norms[:1], pair.free.norms[:1], equal_nan=True):
                raise ValueError("the two runs do not begin alike")
        others = np.array([(_share(clipped), _share(free)) for clipped, free in values["others"]])
        return Explosion(
            setting, pairs, _number(values["radius"]), _number(values["stretch"]), others.reshape(-1, 2)
        )


def read(path: Path) -> Explosion:
    """The experiment in this file. Raises InputError where there is none."""
    return read_study(path, "a study of exploding gradients", Explosion.from_dict)


def _written(run: Run) -> dict[str, Any]:
    arrays = {name: [_short(value) for value in getattr(run, name).tolist()] for name in ("norms", "losses")}
    return arrays | {name: _short(getattr(run, name)) for name in ("recall", "low", "high")}


def _short(value: float) -> float | str:
    return NO_NUMBER if math.isnan(value) else float(f"{value:.4g}")


def _setting(values: Any) -> Setting:
    """All of them above 0, but for the seed; whole numbers where they count something."""
    if not isinstance(values, dict) or set(values) != {field.name for field in fields(Setting)}:
        raise ValueError("other settings than these")
    known = {name: _number(value) for name, value in values.items()}
    whole = {name: int(known[name]) for name in COUNTS}
    if any(whole[name] != known[name] for name in COUNTS) or not min(known[n] for n in known if n != "seed"):
        raise ValueError("a setting that makes no sense")
    return Setting(scale=known["scale"], rate=known["rate"], clip=known["clip"], **whole)


def _run(values: Any, updates: int) -> Run:
    norms, losses = (
        np.array([_number(value, broken=True) for value in values[name]]) for name in ("norms", "losses")
    )
    if not 0 < len(losses) <= updates or norms.shape != losses.shape:
        raise ValueError("not a norm and a loss of every update")
    run = Run(norms, losses, *(_share(values[name]) for name in ("recall", "low", "high")))
    if not np.isfinite(losses[:-1]).all() or (run.broke is None and len(losses) < updates):
        raise ValueError("a training ends where it breaks down, and nowhere else")
    if not np.array_equal(np.isnan(norms), np.isnan(losses)):
        raise ValueError("a norm or a loss alone that is no number")
    if not run.low <= run.recall <= run.high:
        raise ValueError("an interval that its value is not in")
    return run


def _number(value: Any, broken: bool = False) -> float:
    """A number from 0; `broken`: or NO_NUMBER."""
    if broken and value == NO_NUMBER:
        return math.nan
    if type(value) not in (int, float) or not 0 <= value < math.inf:
        raise TypeError("no number from 0")
    return float(value)


def _share(value: Any) -> float:
    """Of the limit, which a lucky model may exceed a little on held-out sessions."""
    number = _number(value)
    if number > 2:
        raise ValueError("no share of a limit")
    return number
