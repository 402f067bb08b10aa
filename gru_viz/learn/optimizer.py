"""How does a gradient become a step?"""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor

from gru_viz.errors import InputError
from gru_viz.learn.config import TrainingConfig
from gru_viz.model import GRU4Rec

BETAS = (0.9, 0.98)  # of Adam; a shorter memory of the gradient's size than the usual 0.999

# What each keeps of a parameter beside the number of steps, in the parameter's shape.
MEMORY = {"adam": ("exp_avg", "exp_avg_sq"), "adagrad": ("sum",)}
SQUARES = ("exp_avg_sq", "sum")


def optimizer_of(model: GRU4Rec, config: TrainingConfig) -> torch.optim.Optimizer:
    """Adam (Kingma and Ba 2015, arXiv 1412.6980) or Adagrad (Duchi et al. 2011) for all its numbers."""
    parameters = list(model.parameters())
    # fused: one pass over a table; torch 2.13 has it for both, on the CPU and on CUDA
    if config.optimizer == "adagrad":
        return torch.optim.Adagrad(parameters, lr=config.learning_rate, fused=True)
    return torch.optim.Adam(parameters, lr=config.learning_rate, betas=BETAS, fused=True)


def one_cycle(done: float, warmup: float) -> float:
    """Share of the highest learning rate when `done` of all updates, in [0, 1], are done.

    Half a cosine up from 1/25 over the warm-up, half a cosine down to 0 after it.
    """
    if done < warmup:
        return 1 / 25 + (1 - 1 / 25) * (1 - math.cos(math.pi * done / warmup)) / 2
    return (1 + math.cos(math.pi * (done - warmup) / (1 - warmup))) / 2


def kept_by(optimizer: torch.optim.Optimizer, model: GRU4Rec) -> dict[str, Tensor]:
    """What it keeps of each parameter, by "parameter/what", copied."""
    return {
        f"{name}/{what}": torch.as_tensor(value).detach().clone()
        for name, parameter in model.named_parameters()
        for what, value in optimizer.state[parameter].items()
    }


def give_back(
    optimizer: torch.optim.Optimizer, model: GRU4Rec, config: TrainingConfig, kept: Mapping[str, Tensor]
) -> None:
    """Make it what it was when `kept_by` looked. Raises InputError for anything but its own tensors."""
    memory = MEMORY[config.optimizer]
    named = dict(model.named_parameters())
    if set(kept) != {f"{name}/{what}" for name in named for what in ("step", *memory)}:
        raise InputError("the state of this training is of another model or optimizer; start it anew")
    for name, parameter in named.items():
        for what in memory:
            values = kept[f"{name}/{what}"]
            sound = values.shape == parameter.shape and values.dtype == parameter.dtype
            if not sound or (what in SQUARES and values.min() < 0):
                raise InputError(f"what the state of this training keeps of {name} is damaged; start it anew")
        if kept[f"{name}/step"].numel() != 1 or kept[f"{name}/step"].item() < 1:
            raise InputError(f"what the state of this training keeps of {name} is damaged; start it anew")
    settings = optimizer.state_dict()
    places = {
        # the optimizer changes in place what it is given, and the state may be wanted once more
        number: {what: kept[f"{name}/{what}"].clone() for what in ("step", *memory)}
        for number, name in enumerate(named)
    }
    optimizer.load_state_dict({"state": places, "param_groups": settings["param_groups"]})
