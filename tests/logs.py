"""Small click logs for tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from gru_viz.catalog import Catalog
from gru_viz.sessions import ClickLog, Session


def log_of(sessions: Iterable[Sequence[int]], n_items: int | None = None) -> ClickLog:
    """A log of these item indices over items "i0", "i1", …"""
    made = [Session(np.array(items), None, f"s{number}") for number, items in enumerate(sessions)]
    count = n_items or 1 + max(int(session.items.max()) for session in made)
    return ClickLog.from_sessions(Catalog(tuple(f"i{n}" for n in range(count))), made)


def random_log(sessions: int = 40, n_items: int = 9, longest: int = 12, seed: int = 0) -> ClickLog:
    """Sessions of 1 to `longest` random clicks, over exactly `n_items` items."""
    rng = np.random.default_rng(seed)
    return log_of(
        [rng.integers(n_items, size=rng.integers(1, longest + 1)) for _ in range(sessions)], n_items
    )


def memory_log(sessions: int = 160) -> ClickLog:
    """The first click (0 or 1) decides the last one (2 or 3), with 1 to 4 neutral clicks (4 to 7) between.

    So every next click is certain but for someone who forgets the first one.
    """
    made = []
    for number in range(sessions):
        first, between = number % 2, 1 + number // 2 % 4
        made.append([first, *(4 + step for step in range(between)), 2 + first])
    return log_of(made, 8)


def write_csv(log: ClickLog, path: Path, start: int = 1_700_000_000) -> Path:
    """The log as CSV with SessionId, ItemId, Time, a minute between two clicks."""
    lines = ["SessionId,ItemId,Time"]
    for session in log:
        for item in session.items:
            lines.append(f"{session.session_id},{log.catalog.ids[item]},{start + 60 * len(lines)}")
    path.write_text("\n".join(lines) + "\n")
    return path
