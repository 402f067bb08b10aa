"""Oracle: every session stepped through alone, gates counted in NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from gru_viz.learn import gates as module
from gru_viz.learn.gates import Gates, gates
from gru_viz.learn.start import new_model
from gru_viz.model import GRU4Rec, ModelConfig
from gru_viz.record import record
from gru_viz.sessions import ClickLog
from tests.logs import log_of, random_log


def stepped(model: GRU4Rec, log: ClickLog, sessions: int) -> Gates:
    """From the recorded traces."""
    written, values = [], []
    for session in list(log)[:sessions]:
        for cell, layer in zip(model.cells, record(model, session.items.tolist()).layers, strict=True):
            written.append(1 - layer.keep.ravel())
            values += [layer.gates[name].ravel() for name in cell.anatomy.gates]
    every = np.concatenate(values) if values else np.ones(0)
    far = (every < 0.05) | (every > 0.95)
    return Gates(float(np.concatenate(written).mean()), float(far.mean()) if values else 0.0)


@pytest.mark.parametrize("cell", ["gru", "lstm", "rnn"])
@pytest.mark.parametrize("sessions", [1, 12, 200])
def test_they_are_the_recorded_ones(cell: str, sessions: int) -> None:
    log = random_log(30)
    model = new_model(log, ModelConfig(units=(5, 7), embedding_dim=4, cell=cell, dropout_hidden=0.5))
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(4)
    model.train()
    found, expected = gates(model, log, sessions), stepped(model.eval(), log, sessions)
    assert found.update == pytest.approx(expected.update, rel=1e-5)
    assert found.saturated == pytest.approx(expected.saturated, abs=1e-3)
    if cell != "rnn":
        assert 0 < found.saturated < 1
    else:
        assert found == Gates(1.0, 0.0)


def test_by_hand() -> None:
    """No weights but biases: z = σ(4) = .982 at every click, r = σ(0) = ½. Half of the gates saturate."""
    log = log_of([[0, 1, 2], [2]])
    model = new_model(log, ModelConfig(units=(3,), embedding_dim=2))
    with torch.no_grad():
        for weight in model.parameters():
            weight.zero_()
        next(model.cells).b[:3] = 4.0
    assert gates(model, log) == Gates(pytest.approx(1 / (1 + np.exp(-4))), 0.5)


def test_training_goes_on_as_it_was() -> None:
    log = random_log(5)
    model = new_model(log, ModelConfig(dropout_embedding=0.5))
    assert model.train().training
    assert gates(model, log) == gates(model, log)
    assert model.training


def test_of_a_robots_session_the_beginning_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST", 3)
    log = log_of([[0, 1, 2, 3, 1, 2], [1, 2]])
    model = new_model(log, ModelConfig((4,), embedding_dim=3))
    short = log_of([[0, 1, 2], [1, 2]], 4)
    assert gates(model, log) == gates(model, short)
