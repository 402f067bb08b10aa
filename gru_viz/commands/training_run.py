"""What does `train` learn from, and what does it print while it does?"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gru_viz.commands import logs
from gru_viz.commands.output import line, note, share

if TYPE_CHECKING:
    from gru_viz.learn.figures_file import EpochFigures, RunFile
    from gru_viz.learn.parts import Parts
    from gru_viz.learn.progress import Progress

BASELINES = {"markov": "Markov", "popularity": "popular"}
HEADER = ["epoch", "loss", "gradient", "Recall@20", *BASELINES.values(), "MRR@20", *BASELINES.values()]
CHOSEN = "the epoch was chosen on the same clicks, so its figures flatter it a little; the baselines' do not"
WIDTHS = [7, 7, *map(len, HEADER[2:]), 9]


def read_parts(args: argparse.Namespace) -> Parts:
    from gru_viz.learn.parts import Parts
    from gru_viz.learn.split import seen_only, split_by_time

    name = Path(args.log).name
    log, report = logs.read(args.log, args)
    facts: dict[str, Any] = {"log": report.to_dict()}
    if args.test is not None:
        log = seen_only(log)
        test, test_report = logs.read(args.test, args, log.catalog)
        logs.warn_of_same_clicks(log, test)
        return Parts(
            log, test, name, Path(args.test).name, False, {**facts, "test_log": test_report.to_dict()}
        )
    if args.holdout == 0:
        return Parts(seen_only(log), None, name, "", False, facts)
    split = split_by_time(log, args.holdout)
    words = f"the last {args.holdout:.0%} of the sessions"
    if split.dropped_clicks:
        note(
            f"held out {len(split.test):,} sessions; dropped {split.dropped_clicks:,} clicks on items "
            f"unknown before, and {split.dropped_sessions:,} sessions left with one click"
        )
    dropped = {"clicks": split.dropped_clicks, "sessions": split.dropped_sessions}
    return Parts(split.train, split.test, name, words, True, {**facts, "dropped_from_holdout": dropped})


def print_rows(run: Iterator[Progress | EpochFigures], folder: Path) -> None:
    """Follow a run to its end: a bar while it trains, and a row an epoch beside the baselines."""
    from gru_viz.commands.following import follow
    from gru_viz.learn.figures_file import read_run

    baselines = None
    try:
        for epoch in follow(run):
            if baselines is None:
                baselines = finished(folder).baselines
                note(line([*HEADER, "events/s"], WIDTHS))
            row = [f"{epoch.epoch}/{epoch.epochs}", f"{epoch.loss:.3f}", f"{epoch.gradient_norm:.2f}"]
            for figures in ("recall", "mrr"):
                columns = [epoch.quality, *(baselines.get(name) for name in BASELINES)]
                row += ["" if q is None else share(getattr(q, figures)[20]) for q in columns]
            note(line([*row, f"{epoch.events_per_s:,.0f}"], WIDTHS))
    except KeyboardInterrupt:
        so_far = read_run(folder)
        if so_far is not None and so_far.kept:
            note(f"{folder} holds epoch {so_far.kept}; --resume goes on after epoch {len(so_far.epochs)}")
        raise


def finished(folder: Path) -> RunFile:
    """The run in this folder, after at least one epoch."""
    from gru_viz.learn.figures_file import read_run

    run = read_run(folder)
    assert run is not None  # written before its first epoch
    return run


def chosen(run: RunFile) -> bool:
    """Did the clicks that its figures are of also choose the epoch, among several?"""
    return run.keep_best and len(run.epochs) > 1 and run.epochs[0].quality is not None


def result(run: RunFile, folder: Path, facts: dict[str, Any]) -> dict[str, Any]:
    """The JSON of `train`."""
    from gru_viz.checkpoint import FILE_NAME

    kept = run.epochs[run.kept - 1]
    events = sum(epoch.events for epoch in run.epochs)
    return {
        "model": str(folder / FILE_NAME),
        "kept_epoch": run.kept,
        "keep_best": run.keep_best,
        **({} if kept.quality is None else kept.quality.to_dict(20)),
        **_measuring(run),
        **({"caveat": CHOSEN} if chosen(run) else {}),
        "seconds": round(run.seconds, 1),
        "events_per_s": round(events / max(run.seconds, 1e-9)),
        "epochs": [_row(epoch) for epoch in run.epochs],
        **facts,
    }


def _measuring(run: RunFile) -> dict[str, Any]:
    """What was predicted and how, beside the model's own figures."""
    some = run.epochs[0].quality
    if some is None:
        return {}
    short = {name: quality.to_dict(20) for name, quality in run.baselines.items()}
    return {"predictions": some.predictions, "ranks": some.ranks, "baselines": short}


def _row(epoch: EpochFigures) -> dict[str, Any]:
    return {
        "epoch": epoch.epoch,
        "loss": epoch.loss,
        "gradient_norm": epoch.gradient_norm,
        "clipped": epoch.clipped,
        "update_gate": epoch.update_gate,
        "saturated": epoch.saturated,
        "events": epoch.events,
        "events_per_s": round(epoch.events_per_s),
        **({} if epoch.quality is None else epoch.quality.to_dict(10, 20)),
    }
