"""Oracle: by hand; only proportions, since the machine decides the rest."""

from __future__ import annotations

import pytest

from gru_viz.compare.contenders import COUNTING_LASTS, LASTS
from gru_viz.compare.estimate import CLICKS, memory_bytes, seconds
from gru_viz.compare.experiments.plan import lasts
from gru_viz.learn.config import PRESETS
from gru_viz.learn.estimate import START
from gru_viz.learn.parts import Parts
from tests.logs import memory_log

LOG = memory_log(60)
PARTS = Parts(LOG, LOG, "log", "log", True, {})


def test_time_grows_with_clicks_shares_and_epochs() -> None:
    size = LOG.n_clicks / CLICKS
    assert seconds(PARTS, ["markov"], (1.0,), "best") == pytest.approx(START + size * COUNTING_LASTS)
    assert seconds(PARTS, ["gru"], (1.0, 0.5), "best") == pytest.approx(START + 1.5 * size * LASTS["gru"])
    quick = PRESETS["quick"].training.epochs / PRESETS["best"].training.epochs
    more = sum(lasts(kind, ["gru"]) for kind in ("reset", "clipping", "sizes"))
    assert seconds(PARTS, ["gru"], (1.0,), "best", claims=True) == pytest.approx(
        START + size * (LASTS["gru"] + more)
    )
    both = quick * LASTS["gru"] + LASTS["fpmc"]
    assert seconds(PARTS, ["gru", "fpmc"], (1.0,), "quick") == pytest.approx(START + size * both)


def test_memory_grows_with_the_largest_tables() -> None:
    """FPMC has three tables of 128 numbers an item, each kept four times in four bytes."""
    least = memory_bytes(PARTS, ["markov"], "quick")
    assert memory_bytes(PARTS, ["fpmc", "sasrec"], "quick") == least + 3 * 128 * 4 * 4 * len(LOG.catalog)
