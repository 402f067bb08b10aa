"""How long does reading a log take, with every check, against `pandas.read_csv` with none?

Each reader has a process of its own, as a person's script has, reads the file once before
the clock starts, and then they take turns. In one process each would depend on what the other
has freed: glibc's thresholds move, and with freed memory at hand pandas takes half as long.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from gru_viz.bench.row import Effort, Row
from gru_viz.bench.server import ROOT

ROWS = 1_000_000
BAR = 2.0

# Answers every path with the milliseconds of reading it.
READER = """
import gc, os, sys, time
if {one_core}:
    os.sched_setaffinity(0, {{max(os.sched_getaffinity(0))}})
{imports}
gc.disable()
for line in sys.stdin:
    path = line.rstrip()
    delimiter = "\t" if path.endswith(".tsv") else ","
    start = time.perf_counter()
    found = {read}
    print(1000 * (time.perf_counter() - start), flush=True)
    del found
"""
OURS = ("from gru_viz.data.reader import read_log", "read_log(path)")
PANDAS = ("import pandas", "pandas.read_csv(path, sep=delimiter)")
AGAINST = "pandas.read_csv, times left as text"
# A number's name has one for each of its digits.
WORDS = ("Ant", "Battle", "City", "Democracy", "Empire", "of", "Geography", "History", "Island", "the")

Reader = Callable[[Path], float]


def measure(effort: Effort) -> list[Row]:
    """Rows for three kinds of log, read on one core (what the bar is about), then on all."""
    repeats = max(3, effort.repeats // 3)
    numbers = _log(effort.of(ROWS, 10))
    logs = {
        "whole numbers.csv": numbers,
        "text ids, ISO times.csv": _as_text(numbers),
        "names of articles.tsv": _as_articles(numbers.head(effort.of(ROWS // 10, 10))),
    }
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for name, log in logs.items():
            log.to_csv(Path(folder) / name, index=False, sep="\t" if name.endswith("tsv") else ",")
        for one_core in (True, False) if hasattr(os, "sched_setaffinity") else (False,):
            with _reader(OURS, one_core) as ours, _reader(PANDAS, one_core) as theirs:
                for name, log in logs.items():
                    where = "one core" if one_core else "all cores"
                    work = f"read_log, {len(log):,} rows, {Path(name).stem}, {where}"
                    both = _in_turn(ours, theirs, Path(folder) / name, repeats)
                    found.append(Row("reading", work, AGAINST, *both, bar=BAR))
    return found


@contextmanager
def _reader(which: tuple[str, str], one_core: bool) -> Iterator[Reader]:
    """What reads a log in a process of its own, and tells how many milliseconds that took."""
    imports, read = which
    code = READER.format(imports=imports, read=read, one_core=one_core)
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as child:  # fmt: skip
        assert child.stdin is not None
        assert child.stdout is not None
        to_child, from_child = child.stdin, child.stdout

        def timed(log: Path) -> float:
            print(log, file=to_child, flush=True)
            return float(from_child.readline())

        yield timed


def _in_turn(ours: Reader, theirs: Reader, log: Path, repeats: int) -> tuple[float, float]:
    """Median milliseconds of each; the first reading of each does not count."""
    times = [(ours(log), theirs(log)) for _ in range(repeats + 1)][1:]
    first, second = np.median(times, axis=0)
    return float(first), float(second)


def _log(rows: int) -> pd.DataFrame:
    """Sessions of 7 clicks on average over at most 50,000 items, a few far more popular; ids from 1 on."""
    rng = np.random.default_rng(0)
    lengths = 1 + rng.geometric(1 / 6, size=rows)
    session = np.repeat(np.arange(1, rows + 1), lengths)[:rows]
    return pd.DataFrame(
        {
            "SessionId": session,
            "ItemId": rng.zipf(1.3, size=rows) % 50_000 + 1,
            "Time": 1_700_000_000 + session + np.arange(rows) * 7,
        }
    )


def _as_text(log: pd.DataFrame) -> pd.DataFrame:
    """The same clicks with ids and times as shops that use text write them."""
    return pd.DataFrame(
        {
            "session_id": "s" + log["SessionId"].astype(str),
            "item_id": "SKU-" + log["ItemId"].astype(str),
            "timestamp": pd.to_datetime(log["Time"], unit="s").dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
    )


def _as_articles(log: pd.DataFrame) -> pd.DataFrame:
    """Walks through an encyclopedia, as in Wikispeedia: 4,000 names of 2 to 40 characters."""
    names = np.array([" ".join(WORDS[int(digit)] for digit in str(number)) for number in range(4_000)])
    return log.assign(ItemId=names[log["ItemId"] % 4_000])
