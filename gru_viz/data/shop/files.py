"""How does the sample shop become files?"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable
from pathlib import Path

from gru_viz.data.shop import scenarios
from gru_viz.data.shop.items import products
from gru_viz.data.shop.sessions import sessions
from gru_viz.whole_file import write_whole

ITEMS, SESSIONS, SCENARIOS = "items.csv", "sessions.csv.gz", "scenarios.json"
GZIP_LEVEL = 9


def _csv(header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def items_csv() -> str:
    """ItemId, Title, Category, Price; a row per product."""
    rows = ((p.item_id, p.title, p.department, p.price) for p in products())
    return _csv(("ItemId", "Title", "Category", "Price"), rows)


def sessions_csv() -> str:
    """SessionId, ItemId, Time (whole epoch seconds); a row per click, sessions by their start."""
    ids = sessions().catalog.ids
    rows = (
        (session.session_id, ids[item], int(time))
        for session in sessions()
        if session.times is not None
        for item, time in zip(session.items, session.times, strict=True)
    )
    return _csv(("SessionId", "ItemId", "Time"), rows)


def write(directory: Path) -> None:
    """Write items.csv, sessions.csv.gz and scenarios.json: the same bytes at every call.

    The gzip header carries neither time nor file name. Its compressed bytes are
    those of the zlib that Python was built with; what they unpack to is fixed.
    A file appears complete or not at all.
    """
    directory.mkdir(parents=True, exist_ok=True)
    packed = gzip.compress(sessions_csv().encode(), GZIP_LEVEL, mtime=0)
    write_whole(directory / ITEMS, items_csv().encode())
    write_whole(directory / SESSIONS, packed)
    write_whole(directory / SCENARIOS, scenarios.to_json().encode())
