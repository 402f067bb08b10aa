"""How long does reading a log take, with every check, against `pandas.read_csv` with none?"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from gru_viz.bench.row import Effort, Row
from gru_viz.bench.timing import one_core, side_by_side
from gru_viz.data.reader import read_log

ROWS = 1_000_000
BAR = 2.0


def measure(effort: Effort) -> list[Row]:
    """Rows for three kinds of log, each with the whole process kept on one core, and as it runs.

    The first is what the bar is about: `pandas.read_csv` parses with one thread.
    """
    repeats = max(3, effort.repeats // 5)
    numbers = _log(effort.of(ROWS, 10))
    kinds = (
        ("whole numbers", numbers, ","),
        ("text ids, ISO times", _as_text(numbers), ","),
        ("TSV of article names", _as_articles(numbers.head(effort.of(ROWS // 10, 10))), "\t"),
    )
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for kind, frame, delimiter in kinds:
            log = Path(folder) / "log.csv"
            frame.to_csv(log, index=False, sep=delimiter)
            work = f"read_log, {len(frame):,} rows, {kind}"
            with one_core() as possible:
                if possible:
                    both = _read(log, delimiter, repeats)
                    found.append(Row("reading", f"{work}, one core", "pandas.read_csv", *both, bar=BAR))
            both = _read(log, delimiter, repeats)
            found.append(Row("reading", work, "pandas.read_csv", *both, bar=BAR))
    return found


def _read(log: Path, delimiter: str, repeats: int) -> tuple[float, float]:
    return side_by_side(lambda: read_log(log), lambda: pd.read_csv(log, sep=delimiter), repeats)


def _log(rows: int) -> pd.DataFrame:
    """Sessions of 7 clicks on average over at most 50,000 items, a few far more popular."""
    rng = np.random.default_rng(0)
    lengths = 1 + rng.geometric(1 / 6, size=rows)
    session = np.repeat(np.arange(rows), lengths)[:rows]
    return pd.DataFrame(
        {
            "SessionId": session + 10_000_000,
            "ItemId": rng.zipf(1.3, size=rows) % 50_000 + 200_000_000,
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
    """Walks through an encyclopedia, as in Wikispeedia: 4,000 names, times in seconds."""
    return log.assign(
        SessionId=log["SessionId"] - 10_000_000, ItemId="Article " + (log["ItemId"] % 4_000).astype(str)
    )
