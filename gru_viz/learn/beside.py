"""How does the model stand beside the baselines on the held-out clicks, and how sure is that?

    RUN/baselines.safetensors  what each baseline reaches on every resample of the sessions

It is kept because a run that goes on measures no baseline again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from gru_viz.learn.evaluation import Scorer, ranked
from gru_viz.learn.intervals import Intervals, intervals_of, resampled
from gru_viz.learn.paired import Margin, margin
from gru_viz.learn.quality import Quality
from gru_viz.sessions import ClickLog
from gru_viz.whole_file import write_whole

FILE_NAME = "baselines.safetensors"
CUTOFF = 20  # at which intervals and differences are told


@dataclass(frozen=True, eq=False)
class OnTest:
    """One scorer on the held-out clicks.

    drawn: (R, 2, 1) Recall and MRR at CUTOFF on the same R resamples for every scorer
    """

    quality: Quality
    drawn: np.ndarray

    @classmethod
    def of(cls, scorer: Scorer, test: ClickLog) -> OnTest:
        """Raises InputError where nothing can be predicted."""
        found = ranked(scorer, test)
        return cls(found.quality(), resampled(found, (CUTOFF,)))

    @property
    def intervals(self) -> Intervals:
        return intervals_of(self.drawn, (CUTOFF,))

    def margins(self, baselines: Mapping[str, OnTest]) -> dict[str, Margin]:
        """By how much it is above each of them that was drawn as often."""
        return {
            name: margin((self.quality, other.quality), (self.drawn, other.drawn), CUTOFF)
            for name, other in baselines.items()
            if other.drawn.shape == self.drawn.shape
        }


def keep(baselines: Mapping[str, OnTest], folder: Path) -> None:
    """Raises InputError if it cannot be written."""
    write_whole(folder / FILE_NAME, save({name: found.drawn for name, found in baselines.items()}))


def kept(qualities: Mapping[str, Quality], folder: Path) -> dict[str, OnTest]:
    """The baselines as an earlier process measured them; those whose resamples are there and sound."""
    try:
        drawn = load((folder / FILE_NAME).read_bytes())
    except (OSError, SafetensorError, ValueError):
        return {}
    sound = {name: values for name, values in drawn.items() if _sound(values)}
    return {name: OnTest(known, sound[name]) for name, known in qualities.items() if name in sound}


def _sound(drawn: np.ndarray) -> bool:
    return drawn.dtype == np.float64 and drawn.ndim == 3 and drawn.shape[1:] == (2, 1)
