"""Say which clicks are behind the score of an item: two exact accounts and an experiment."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from gru_viz.commands.model_and_session import add_model_and_session, item_ids
from gru_viz.commands.output import emit, emit_json, printable, table
from gru_viz.errors import InputError, quote

if TYPE_CHECKING:
    from gru_viz.explain.why import Why
    from gru_viz.trace import Trace

ONLY_DELETION = "the model's feed-forward top is not linear, so there are no ledgers, only deletion"


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "explain",
        help="which clicks of a session are behind the score of an item",
        description="Split the score that an item has after a session: by the clicks at which it was written "
        "(write ledger), by the clicks whose inputs it is carried from (click ledger), and by how much it "
        "falls when each click is deleted. The ledgers add up to the score, only deletion is an experiment.",
        epilog="example: python -m gru_viz explain sample_data --session halden-h60,tripod --item halden-45",
    )
    add_model_and_session(parser)
    parser.add_argument(
        "--item", required=True, metavar="ID", help="whose score, exactly as the catalogue has the id"
    )
    parser.add_argument(
        "--against", metavar="ID", help="explain by how much the score is above that of this item"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    ids = item_ids(args.session)
    if args.against == args.item:
        raise InputError(f"--against must be another item than --item, not {quote(args.item)} twice")
    import torch

    from gru_viz.checkpoint import load
    from gru_viz.explain.why import why
    from gru_viz.record import record
    from gru_viz.rerun import last_clicks

    torch.set_num_threads(1)
    model = load(args.model)
    item = model.catalog.index(args.item)
    against = None if args.against is None else model.catalog.index(args.against)
    trace = record(model, ids)
    answer = why(trace, model.weights(), item, partial(last_clicks, model), against)
    if math.isnan(answer.score):
        raise InputError(
            f"this catalogue is so large that only the {trace.n_scored} best scores are kept, and "
            f"{quote(args.item if against is None else f'{args.item} and {args.against}')} must be among them"
        )
    if args.json:
        emit_json(document(answer))
    else:
        emit(_table(trace, answer))
    return 0


def document(answer: Why) -> dict[str, Any]:
    """The JSON of `explain`, fixed in DESIGN.md.

    Each number of "deletion" is by how much the score falls without that click; null where
    it is the only click. Ledgers are null, with a note, where the top is not linear.
    """
    write, click = answer.write, answer.click
    ledgers: dict[str, Any] = {"write": None, "click": None, "note": ONLY_DELETION}
    if write is not None and click is not None:
        ledgers = {
            "write": {"clicks": write.clicks.tolist(), "h0": write.h0, "bias": write.bias},
            "click": {
                "clicks": click.clicks.tolist(),
                "h0": click.h0,
                "bias": click.bias,
                "candidate_bias": click.candidate_bias,
            },
        }
    drops = answer.deletion.score_drop.tolist()
    return {
        "score": answer.score,
        **ledgers,
        "deletion": [None if math.isnan(drop) else drop for drop in drops],
    }


def _table(trace: Trace, answer: Why) -> str:
    from gru_viz.explain.words import plain

    titles = [printable(trace.catalog.titles[item]) for item in trace.items]
    clicks = [f"{place} {title}" for place, title in enumerate(titles, start=1)]
    columns: list[Sequence[float]] = [answer.deletion.score_drop.tolist()]
    header = ["click", "falls when deleted"]
    rest: list[str] = []
    write, click = answer.write, answer.click
    if write is not None and click is not None:
        header[1:1] = ["written at", "carried from"]
        rest = ["before the first click", "bias of the candidates", "bias of the item", "score"]
        columns = [
            [*ledger.clicks.tolist(), ledger.h0, ledger.candidate_bias, ledger.bias, ledger.total]
            for ledger in (write, click)
        ] + columns
    rows = [
        (name, *(_signed(column[row]) if row < len(column) else "" for column in columns))
        for row, name in enumerate([*clicks, *rest])
    ]
    return f"{table(header, rows)}\n\n{printable(plain(answer.sentence))}"


def _signed(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:+.3f}"
