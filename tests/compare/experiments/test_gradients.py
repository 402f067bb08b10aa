"""Is the gradient over a distance that of autograd, and does it say where a log is too short?"""

from __future__ import annotations

import numpy as np
import pytest
import torch

from gru_viz.compare.experiments import gradients as experiment
from gru_viz.compare.experiments.gradients import FURTHEST, LEAST, LEAST_SESSIONS, gradients, reach
from gru_viz.learn.start import new_model
from gru_viz.model import ModelConfig
from tests.logs import log_of


def sessions_of(length: int, count: int = LEAST_SESSIONS, seed: int = 0) -> list[np.ndarray]:
    return list(np.random.default_rng(seed).integers(9, size=(count, length)))


def model_of(cell: str, seed: int = 0, units: int = 5):
    log = log_of(sessions_of(8), 9)
    return new_model(log, ModelConfig(units=(units,), embedding_dim=4, cell=cell), "random", seed)


def by_autograd(model, items: np.ndarray, back: int) -> float:
    """‖∂s_T/∂s_{T−back}‖ over √H: the cell run on from that state, differentiated by torch."""
    (layer,) = model.cells
    x = torch.nn.functional.embedding(torch.from_numpy(items), model.embedding)
    before = layer.unroll(layer.project(x[:-back]), [1] * (len(items) - back))
    start = before.carried[-1:].detach()
    place = slice(layer.units, None) if layer.kind == "lstm" else slice(None)

    def onwards(s: torch.Tensor) -> torch.Tensor:
        full = start.clone()
        if layer.kind == "lstm":
            # the h that is shown moves along with c: h = o tanh(c), o of the click before
            o = before.named()["o"][-1:]
            full = torch.cat([o * torch.tanh(s), s], dim=1)
        else:
            full = s
        after = layer.unroll(layer.project(x[-back:].detach()), [1] * back, full)
        return after.carried[-1, place]

    J = torch.autograd.functional.jacobian(onwards, start[:, place])
    return float(J.norm()) / layer.units**0.5


@pytest.mark.parametrize("cell", ["gru", "rnn"])
def test_the_median_is_that_of_autograd(cell):
    """Oracle: torch's Jacobian of the last state by the one five clicks before, session by session."""
    trained, before = model_of(cell, 1), model_of(cell, 2)
    sessions = [*sessions_of(LEAST + 1, LEAST_SESSIONS - 5), *sessions_of(LEAST + 4, 5)]
    found = gradients({cell: (trained, before)}, log_of(sessions, 9))
    assert found is not None
    assert (found.sessions, found.distance) == (LEAST_SESSIONS, LEAST)
    (one,) = found.cells
    each = [by_autograd(trained, items, LEAST) for items in sessions]
    assert one.median[-1] == pytest.approx(np.median(each), rel=1e-4)
    assert one.low[-1] == pytest.approx(np.quantile(each, 0.25), rel=1e-4)
    assert one.before == pytest.approx(np.median([by_autograd(before, s, LEAST) for s in sessions]), rel=1e-4)
    assert one.median[0] == 1
    assert one.furthest.value == one.median[-1]
    assert one.furthest.low <= one.furthest.value <= one.furthest.high
    assert min(each) <= one.furthest.low


def test_it_reaches_as_far_as_enough_sessions_do():
    """Oracle: by hand. A session of L clicks reaches L − 1 clicks back."""
    enough = [6] * (LEAST_SESSIONS - 1)
    assert reach(np.array([*enough, 6])) == 5
    assert reach(np.array([*enough, 9])) == 5
    assert reach(np.array([*enough, 5])) is None  # four clicks back are too few
    assert reach(np.array(enough)) is None  # one session too few
    assert reach(np.array([500] * LEAST_SESSIONS)) == FURTHEST


def test_a_log_that_is_too_short_gives_nothing():
    assert gradients({"gru": (model_of("gru"), model_of("gru"))}, log_of(sessions_of(LEAST), 9)) is None


def test_a_robots_session_is_cut(monkeypatch):
    """Oracle: what a session of LONGEST clicks gives; what comes after it is not looked at."""
    monkeypatch.setattr(experiment, "LONGEST", 30)
    long = sessions_of(60)
    pair = {"gru": (model_of("gru"), model_of("gru", 1))}
    assert gradients(pair, log_of(long, 9)) == gradients(pair, log_of([s[:30] for s in long], 9))
