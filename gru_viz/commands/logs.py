"""How do commands read click logs, and what do they fit to them?"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from gru_viz.commands.output import note
from gru_viz.errors import InputError, quote

if TYPE_CHECKING:
    from gru_viz.catalog import Catalog
    from gru_viz.data.reader import CleaningReport
    from gru_viz.learn.evaluation import Quality
    from gru_viz.sessions import ClickLog

ROLES = ("session", "user", "item", "time", "title", "category")


def add_log(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "log", metavar="LOG", help="clicks: CSV or TSV (also .gz) or Parquet, session, item, time"
    )
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="ROLE=NAME",
        help=f"which column holds what, where its name does not tell; roles: {', '.join(ROLES)}",
    )
    parser.add_argument("--strict", action="store_true", help="refuse a log that reads with a warning")


def add_items(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--items", metavar="FILE", help="titles and categories of the items")


def read(
    source: str, args: argparse.Namespace, catalog: Catalog | None = None
) -> tuple[ClickLog, CleaningReport]:
    """The log, after a cleaning report on stderr. Raises InputError for what cannot be read."""
    from gru_viz.data.reader import read_log

    items = getattr(args, "items", None) if catalog is None else None
    log, report = read_log(source, items, columns(args.column), catalog=catalog, strict=args.strict)
    for line in report.lines():
        note(line)
    return log, report


def columns(given: list[str]) -> dict[str, str] | None:
    """["item=sku"] → {"item": "sku"}; None for none."""
    mapping: dict[str, str] = {}
    for text in given:
        role, equals, name = text.partition("=")
        if not equals or role not in ROLES or not name:
            raise InputError(f"--column takes ROLE=NAME with a role of {', '.join(ROLES)}, not {quote(text)}")
        mapping[role] = name
    return mapping or None


def measured_baselines(train: ClickLog, test: ClickLog | None) -> dict[str, Quality]:
    """By name, what each baseline fitted to `train` reaches on `test`; nothing without a test."""
    from gru_viz.baselines import fitted
    from gru_viz.learn.evaluation import evaluate

    if test is None:
        return {}
    return {baseline.name: evaluate(baseline, test) for baseline in fitted(train)}


def use_device(device: str, threads: int) -> None:
    """Raises InputError for a device that is not there."""
    import torch

    if threads < 1:
        raise InputError(f"--threads must be at least 1, not {threads}")
    if device == "cuda" and not torch.cuda.is_available():
        raise InputError("no CUDA device can be used here; leave --device out to train on the processor")
    torch.set_num_threads(threads)
