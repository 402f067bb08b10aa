"""How do several processes train one model?

    torchrun --nproc-per-node 2 -m gru_viz train …

Each process (rank) runs the same trainer over the same log, in the same order, and learns from
its own share of every update: every n-th session, or slot. DistributedDataParallel adds the
gradients up, so every rank makes the same step with the gradient of the whole update: what one
process would have done, up to rounding, and up to dropout, which each rank draws for itself.
Nobody is left waiting at an uneven end: a rank without a share takes part with weight 0.

Words go over gloo, with much time; gradients too on the CPU, and on GPUs over nccl.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from gru_viz.errors import InputError, quote
from gru_viz.explain.words import plural
from gru_viz.learn.batches import Share

T = TypeVar("T")

# Rank 0 alone fits and measures the baselines, and measures every epoch: hours on a large log, in which
# the others wait for its word. torch would end them after 30 minutes. A rank that has died is noticed
# without a limit: torchrun ends the others of its machine, and their connections to the rest break.
MEASURING = timedelta(days=7)


@dataclass(frozen=True)
class Ranks(Share):
    """The processes that train together, seen from one of them.

    gradients: what gradients travel over; None: what the words do
    """

    gradients: dist.ProcessGroup | None = None

    @property
    def first(self) -> bool:
        """Is this the one that measures, writes and reports?"""
        return self.rank == 0

    def on(self, device: str) -> Ranks:
        """The same, to train on this device; on GPUs each process gets its own, "cuda" from now on.

        Raises InputError, on all ranks, where one is for another device, or where a machine has fewer
        GPUs than processes.
        """
        if self.world == 1:
            return self
        self.same({"device": device}, "give all of them the same --device")
        if device != "cuda":
            return self
        gpu = self.together(partial(_own_gpu, torch.cuda.device_count()))
        torch.cuda.set_device(gpu)
        # with its usual limit of 10 minutes: between two updates nobody is waited for so long
        return replace(self, gradients=dist.new_group(backend="nccl", device_id=gpu))

    def wrapped(self, objective: nn.Module) -> nn.Module:
        """The objective, with gradients that are those of all ranks together; weights are rank 0's."""
        if self.world == 1:
            return objective
        return DistributedDataParallel(objective, process_group=self.gradients)

    def scaled(self, loss: Tensor) -> Tensor:
        """The wrapper takes the mean over ranks, and the parts of a loss have to be added up."""
        return loss * self.world if self.world > 1 else loss

    def total(self, part: Tensor) -> float:
        """The sum over all ranks."""
        if self.world > 1:
            part = part.clone()
            dist.all_reduce(part, group=self.gradients)
        return float(part)

    def agreed(self, decision: bool) -> bool:
        """What rank 0 decided, told to all: to stop, for instance. Every rank must ask."""
        if self.world == 1:
            return decision
        told = torch.tensor([int(decision)])
        dist.broadcast(told, 0)
        return bool(told.item())

    def told(self, words: Mapping[str, str]) -> list[dict[str, str]]:
        """What every rank says here, in their order. Every rank must speak."""
        everyones: list[dict[str, str]] = [dict(words)] * self.world
        if self.world > 1:
            dist.all_gather_object(everyones, dict(words))
        return everyones

    def together(self, step: Callable[[], T]) -> T:
        """What `step` gives here, once it has gone well on every rank.

        Raises InputError on every rank where it did on one: the first rank's to have one, so that
        nobody waits for somebody who has left. Every rank must come here.
        """
        if self.world == 1:
            return step()
        result, wrong = None, ""
        try:
            result = step()
        except InputError as error:
            wrong = str(error)
        for rank, words in enumerate(self.told({"wrong": wrong})):
            if words["wrong"]:
                self._refuse(words["wrong"] if rank == 0 else f"{self.name(rank)}: {words['wrong']}")
        return result  # type: ignore[return-value]  # no error: it is what `step` gave

    def same(self, words: Mapping[str, str], remedy: str) -> None:
        """Raises InputError on every rank unless all say the same."""
        first, *others = self.told(words)
        for rank, theirs in enumerate(others, 1):
            differ = [name for name in first if theirs.get(name) != first[name]]
            if differ:
                self._refuse(f"{self.name(rank)} has another {', '.join(differ)} than the first; {remedy}")

    def name(self, rank: int) -> str:
        return f"process {rank + 1} of {self.world}"

    def wait(self) -> None:
        """Until every rank is here."""
        if self.world > 1:
            dist.barrier()

    def _refuse(self, why: str) -> None:
        self.wait()  # who leaves first would take the connections from those who still listen
        raise InputError(why)


ALONE = Ranks()


@contextmanager
def joined() -> Iterator[Ranks]:
    """The ranks that torchrun started, as its environment tells; ALONE where it started none."""
    if not dist.is_torchelastic_launched() or _number("WORLD_SIZE") == 1:
        yield ALONE
        return
    dist.init_process_group("gloo", timeout=MEASURING)
    try:
        yield Ranks(dist.get_rank(), dist.get_world_size())
        dist.barrier()  # who leaves first would take the connections from those who still talk
    finally:
        gc.collect()  # the wrapper's own threads end before what they talk through does
        dist.destroy_process_group()


def _own_gpu(there: int) -> torch.device:
    processes = _number("LOCAL_WORLD_SIZE")
    if processes > there:
        fewer = f"start fewer (torchrun --nproc-per-node {there}), or " if there else ""
        raise InputError(
            f"{processes} processes were started on a machine with {plural(there, 'GPU')}, and each "
            f"needs one of its own; {fewer}give --device cpu"
        )
    return torch.device("cuda", _number("LOCAL_RANK"))


def _number(name: str) -> int:
    text = os.environ.get(name, "")
    if not text.isdecimal():
        raise InputError(f"{name} in the environment should be a number, not {quote(text)}; use torchrun")
    return int(text)
