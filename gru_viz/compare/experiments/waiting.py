"""What does it cost that a click must wait for the click before, in GRU4Rec and in SASRec?

The same number of clicks is learned from, forwards and backwards, as many short sessions and as few
long ones. The sums are nearly as many either way (attention alone has more of them in long sessions);
but the longer the sessions, the fewer clicks can be worked on side by side where each must wait for
the one before. Only the layers between items and scores run: tables and scores are alike in both.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from gru_viz.baselines.sasrec import SASRec
from gru_viz.compare.experiments.estimates import median_of
from gru_viz.compare.experiments.values import Estimate, Pace, Waiting
from gru_viz.model import GRU4Rec

CLICKS = 1024
LENGTHS = (8, 32, 128)
ROUNDS, WARM_UP = 21, 3
QUARTILES = (0.25, 0.5, 0.75)

Run = Callable[[int], Tensor]  # of this length, CLICKS in all


def waiting(model: GRU4Rec, sasrec: SASRec) -> Waiting:
    """Both in turns, each length in turn, so that none has a quiet hour; processor time."""
    runs: dict[str, tuple[nn.Module, Run]] = {
        "gru": (model, lambda length: _recurrent(model, length)),
        "sasrec": (sasrec.net, lambda length: _attention(sasrec, length)),
    }
    times = {name: np.empty((ROUNDS, len(LENGTHS))) for name in runs}
    with torch.random.fork_rng(devices=[]):
        for number in range(-WARM_UP, ROUNDS):
            for name, (module, run) in runs.items():
                taken = [_seconds(module, run, length) for length in LENGTHS]
                if number >= 0:
                    times[name][number] = taken
    return Waiting(CLICKS, LENGTHS, tuple(_pace(name, taken) for name, taken in times.items()))


def _seconds(module: nn.Module, run: Run, length: int) -> float:
    """Of one update but for its step; the module is left as it was."""
    training = module.training
    module.train()
    try:
        began = time.process_time()
        run(length).sum().backward()
        return time.process_time() - began
    finally:
        module.zero_grad(set_to_none=True)
        module.train(training)


def _recurrent(model: GRU4Rec, length: int) -> Tensor:
    """(N, H) the top state, clicks packed as in `PackedBatch`."""
    x = torch.randn(CLICKS, model.config.embedding_dim)
    for layer in model.cells:
        x = layer.unroll(layer.project(x), [CLICKS // length] * length).h
    return x


def _attention(sasrec: SASRec, length: int) -> Tensor:
    """(B, T, D) after the blocks, each click looking at itself and at earlier ones."""
    x = torch.randn(CLICKS // length, length, sasrec.net.dim)
    at = torch.arange(length)
    for block in sasrec.net.blocks:
        x = block(x, src_mask=at[None, :] > at[:, None])
    out: Tensor = sasrec.net.norm(x)
    return out


def _pace(name: str, times: np.ndarray) -> Pace:
    """times: (ROUNDS, lengths)"""
    slower = times / np.maximum(times[:, :1], 1e-9)
    spread = np.quantile(slower, QUARTILES, axis=0).T.tolist()
    return Pace(
        name, tuple(Estimate(middle, low, high) for low, middle, high in spread), median_of(slower[:, -1])
    )
