"""How long do two pieces of work take on the same machine at the same time?"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np


def side_by_side(
    ours: Callable[[], object], yardstick: Callable[[], object], repeats: int
) -> tuple[float, float]:
    """Median milliseconds of each, taken in turns so that a noisy machine disturbs both alike.

    Both run once before the clock starts; Python's garbage collector rests meanwhile.
    """
    ours(), yardstick()
    times: tuple[list[float], list[float]] = ([], [])
    gc.collect()
    gc.disable()
    try:
        for round_number in range(repeats):
            # who goes first changes, so that neither always finds the other's caches
            turns = (0, 1) if round_number % 2 == 0 else (1, 0)
            for side in turns:
                work = (ours, yardstick)[side]
                start = time.perf_counter()
                work()
                times[side].append(1000 * (time.perf_counter() - start))
    finally:
        gc.enable()
    return float(np.median(times[0])), float(np.median(times[1]))


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch use one thread."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
