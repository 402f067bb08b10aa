"""How does a training get the same random numbers, whatever else draws some meanwhile?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor

from gru_viz.errors import InputError


class OwnRandomNumbers:
    """A stream of torch's random numbers that nobody else draws from, on the CPU and on `device`."""

    def __init__(self, seed: int, device: torch.device) -> None:
        self.device = device
        self.cpu = torch.Generator().manual_seed(seed).get_state()
        self.cuda: Tensor | None = None
        if device.type == "cuda":
            self.cuda = torch.Generator(device).manual_seed(seed).get_state()

    def kept(self) -> dict[str, Tensor]:
        """Where the stream stands; `go_on` takes it."""
        return {"cpu": self.cpu} | ({} if self.cuda is None else {"cuda": self.cuda})

    def go_on(self, kept: Mapping[str, Tensor]) -> None:
        """From there. On a GPU where none was before, its part begins anew."""
        self.cpu = sound_state(kept.get("cpu"), torch.device("cpu"))
        if self.cuda is not None and "cuda" in kept:
            self.cuda = sound_state(kept["cuda"], self.device)

    @contextmanager
    def drawn(self) -> Iterator[None]:
        """Within, torch draws from this stream; after, from where it was before."""
        others = torch.get_rng_state()
        others_cuda = None if self.cuda is None else torch.cuda.get_rng_state(self.device)
        torch.set_rng_state(self.cpu)
        if self.cuda is not None:
            torch.cuda.set_rng_state(self.cuda, self.device)
        try:
            yield
        finally:
            self.cpu = torch.get_rng_state()
            torch.set_rng_state(others)
            if others_cuda is not None:
                self.cuda = torch.cuda.get_rng_state(self.device)
                torch.cuda.set_rng_state(others_cuda, self.device)


def sound_state(state: Tensor | None, device: torch.device) -> Tensor:
    """`state`, if it is one of a generator of this device. Raises InputError otherwise."""
    try:
        if state is None:
            raise TypeError
        torch.Generator(device).set_state(state)
    except (RuntimeError, TypeError):
        raise InputError("the state of this training has damaged random numbers; start it anew") from None
    return state
