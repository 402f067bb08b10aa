"""Measure a model on a click log, beside baselines that learned from the same clicks."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gru_viz.commands import logs
from gru_viz.commands.output import emit, emit_json, note, share, table
from gru_viz.errors import InputError

if TYPE_CHECKING:
    from gru_viz.learn.evaluation import Quality
    from gru_viz.model import GRU4Rec
    from gru_viz.sessions import ClickLog

NO_BASELINES = "no training clicks beside the model; give them with --train LOG to see baselines"


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "evaluate",
        help="Recall@20 and MRR@20 of a model on a click log",
        description="Predict every click but a session's first among the whole catalogue, and rank it "
        "conservatively: ties count against the prediction.",
        epilog="example: python -m gru_viz evaluate my_model test.csv --json",
    )
    parser.add_argument("model", metavar="MODEL", help="a .safetensors file, or the folder `train` wrote")
    logs.add_log(parser)
    parser.add_argument(
        "--train", metavar="LOG", help="the training clicks, where the model's folder lacks them"
    )
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="of the processor (default: 1)")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    logs.use_device("cpu", args.threads)
    from gru_viz.checkpoint import load
    from gru_viz.learn.evaluation import ModelScorer, evaluate

    model = load(args.model)
    log, _ = logs.read(args.log, args, model.catalog)
    quality = evaluate(ModelScorer(model), log, cutoffs=(20,))
    trained_on = _training_clicks(args, model)
    baselines = None if trained_on is None else logs.measured_baselines(trained_on, log)
    if args.json:
        emit_json(_document(quality, baselines))
    else:
        rows = [("model", quality), *(baselines or {}).items()]
        emit(
            table(("", "Recall@20", "MRR@20"), [(n, share(q.recall[20]), share(q.mrr[20])) for n, q in rows])
        )
        emit(f"{quality.predictions:,} predictions, {quality.ranks} ranks")
        if baselines is None:
            emit(NO_BASELINES)
    return 0


def _document(quality: Quality, baselines: dict[str, Quality] | None) -> dict[str, Any]:
    """The JSON of `evaluate`, fixed in DESIGN.md; a note only where baselines are missing."""
    return {
        **quality.to_dict(20),
        "predictions": quality.predictions,
        "ranks": quality.ranks,
        "baselines": None if baselines is None else {n: q.to_dict(20) for n, q in baselines.items()},
        **({"note": NO_BASELINES} if baselines is None else {}),
    }


def _training_clicks(args: argparse.Namespace, model: GRU4Rec) -> ClickLog | None:
    """From --train, or from the file that `train` left beside the model; None without either."""
    from gru_viz.learn.clicks import FILE_NAME, load_clicks

    if args.train is not None:
        return logs.read(args.train, args, model.catalog)[0]
    path = Path(args.model)
    path = (path if path.is_dir() else path.parent) / FILE_NAME
    if not path.is_file():
        return None
    try:
        return load_clicks(path, model.catalog)
    except InputError as error:
        note(f"warning: {error}")
        return None
