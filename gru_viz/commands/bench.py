"""How fast is it, beside a yardstick on the same machine at the same time?"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Iterable
from typing import Any

from gru_viz.bench import MEASUREMENTS
from gru_viz.commands.output import emit, emit_json, note, table
from gru_viz.errors import InputError, quote

HEADER = ("work", "yardstick", "ours", "yardstick", "", "ratio", "bar", "")


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "bench",
        help="ratios to yardsticks measured in the same run",
        description="Measure what must be fast, each beside a yardstick in the same run, with torch on "
        "one thread. Ratios carry over to other machines, times do not.",
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument(
        "--only",
        metavar="NAME,...",
        default=",".join(MEASUREMENTS),
        help=f"some of {', '.join(MEASUREMENTS)}; all if not given",
    )
    parser.add_argument("--log", metavar="LOG", help="a click log to train on, for `learning`")
    parser.add_argument("--test", metavar="LOG", help="what to predict; else the last tenth of --log")
    parser.add_argument("--scale", type=float, default=1.0, help=argparse.SUPPRESS)
    parser.add_argument("--repeats", type=int, default=30, help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from gru_viz.bench.row import Effort

    effort = Effort(args.scale, args.repeats, args.log, args.test)
    rows = [row for name in _chosen(args.only) for row in _measured(name, effort)]
    if args.json:
        emit_json({"machine": _machine(), "rows": [row.to_dict() for row in rows]})
    else:
        emit(table(HEADER, [_cells(row) for row in rows if not row.skipped]))
        for row in rows:
            if row.skipped:
                emit(f"skipped: {row.work}: {row.skipped}")
    return 0


def _chosen(names: str) -> list[str]:
    chosen = [name.strip() for name in names.split(",") if name.strip()]
    for name in chosen:
        if name not in MEASUREMENTS:
            raise InputError(
                f"nothing to measure is called {quote(name)}; --only takes {', '.join(MEASUREMENTS)}"
            )
    if not chosen:
        raise InputError(f"--only names nothing; it takes {', '.join(MEASUREMENTS)}")
    return chosen


def _measured(name: str, effort: Any) -> Iterable[Any]:
    import importlib

    note(f"measuring {name} ...")
    return importlib.import_module(MEASUREMENTS[name]).measure(effort)


def _cells(row: Any) -> tuple[str, ...]:
    from gru_viz.bench.row import bar_words, verdict

    def number(value: float | None) -> str:
        return "" if value is None else f"{value:,.{3 if value < 1 else 2}f}"

    ratio = number(row.ratio) + (" ×" if row.ratio is not None else "")
    return (
        row.work,
        row.against,
        number(row.ours),
        number(row.yardstick),
        row.unit if row.ours is not None else "",
        ratio,
        bar_words(row),
        verdict(row),
    )


def _machine() -> dict[str, Any]:
    import torch

    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
    }
