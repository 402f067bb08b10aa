"""Measure a model on a click log, beside baselines that learned from the same clicks."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gru_viz.commands import logs
from gru_viz.commands.output import emit, emit_json, note, share, table
from gru_viz.cutoffs import CUTOFF
from gru_viz.errors import InputError, quote

if TYPE_CHECKING:
    from gru_viz.learn.breakdown import Bin, By
    from gru_viz.learn.intervals import Intervals, Measured
    from gru_viz.learn.quality import Ranked
    from gru_viz.model import GRU4Rec
    from gru_viz.sessions import ClickLog

MODEL = "model"
BY = {"position": "prediction", "length": "clicks"}  # what --by takes, and the head of its column
NO_BASELINES = "no training clicks beside the model; give them with --train LOG to see baselines"


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "evaluate",
        help="Recall@20 and MRR@20 of a model on a click log",
        description="Predict every click but a session's first among the whole catalogue, beside baselines. "
        "Ranks are conservative unless asked otherwise: ties count against the prediction.",
        epilog="example: python -m gru_viz evaluate my_model test.csv --json",
    )
    parser.add_argument("model", metavar="MODEL", help="a .safetensors file, or the folder `train` wrote")
    logs.add_log(parser)
    parser.add_argument(
        "--train", metavar="LOG", help="the training clicks, where the model's folder lacks them"
    )
    parser.add_argument(
        "--by",
        type=_by,
        default=(),
        metavar="WHAT",
        help="also by position in the session, by length of the session, or position,length",
    )
    parser.add_argument(
        "--ranks",
        choices=("conservative", "standard", "median"),
        default="conservative",
        help="how ties count: against the prediction (default), for it, or half",
    )
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="of the processor (default: 1)")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.set_defaults(run=run)


def _by(text: str) -> tuple[str, ...]:
    """ "position,length" → both, in this order and each once."""
    names = tuple(dict.fromkeys(text.split(",")))
    if not set(names) <= set(BY):
        raise argparse.ArgumentTypeError(f"takes position, length or position,length, not {quote(text)}")
    return names


def run(args: argparse.Namespace) -> int:
    logs.use_device("cpu", args.threads)
    from gru_viz.baselines import fitted
    from gru_viz.checkpoint import load
    from gru_viz.learn.evaluation import ModelScorer, Scorer, ranked
    from gru_viz.learn.intervals import measured

    model = load(args.model)
    log, _ = logs.read(args.log, args, model.catalog)
    trained_on = _training_clicks(args, model)
    scorers: dict[str, Scorer] = {MODEL: ModelScorer(model)}
    if trained_on is not None:
        scorers |= {baseline.name: baseline for baseline in fitted(trained_on)}
    ranks = {name: ranked(scorer, log, args.ranks) for name, scorer in scorers.items()}
    rows = [measured(name, one, (CUTOFF,)) for name, one in ranks.items()]
    if args.json:
        emit_json(_document(rows) | {f"by_{what}": _bins_document(ranks, what) for what in args.by})
    else:
        _print_table(rows)
        for what in args.by:
            _print_bins(ranks, what)
    return 0


def _document(rows: list[Measured]) -> dict[str, Any]:
    """The JSON of `evaluate`, fixed in DESIGN.md; a note only where baselines are missing."""
    (model, sure), *others = ((row, _sure(row)) for row in rows)
    return {
        **model.quality.to_dict(CUTOFF),
        "predictions": model.quality.predictions,
        "ranks": model.quality.ranks,
        "baselines": {row.name: row.quality.to_dict(CUTOFF) for row, _ in others} or None,
        "intervals": {
            **sure.to_dict(CUTOFF),
            "level": sure.level,
            "resamples": sure.resamples,
            "baselines": {row.name: theirs.to_dict(CUTOFF) for row, theirs in others} or None,
        },
        **({} if others else {"note": NO_BASELINES}),
    }


def _broken_down(ranks: dict[str, Ranked], by: By) -> list[dict[str, Bin]]:
    """Every bin: in it, by name, the model first."""
    from gru_viz.learn.breakdown import breakdown

    bins = [breakdown(one, by, (CUTOFF,)).bins for one in ranks.values()]
    return [dict(zip(ranks, one, strict=True)) for one in zip(*bins, strict=True)]


def _bins_document(ranks: dict[str, Ranked], by: By) -> list[dict[str, Any]]:
    """The model's figures in every bin, and in it those of the baselines by name."""
    return [
        {
            **of[MODEL].to_dict(CUTOFF),
            "baselines": {n: one.quality.to_dict(CUTOFF) for n, one in of.items() if n != MODEL} or None,
        }
        for of in _broken_down(ranks, by)
    ]


def _print_table(rows: list[Measured]) -> None:
    cells = []
    for row in rows:
        for_recall, for_mrr = (_from_to(one[CUTOFF]) for one in (_sure(row).recall, _sure(row).mrr))
        recall, mrr = (share(one[CUTOFF]) for one in (row.quality.recall, row.quality.mrr))
        cells.append((row.name, recall, for_recall, mrr, for_mrr))
    emit(table(("", f"Recall@{CUTOFF}", "from–to", f"MRR@{CUTOFF}", "from–to"), cells))
    emit(f"{rows[0].quality.predictions:,} predictions, {rows[0].quality.ranks} ranks")
    sure = _sure(rows[0])
    emit(f"from–to: {sure.level:.0%} of {sure.resamples:,} resamples of the sessions")
    if len(rows) == 1:
        emit(NO_BASELINES)


def _print_bins(ranks: dict[str, Ranked], by: By) -> None:
    """Recall alone; a bin of few predictions is uncertain, so the model's has its interval."""
    cells = []
    for of in _broken_down(ranks, by):
        model = of[MODEL]
        recall = [share(one.quality.recall[CUTOFF]) for one in of.values()]
        sure = _from_to(model.intervals.recall[CUTOFF])
        cells.append((model.label, f"{model.share:.1%}", recall[0], sure, *recall[1:]))
    emit("")
    emit(f"Recall@{CUTOFF} by {by}")
    emit(table((BY[by], "share", MODEL, "from–to", *(name for name in ranks if name != MODEL)), cells))


def _sure(row: Measured) -> Intervals:
    assert row.intervals is not None  # `measured` gives them to every row
    return row.intervals


def _from_to(interval: tuple[float, float]) -> str:
    return "–".join(map(share, interval))


def _training_clicks(args: argparse.Namespace, model: GRU4Rec) -> ClickLog | None:
    """From --train, or from the file that `train` left beside the model; None without either."""
    from gru_viz.learn.clicks import FILE_NAME, load_clicks, trained_on

    if args.train is not None:
        return logs.read(args.train, args, model.catalog)[0]
    path = Path(args.model)
    path = (path if path.is_dir() else path.parent) / FILE_NAME
    if not path.is_file():
        return None
    try:
        return load_clicks(path, model.catalog, trained_on(model.about))
    except InputError as error:
        note(f"warning: {error}")
        return None
