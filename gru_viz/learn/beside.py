"""How does the model stand beside the baselines on the held-out clicks, and how sure is that?

    RUN/baselines.safetensors  what each baseline reaches on every resample of the sessions

It is kept because a run that goes on measures no baseline again. With a digest of these and of the
figures that run.json has of them: what was drawn for another run would give wrong intervals.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from gru_viz.cutoffs import CUTOFF
from gru_viz.learn.evaluation import Scorer, ranked
from gru_viz.learn.intervals import Intervals, intervals_of, resampled
from gru_viz.learn.paired import Margin, margin
from gru_viz.learn.quality import Quality
from gru_viz.sessions import ClickLog
from gru_viz.whole_file import write_whole

FILE_NAME = "baselines.safetensors"
DIGEST = "sha256"


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
    drawn = {name: found.drawn for name, found in baselines.items()}
    write_whole(folder / FILE_NAME, save(drawn, {DIGEST: _digest(baselines)}))


def kept(qualities: Mapping[str, Quality], folder: Path) -> dict[str, OnTest]:
    """The baselines as an earlier process measured them; none where it is not sure that it did.

    So none from a file that is damaged, of another run, or of before there was a digest: a run goes
    on without the differences to them rather than with wrong ones.

    qualities: of this run's baselines, by name
    """
    try:
        with safe_open(folder / FILE_NAME, framework="numpy") as opened:
            digest = (opened.metadata() or {}).get(DIGEST)
            drawn = {name: opened.get_tensor(name) for name in qualities}
    except (OSError, SafetensorError, ValueError, TypeError):
        return {}
    if not all(map(_sound, drawn.values())):
        return {}
    found = {name: OnTest(quality, drawn[name]) for name, quality in qualities.items()}
    return found if digest == _digest(found) else {}


def _sound(drawn: np.ndarray) -> bool:
    """Shares, as `OnTest.drawn` has them."""
    fits = drawn.dtype == np.float64 and drawn.ndim == 3 and drawn.shape[1:] == (2, 1)
    return bool(fits and ((drawn >= 0) & (drawn <= 1)).all())  # NaN is neither


def _digest(baselines: Mapping[str, OnTest]) -> str:
    """sha256 over their figures and what was drawn, by name, hex."""
    found = hashlib.sha256()
    for name, one in sorted(baselines.items()):
        figures = json.dumps([name, asdict(one.quality), one.drawn.shape], sort_keys=True)
        found.update(figures.encode("ascii") + np.ascontiguousarray(one.drawn).tobytes())
    return found.hexdigest()
