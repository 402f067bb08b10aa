"""Which trainings are done on a device that is not the CPU? Run as a process of its own: prints JSON.

{case: "" or what went wrong, in one line}
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch

from gru_viz.learn.config import LOSSES, MODES, TrainingConfig
from gru_viz.learn.figures_file import EpochFigures
from gru_viz.learn.parts import Parts
from gru_viz.learn.run import run_in
from gru_viz.learn.start import new_model
from gru_viz.learn.trainer import Trainer
from gru_viz.model import GRU4Rec, ModelConfig
from tests.logs import memory_log

MODEL = ModelConfig(units=(5,), embedding_dim=4, dropout_embedding=0.2, dropout_hidden=0.2)
TRAINING = TrainingConfig(epochs=1, batch=16, negatives=4, in_batch=True, start="random")
MODELS = {
    "gru after": replace(MODEL, reset="after"),
    "lstm": replace(MODEL, cell="lstm"),
    "rnn": replace(MODEL, cell="rnn"),
    "two layers": replace(MODEL, units=(5, 4)),
    "tied": replace(MODEL, embedding_dim=5, output="tied"),
    "one-hot, feed-forward": replace(MODEL, input="onehot", feed_forward=(3,)),
}


def cases() -> dict[str, tuple[ModelConfig, TrainingConfig]]:
    """Every loss and every model in both modes, both optimizers, negatives of both kinds."""
    found = {
        f"{loss}, {mode}": (MODEL, replace(TRAINING, loss=loss, mode=mode))
        for loss in LOSSES
        for mode in MODES
    }
    found |= {
        f"{name}, {mode}": (model, replace(TRAINING, loss="sampled", mode=mode))
        for name, model in MODELS.items()
        for mode in MODES
    }
    found["adagrad"] = (MODEL, replace(TRAINING, loss="sampled", optimizer="adagrad", in_batch=False))
    found["from a Markov chain"] = (replace(MODEL, embedding_dim=5), replace(TRAINING, start="markov"))
    return found


def without_dropout(model: ModelConfig) -> ModelConfig:
    return replace(model, dropout_embedding=0.0, dropout_hidden=0.0)


def trained(model: ModelConfig, training: TrainingConfig, device: str) -> GRU4Rec:
    log = memory_log(40)
    made = new_model(log, model, training.start, training.seed).to(device)
    for _ in Trainer(made, log, training).epochs():
        pass
    return made


def same_as_here(model: ModelConfig, training: TrainingConfig, device: str) -> None:
    """Trained there it has the numbers that it has when trained here."""
    here, there = trained(model, training, "cpu"), trained(model, training, device)
    for (name, one), other in zip(here.named_parameters(), there.parameters(), strict=True):
        assert other.device.type == torch.device(device).type, f"{name} is on {other.device}"
        torch.testing.assert_close(other.detach().cpu(), one.detach(), rtol=1e-4, atol=1e-5, msg=name)


def whole_run(device: str) -> None:
    """Trained, measured, saved, stopped and gone on with: what `--device` does."""
    log = memory_log(60)
    parts = Parts(log, log, "log", "test", True, {})
    told = [_run(parts, where) for where in ("cpu", device)]
    assert told[0] == told[1], told


def _run(parts: Parts, device: str) -> list[Any]:
    training = replace(TRAINING, epochs=2, loss="sampled")
    with tempfile.TemporaryDirectory() as folder:
        model = without_dropout(MODEL)
        begun = run_in(Path(folder), parts, model, training, device=device)
        epochs = [next(event for event in begun if isinstance(event, EpochFigures))]
        begun.close()  # type: ignore[attr-defined]
        again = run_in(Path(folder), parts, model, training, True, device=device)
        epochs += [event for event in again if isinstance(event, EpochFigures)]
    return [(round(e.loss, 3), round(e.update_gate, 3), e.quality, e.margins) for e in epochs]


def said(work: Callable[[], None]) -> str:
    try:
        work()
    except Exception as error:
        return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
    return ""


def every(device: str) -> dict[str, str]:
    found = {n: said(lambda c=c: same_as_here(*c, device)) for n, c in cases().items()}  # type: ignore[misc]
    return {**found, "a whole run": said(lambda: whole_run(device))}


def main() -> None:
    from tests.learn.elsewhere import NAME, Elsewhere, set_up

    torch.set_num_threads(1)
    set_up()
    # such tensors cannot be changed in place within it; where they are is the same without gradients
    with Elsewhere(), patch.object(torch, "inference_mode", torch.no_grad):
        json.dump(every(NAME), sys.stdout)


if __name__ == "__main__":
    main()
