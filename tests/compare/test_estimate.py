"""Oracle: by hand; only proportions, since the machine decides the rest."""

from __future__ import annotations

import pytest

from gru_viz.compare import work
from gru_viz.compare.about import about
from gru_viz.compare.contenders import COUNTING_LASTS, LASTS
from gru_viz.compare.estimate import CLICKS, memory_bytes, seconds
from gru_viz.compare.experiments.plan import lasts
from gru_viz.compare.run import compare
from gru_viz.learn.config import PRESETS
from gru_viz.learn.estimate import START
from gru_viz.learn.estimate import memory_bytes as training_bytes
from gru_viz.learn.parts import Parts
from gru_viz.model import ModelConfig
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


def test_what_is_done_is_weighed_by_the_preset_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: the seconds that the estimate counts, before FPMC and after it."""
    now = 100.0
    monkeypatch.setattr(work.time, "monotonic", lambda: now)
    quick = PRESETS["quick"].training.epochs / PRESETS["best"].training.epochs
    done = work.Work(["fpmc", "gru"], (1.0, 0.5), "quick", claims=False)
    done.finished("fpmc", 1.0)
    now += 60
    at = done.doing("gru", 1.0, 0.0, 0.0)
    each = LASTS["fpmc"] + quick * LASTS["gru"]
    assert at.done == pytest.approx(LASTS["fpmc"] / (1.5 * each))
    assert at.seconds_left == pytest.approx(60 * (1 - at.done) / at.done)


def test_a_comparison_weighs_by_its_preset() -> None:
    """Oracle: by hand, where the first model is done and the second begins."""
    events = compare(LOG, LOG, about(PARTS, 0, "quick"), ["markov", "gru"])
    begins = next(one for one in events if isinstance(one, work.Doing) and one.name == "gru")
    quick = PRESETS["quick"].training.epochs / PRESETS["best"].training.epochs
    assert begins.done == pytest.approx(COUNTING_LASTS / (COUNTING_LASTS + quick * LASTS["gru"]))


def test_no_time_is_promised_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(work.time, "monotonic", lambda: now)
    done = work.Work(["markov", "gru"], (1.0,), "best", claims=False)
    now += work.SURE_AFTER
    assert done.doing("markov", 1.0, 0.0, 0.0).seconds_left is None  # nothing is done
    now -= 0.1
    done.finished("markov", 1.0)
    assert done.doing("gru", 1.0, 0.0, 0.0).seconds_left is None
    now += 0.1
    assert done.doing("gru", 1.0, 0.0, 0.0).seconds_left is not None


def test_memory_grows_with_the_largest_tables() -> None:
    """FPMC has three tables of 128 numbers an item, each kept four times in four bytes."""
    least = memory_bytes(PARTS, ["markov"], "quick")
    assert memory_bytes(PARTS, ["fpmc", "sasrec"], "quick") == least + 3 * 128 * 4 * 4 * len(LOG.catalog)


def test_the_claims_keep_models_beside_a_training_twice_as_wide() -> None:
    """A GRU of 100 units, tables of its own for items and scores: 2 n 100 + n + 3 (2 · 100² + 100) numbers.

    Kept are it and its gradient; SASRec's two tables of 64 likewise.
    """
    items, preset = len(LOG.catalog), PRESETS["quick"]
    wide = training_bytes(
        PARTS, ModelConfig(**{**preset.model, "units": (200,), "embedding_dim": 200}), preset.training
    )
    own = 4 * (2 * items * 100 + items + 3 * (2 * 100**2 + 100))
    assert memory_bytes(PARTS, ["gru"], "quick", claims=True) == wide + 2 * own
    more = memory_bytes(PARTS, ["gru", "lstm"], "quick", claims=True) - wide - 2 * own
    assert more == 2 * 4 * (2 * items * 100 + items + 4 * (2 * 100**2 + 100))
    assert memory_bytes(PARTS, ["markov"], "quick", claims=True) == memory_bytes(PARTS, ["markov"], "quick")
    alone = memory_bytes(PARTS, ["sasrec"], "quick")
    assert memory_bytes(PARTS, ["sasrec"], "quick", claims=True) == alone + 2 * 2 * 64 * 4 * items
