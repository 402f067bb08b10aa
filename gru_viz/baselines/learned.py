"""Which baselines are learned by gradient?

They take minutes where those of `ALL` take a second, so nothing fits them by the way.
"""

from __future__ import annotations

from typing import Any

from gru_viz.baselines.bert4rec import BERT4Rec
from gru_viz.baselines.fpmc import FPMC
from gru_viz.baselines.gradient import LearnedByGradient
from gru_viz.baselines.mf import MF
from gru_viz.baselines.sasrec import SASRec

LEARNED: tuple[type[LearnedByGradient[Any]], ...] = (MF, FPMC, SASRec, BERT4Rec)
