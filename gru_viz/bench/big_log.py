"""How much memory does it take to read a log that is large, and how long?

Each reader has a process of its own, whose highest resident size the kernel tells; a process that
does nothing but import them is in both.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from gru_viz.bench.row import Effort, Row
from gru_viz.bench.server import ROOT

ROWS = 20_000_000
PIECE = 1_000_000  # rows written at a time
LIMIT = 4000.0  # MB resident

# prints seconds, and the highest resident size in kB
READ = """
import re, sys, time
from pathlib import Path
{imports}
start = time.perf_counter()
{reads}(sys.argv[1])
took = time.perf_counter() - start
print(took, re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def measure(effort: Effort) -> list[Row]:
    """One row for the memory, one for the time; skipped where the kernel does not tell."""
    rows = effort.of(ROWS, 1000)
    work = f"read_log, {rows:,} rows of whole numbers"
    if not Path("/proc/self/status").is_file():
        return [Row("big_log", work, limit=LIMIT, skipped="this system does not tell how much was resident")]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.csv"
        _write(log, rows)
        ours = _read(log, "from gru_viz.data.reader import read_log", "read_log")
        theirs = _read(log, "import pandas", "pandas.read_csv")
    return [
        Row("big_log", f"{work}, highest resident", "pandas.read_csv", ours[1], theirs[1], "MB", limit=LIMIT),
        Row("big_log", work, "pandas.read_csv", ours[0], theirs[0], "s"),
    ]


def _write(log: Path, rows: int) -> None:
    """Sessions of 7 clicks over 50,000 items, in the order of their times."""
    rng = np.random.default_rng(0)
    with log.open("wb") as file:
        for first in range(0, rows, PIECE):
            click = np.arange(first, min(first + PIECE, rows))
            columns = {
                "SessionId": click // 7 + 1,
                "ItemId": rng.zipf(1.3, size=len(click)) % 50_000 + 1,
                "Time": 1_700_000_000 + click,
            }
            csv.write_csv(pa.table(columns), file, csv.WriteOptions(include_header=first == 0))


def _read(log: Path, imports: str, reads: str) -> tuple[float, float]:
    """Seconds, and MB."""
    code = READ.format(imports=imports, reads=reads)
    told = subprocess.run(
        [sys.executable, "-c", code, str(log)], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    return float(told[0]), int(told[1]) * 1024 / 1e6
