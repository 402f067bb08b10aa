"""Which sessions does a click log hold?

Reads CSV, TSV and the like, gzip of these, and Parquet; ids stay text exactly as
written. Nothing is misread silently: what was done, dropped or looks odd is in
the report, and what cannot be read is one clear InputError. The steps are in
`gru_viz.data.reading`.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa

from gru_viz.catalog import Catalog
from gru_viz.data.reading import clean
from gru_viz.data.reading.clean import Clicks
from gru_viz.data.reading.coded import read_ids
from gru_viz.data.reading.columns import CLICKS, check_mapping
from gru_viz.data.reading.encoded import Coded
from gru_viz.data.reading.findings import Findings
from gru_viz.data.reading.items import build_catalog, known_items, words_in_file, words_in_log
from gru_viz.data.reading.progress import SORTING, Progress, ReadSoFar, silent, workers
from gru_viz.data.reading.report import CleaningReport
from gru_viz.data.reading.source import Source, source_name
from gru_viz.data.reading.table import Table, read_table
from gru_viz.data.reading.texts import Texts
from gru_viz.data.reading.times import Clock, iso, read_times
from gru_viz.errors import InputError
from gru_viz.sessions import ClickLog

__all__ = ["CleaningReport", "Progress", "ReadSoFar", "read_log"]

# Sessions, items and times are read side by side.
THREADS = 3
# Up to so many rows, threads cost more than they save.
FEW_ROWS = 200_000
# After the cells are read: codes and times of the rows, clicks in order, catalogue.
STEPS = 3


def read_log(
    source: Source,
    items: Source | None = None,
    columns: Mapping[str, str] | None = None,
    name: str | None = None,
    catalog: Catalog | None = None,
    min_session: int = 2,
    strict: bool = False,
    drop_empty_ids: bool = False,
    progress: Progress = silent,
) -> tuple[ClickLog, CleaningReport]:
    """The sessions of a click log, and what was done to get them.

    source:  a path, or the bytes or binary file of an upload
    items:   an items file, in the same formats, with item id, title and category
    columns: role → column name, for roles session, user, item, time, title and
             category; roles not given are recognised by their usual names
    name:    what to call the source in messages; never opened
    catalog: if given, clicks on items it does not list are dropped and counted,
             and the log uses it; otherwise the catalogue lists the items of the
             clicks kept, in the order of their first click in the log returned
    min_session: shorter sessions are dropped and counted
    strict:  a warning becomes an InputError
    drop_empty_ids: rows without a session or item id are dropped and counted
             instead of refused
    progress: called as the reading goes on; an exception it raises ends it

    The file is read in pieces, of which only codes and distinct ids are kept: a
    log of 20 million clicks within 4 GB of memory.
    Times become epoch seconds in UTC. Clicks of a session stand in the order of
    their times, file order where these are equal or missing; sessions in the
    order of their first click. Raises InputError for whatever cannot be read.
    """
    if min_session < 1:
        raise InputError(f"min_session is {min_session}; it must be at least 1")
    findings = Findings(source_name(source, name))
    table = read_table(source, CLICKS, check_mapping(columns), findings, progress)
    sorting = partial(ReadSoFar, SORTING, of=STEPS, clicks=len(table))
    log = _Rows.read(table, drop_empty_ids, findings)
    progress(sorting(1))
    clicks, session_ids = _cleaned(log, catalog, min_session, findings)
    progress(sorting(2))
    catalog, item_index = _catalogued(clicks, log.items, table, items, catalog, findings)
    progress(sorting(STEPS))
    report = _report(table, clicks, log.clock, len(catalog), findings)
    if strict and report.warnings:
        more = f" (and {len(report.warnings) - 1} more)" if len(report.warnings) > 1 else ""
        raise findings.error(f"{report.warnings[0]}{more}", "correct it, or read without strict")
    clock = log.clock
    del table, log  # the codes as they were read: of a large log a tenth of the memory
    return _click_log(clicks, session_ids, item_index, catalog, clock), report


@dataclass(frozen=True)
class _Rows:
    """The rows of the file in file order. `sessions` holds users where `by_user`."""

    sessions: Coded
    items: Coded
    clock: Clock | None
    by_user: bool

    @classmethod
    def read(cls, table: Table, drop_empty: bool, findings: Findings) -> _Rows:
        role = "session" if "session" in table.cells else "user"
        parts = [Findings(findings.name) for _ in range(THREADS)]
        sessions = partial(read_ids, table, role, drop_empty, parts[0])
        items = partial(read_ids, table, "item", drop_empty, parts[1])
        clock = partial(read_times, table, parts[2]) if table.time else lambda: None
        if len(table) <= FEW_ROWS or workers() == 1:
            rows = cls(sessions(), items(), clock(), role == "user")
        else:
            with ThreadPoolExecutor(THREADS) as pool:
                begun = pool.submit(sessions), pool.submit(items), pool.submit(clock)
                rows = cls(begun[0].result(), begun[1].result(), begun[2].result(), role == "user")
        for part in parts:  # in a fixed order, whichever thread was first
            findings.notes += part.notes
            findings.warnings += part.warnings
        if rows.clock is None:
            findings.note("no time column; clicks and sessions stand in file order")
        return rows


def _cleaned(
    log: _Rows, catalog: Catalog | None, min_session: int, findings: Findings
) -> tuple[Clicks, pa.StringArray]:
    """The clicks to keep, sorted, and the text of each session code."""
    clicks = Clicks(log.sessions.codes, log.items.codes, log.clock.ticks if log.clock else None)
    per_second = log.clock.per_second if log.clock else 1
    if (log.sessions.codes < 0).any() or (log.items.codes < 0).any():
        bad = (clicks.session < 0) | (clicks.item < 0)
        clicks = clean.drop_where(clicks, bad, "empty session or item id", findings)
    if catalog is not None:
        unknown = known_items(log.items.values, catalog)[clicks.item] < 0
        clicks = clean.drop_where(clicks, unknown, "item not in the catalogue", findings)
    _refuse_empty(clicks, findings)
    clicks = clean.sort_clicks(clicks, findings)
    session_ids = log.sessions.values
    if log.by_user:
        clicks, session_ids = clean.split_visits(clicks, session_ids, per_second, findings)
    else:
        clean.warn_reused(clicks, per_second, findings)
    bad = clean.find_doubles(clicks, per_second, findings)
    bad = clean.find_excess(clicks, bad, findings)
    clicks = clean.keep_sessions(clicks, bad, min_session, findings)
    _refuse_empty(clicks, findings)
    return clicks, session_ids


def _refuse_empty(clicks: Clicks, findings: Findings) -> None:
    if len(clicks) == 0:
        counts = ", ".join(f"{count:,} × {reason}" for reason, count in findings.dropped)
        raise findings.error(
            f"no click is left ({counts})",
            "check that the columns and the item ids are those of this model or log",
        )


def _catalogued(
    clicks: Clicks,
    items: Coded,
    table: Table,
    items_file: Source | None,
    catalog: Catalog | None,
    findings: Findings,
) -> tuple[Catalog, np.ndarray]:
    """The catalogue, and for each item code its index in it."""
    if catalog is not None:
        if items_file is not None:
            findings.note("the items file was not read: the catalogue given has the titles")
        return catalog, known_items(items.values, catalog)
    words = [words_in_file(items_file, items.values, findings)] if items_file is not None else []
    words.append(words_in_log(table, items, findings))
    order = clean.by_first_click(clicks.item, len(items.values))
    index = np.full(len(items.values), -1, dtype=np.int64)
    index[order] = np.arange(len(order))
    return build_catalog(items.values, order, [source for source in words if source], findings), index


def _click_log(
    clicks: Clicks, session_ids: pa.StringArray, item_index: np.ndarray, catalog: Catalog, clock: Clock | None
) -> ClickLog:
    offsets = clicks.starts
    texts = Texts(session_ids.take(pa.array(clicks.session[offsets[:-1]])))
    indices = item_index.take(clicks.item, mode="clip")  # each code has one; looking for others takes longer
    return ClickLog(catalog, indices, offsets, texts, clean.seconds(clicks, clock))


def _report(
    table: Table, clicks: Clicks, clock: Clock | None, items: int, findings: Findings
) -> CleaningReport:
    first, last = (None, None)
    if clock is not None and clicks.ticks is not None:
        first, last = (iso(float(t) / clock.per_second) for t in (clicks.ticks.min(), clicks.ticks.max()))
    return CleaningReport(
        name=findings.name,
        format=table.format,
        encoding=table.encoding,
        columns=tuple(table.names.items()),
        rows_read=len(table),
        rows_kept=len(clicks),
        dropped=tuple(findings.dropped),
        sessions=len(clicks.starts) - 1,
        items=items,
        clicks=len(clicks),
        time_first=first,
        time_last=last,
        time_unit=clock.unit if clock else None,
        notes=tuple(findings.notes),
        warnings=tuple(findings.warnings),
    )
