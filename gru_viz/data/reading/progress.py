"""How far is the reading of a log, and who does it?"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol, TypeVar

import pyarrow as pa

# More read no faster: the pieces' codes are put together by one.
MOST_WORKERS = 4


@dataclass(frozen=True)
class ReadSoFar:
    """The state of one reading.

    phase:    UNPACKING, READING or SORTING; one follows the other
    done, of: bytes, in Parquet rows; steps of sorting
    clicks:   found until now
    """

    phase: str
    done: int
    of: int
    clicks: int


UNPACKING, READING, SORTING = "unpacking", "reading", "sorting"

Progress = Callable[[ReadSoFar], None]


class _HasRows(Protocol):
    @property
    def rows(self) -> int: ...


Found = TypeVar("Found", bound=_HasRows)


def silent(_: ReadSoFar) -> None:
    """Progress that nobody follows."""


def workers() -> int:
    """How many pieces are read side by side: one for each processor that this process may use."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else MOST_WORKERS
    return min(MOST_WORKERS, int(pa.cpu_count()), usable)


def in_turn(
    work: Callable[[tuple[int, int]], Found], pieces: Sequence[tuple[int, int]], progress: Progress
) -> list[Found]:
    """`work` of every piece, in order, done side by side; `progress` is told after each.

    The first exception ends it, whether of a piece or of `progress`: so a reading is cancelled.
    """
    found: list[Found] = []
    rows = 0
    if len(pieces) == 1:  # threads would cost a small file more than they save
        found = [work(pieces[0])]
        progress(ReadSoFar(READING, pieces[0][1], pieces[0][1], found[0].rows))
        return found
    with ThreadPoolExecutor(workers()) as pool:
        futures = [pool.submit(work, piece) for piece in pieces]
        try:
            for (_, end), future in zip(pieces, futures, strict=True):
                found.append(future.result())
                rows += found[-1].rows
                progress(ReadSoFar(READING, end, pieces[-1][1], rows))
        finally:
            for future in futures:
                future.cancel()
    return found
