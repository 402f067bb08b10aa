"""How far is the reading of a log, and who does it?"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
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
    with _side_by_side(work, pieces) as results:
        for (_, end), result in zip(pieces, results, strict=True):
            found.append(result())
            rows += found[-1].rows
            progress(ReadSoFar(READING, end, pieces[-1][1], rows))
    return found


@contextmanager
def _side_by_side(
    work: Callable[[tuple[int, int]], Found], pieces: Sequence[tuple[int, int]]
) -> Iterator[list[Callable[[], Found]]]:
    """For each piece how to get what was found; on leaving, what has not begun is given up."""
    if len(pieces) == 1 or workers() == 1:  # threads would cost more than they save
        yield [partial(work, piece) for piece in pieces]
        return
    with ThreadPoolExecutor(workers()) as pool:
        futures = [pool.submit(work, piece) for piece in pieces]
        try:
            yield [future.result for future in futures]
        finally:
            for future in futures:
                future.cancel()
