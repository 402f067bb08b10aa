"""How do commands read click logs, and what do they fit to them?"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from gru_viz.commands.output import note
from gru_viz.errors import InputError, quote

if TYPE_CHECKING:
    from gru_viz.catalog import Catalog
    from gru_viz.commands.progress import Bar
    from gru_viz.data.reader import CleaningReport, ReadSoFar
    from gru_viz.sessions import ClickLog

ROLES = ("session", "user", "item", "time", "title", "category")
MOST_THREADS = 1_024
SAME_CLICKS = (
    "warning: the test log holds the very clicks that are learned from, so its figures tell how well they "
    "are remembered, not how well others are predicted; give clicks that were kept apart"
)


def add_log(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "log", metavar="LOG", help="clicks: CSV or TSV (also .gz) or Parquet, session, item, time"
    )
    add_reading(parser)


def add_reading(parser: argparse.ArgumentParser) -> None:
    """How a log is read, for a command that may do without one, too."""
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="ROLE=NAME",
        help=f"which column holds what, where its name does not tell; roles: {', '.join(ROLES)}",
    )
    parser.add_argument(
        "--drop-empty-ids",
        action="store_true",
        help="leave out rows without a session or item id, and count them, instead of refusing the log",
    )
    parser.add_argument("--strict", action="store_true", help="refuse a log that reads with a warning")


def add_items(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--items", metavar="FILE", help="titles and categories of the items")


def read(
    source: str, args: argparse.Namespace, catalog: Catalog | None = None
) -> tuple[ClickLog, CleaningReport]:
    """The log, after a cleaning report on stderr. Raises InputError for what cannot be read."""
    from gru_viz.commands.progress import Bar
    from gru_viz.data.reader import read_log
    from gru_viz.data.reading.findings import EmptyIdError, UnclearColumnError

    items = getattr(args, "items", None) if catalog is None else None
    mapping, bar = columns(args.column), Bar()
    try:
        log, report = read_log(
            source,
            items,
            mapping,
            catalog=catalog,
            strict=args.strict,
            drop_empty_ids=args.drop_empty_ids,
            progress=_shown_on(bar),
        )
    except UnclearColumnError as error:
        raise InputError(error.settled_by("name the right one with --column ROLE=NAME")) from None
    except EmptyIdError as error:
        raise InputError(
            error.settled_by("fill it in, or leave such rows out with --drop-empty-ids")
        ) from None
    finally:
        bar.clear()
    for line in report.lines():
        note(line)
    return log, report


def _shown_on(bar: Bar) -> Callable[[ReadSoFar], None]:
    """What draws, of each phase of reading, how many per cent are done."""
    started: dict[str, float] = {}

    def show(so_far: ReadSoFar) -> None:
        spent = time.monotonic() - started.setdefault(so_far.phase, time.monotonic())
        left = spent * (so_far.of - so_far.done) / max(so_far.done, 1)
        percent = 100 * so_far.done // max(so_far.of, 1)
        bar.update(so_far.phase, percent, 100, so_far.clicks / max(spent, 1e-9), left)

    return show


def columns(given: list[str]) -> dict[str, str] | None:
    """["item=sku"] → {"item": "sku"}; None for none."""
    mapping: dict[str, str] = {}
    for text in given:
        role, equals, name = text.partition("=")
        if not equals or role not in ROLES or not name:
            raise InputError(f"--column takes ROLE=NAME with a role of {', '.join(ROLES)}, not {quote(text)}")
        if role in mapping:
            raise InputError(
                f"--column names two columns for {role}, {quote(mapping[role])} and {quote(name)}; "
                "give each role once"
            )
        mapping[role] = name
    return mapping or None


def warn_of_same_clicks(train: ClickLog, test: ClickLog) -> None:
    """Say so where the test is the training, whatever the files are called; both over one catalogue."""
    import numpy as np

    if np.array_equal(train.offsets, test.offsets) and np.array_equal(train.items, test.items):
        note(SAME_CLICKS)


def use_device(device: str, threads: int) -> None:
    """Raises InputError for a device that is not there."""
    import torch

    if not 1 <= threads <= MOST_THREADS:
        raise InputError(f"--threads must be from 1 to {MOST_THREADS:,}, not {quote(threads)}")
    if device == "cuda" and not torch.cuda.is_available():
        raise InputError("no CUDA device can be used here; leave --device out to train on the processor")
    torch.set_num_threads(threads)
