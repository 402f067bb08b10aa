"""Write what a model holds and recommends at every click of a session."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from gru_viz.commands.model_and_session import add_model_and_session, item_ids
from gru_viz.commands.output import emit, emit_json, printable, table
from gru_viz.errors import InputError

if TYPE_CHECKING:
    from gru_viz.trace import Trace


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "trace",
        help="gates, states and recommendations at every click of a session",
        description="Run a session through a model and write what it held and recommended after each click.",
        epilog="example: python -m gru_viz trace sample_data --session halden-h60,clay-pot --json",
    )
    add_model_and_session(parser)
    parser.add_argument(
        "--top", type=int, default=10, metavar="K", help="best next items (default: %(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if args.top < 1:
        raise InputError(f"--top must be at least 1, not {args.top}")
    ids = item_ids(args.session)
    import torch

    from gru_viz.checkpoint import load
    from gru_viz.record import record

    torch.set_num_threads(1)
    trace = record(load(args.model), ids)
    if args.json:
        emit_json(document(trace, args.top))
    else:
        emit(_table(trace))
    return 0


def document(trace: Trace, k: int) -> dict[str, Any]:
    """The JSON of `trace`, fixed in DESIGN.md; arrays are (T, H), the z of a GRU writes."""
    layers = [{name: array.tolist() for name, array in layer.quantities().items()} for layer in trace.layers]
    top = [trace.top(k, step)[["item_id", "score", "probability"]] for step in range(len(trace))]
    return {
        "items": [trace.catalog.ids[i] for i in trace.items],
        "layers": layers,
        "top": [frame.to_dict("records") for frame in top],
    }


def _table(trace: Trace) -> str:
    rows = []
    for step, item in enumerate(trace.items):
        best = trace.top(1, step).iloc[0]
        wrote = float(trace.layers[-1].z[step].mean())
        title = printable(trace.catalog.titles[item])
        rows.append((step + 1, title, f"{wrote:.2f}", printable(best["title"]), f"{best['probability']:.1%}"))
    return table(("click", "item", "mean z", "most likely next", "probability"), rows)
