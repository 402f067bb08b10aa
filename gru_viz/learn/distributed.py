"""How do several processes train one model?

    torchrun --nproc-per-node 2 -m gru_viz train …

Each process (rank) runs the same trainer over the same log, in the same order, and learns from
its own share of every update: every n-th session, or slot. DistributedDataParallel adds the
gradients up, so every rank makes the same step with the gradient of the whole update: what one
process would have done, up to rounding, and up to dropout, which each rank draws for itself.
Nobody is left waiting at an uneven end: a rank without a share takes part with weight 0.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from gru_viz.errors import InputError, quote
from gru_viz.learn.batches import Share


@dataclass(frozen=True)
class Ranks(Share):
    """The processes that train together, seen from one of them."""

    @property
    def first(self) -> bool:
        """Is this the one that measures, writes and reports?"""
        return self.rank == 0

    def wrapped(self, objective: nn.Module) -> nn.Module:
        """The objective, with gradients that are those of all ranks together; weights are rank 0's."""
        return DistributedDataParallel(objective) if self.world > 1 else objective

    def scaled(self, loss: Tensor) -> Tensor:
        """The wrapper takes the mean over ranks, and the parts of a loss have to be added up."""
        return loss * self.world if self.world > 1 else loss

    def total(self, part: Tensor) -> float:
        """The sum over all ranks."""
        if self.world > 1:
            part = part.clone()
            dist.all_reduce(part)
        return float(part)

    def agreed(self, decision: bool) -> bool:
        """What rank 0 decided, told to all: to stop, for instance. Every rank must ask."""
        if self.world == 1:
            return decision
        told = torch.tensor([int(decision)], device=_device_of_messages())
        dist.broadcast(told, 0)
        return bool(told.item())

    def wait(self) -> None:
        """Until every rank is here."""
        if self.world > 1:
            dist.barrier()


ALONE = Ranks()


@contextmanager
def joined(device: str = "cpu") -> Iterator[Ranks]:
    """The ranks that torchrun started, as its environment tells; ALONE where it started none.

    Over gloo on the CPU and nccl on GPUs, of which each process gets its own: move the model to
    "cuda" within. Raises InputError where there are fewer GPUs than processes on this machine.
    """
    if not dist.is_torchelastic_launched() or _number("WORLD_SIZE") == 1:
        yield ALONE
        return
    if device == "cuda":
        local, there = _number("LOCAL_RANK"), torch.cuda.device_count()
        if local >= there:
            raise InputError(
                f"process {local + 1} of this machine has no GPU, there are {there}; start fewer"
            )
        torch.cuda.set_device(local)
    dist.init_process_group("nccl" if device == "cuda" else "gloo")
    try:
        yield Ranks(dist.get_rank(), dist.get_world_size())
        dist.barrier()  # who leaves first would take the connections from those who still talk
    finally:
        gc.collect()  # the wrapper's own threads end before what they talk through does
        dist.destroy_process_group()


def leave(code: int) -> NoReturn:
    """End this rank's process at once, all said.

    Threads of the communication may outlive the interpreter's own end, which then aborts: seen on a
    busy machine after a training that was done ("terminate called without an active exception").
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _number(name: str) -> int:
    text = os.environ.get(name, "")
    if not text.isdecimal():
        raise InputError(f"{name} in the environment should be a number, not {quote(text)}; use torchrun")
    return int(text)


def _device_of_messages() -> str:
    return "cuda" if dist.get_backend() == "nccl" else "cpu"
