"""Say which clicks are behind a recommendation, what is remembered, and whether it is used."""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from gru_viz.commands import logs
from gru_viz.commands.model_and_session import item_ids
from gru_viz.commands.output import emit, emit_json, printable, share, table
from gru_viz.commands.progress import Bar
from gru_viz.errors import InputError, quote

if TYPE_CHECKING:
    from gru_viz.commands.explain_views import Asked
    from gru_viz.explain.log_memory import LogMemory, Progress
    from gru_viz.explain.why import Why
    from gru_viz.trace import Trace

SHOWN = ("why", "split", "retention", "remember", "forgetting", "lens", "reset", "gradient", "trust")

DESCRIPTION = """\
Split the score that an item has after a session: by the clicks at which it was written (write ledger),
by the clicks whose inputs it is carried from (click ledger), and by how much its log-probability falls when
each click is deleted. The ledgers add up to the score, only deletion is an experiment. With --show also what
is carried, remembered and forgotten; with --log whether the model uses earlier clicks over a whole log."""

EXAMPLES = """examples:
  python -m gru_viz explain sample_data halden-h60,chef-knife,memory-card
  python -m gru_viz explain sample_data --session halden-h60,tripod --item halden-45 --against sarno-55
  python -m gru_viz explain sample_data halden-h60,hammock,memory-card --step 2 --show remember,forgetting
  python -m gru_viz explain sample_data --log sample_data/sessions.csv.gz --json"""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "explain",
        help="which clicks are behind a recommendation, and what is remembered",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("model", metavar="MODEL", help="a .safetensors file, or the folder `train` wrote")
    parser.add_argument("clicks", nargs="?", metavar="SESSION", help="the same as --session")
    parser.add_argument(
        "--session",
        metavar="ID,ID,...",
        help="item ids in the order of the clicks; an id with a comma in it goes in double quotes",
    )
    parser.add_argument(
        "--item",
        metavar="ID",
        help="whose score, exactly as the catalogue has the id (default: the first recommended)",
    )
    parser.add_argument(
        "--against", metavar="ID", help="explain by how much the score is above that of this item"
    )
    parser.add_argument(
        "--step", type=int, metavar="N", help="look at the session after its first N clicks (default: all)"
    )
    parser.add_argument(
        "--show", metavar="NAME,...", help=f"some of {', '.join(SHOWN)} (default: {SHOWN[0]})"
    )
    parser.add_argument(
        "--log", metavar="LOG", help="instead of a session: does the model use earlier clicks over this log?"
    )
    logs.add_reading(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    given = [text for text in (args.clicks, args.session, args.log) if text is not None]
    if len(given) != 1:
        raise InputError("explain takes one session, as SESSION or as --session, or else --log LOG")
    if args.log is not None:
        return _run_log(args)
    if args.column or args.strict or args.drop_empty_ids:
        raise InputError(
            "--column, --drop-empty-ids and --strict are about reading a log; they go with --log"
        )
    return _run_session(args, given[0])


# --- one session


def _run_session(args: argparse.Namespace, session: str) -> int:
    ids = item_ids(session)
    shown = _shown(args.show)
    if args.against is not None and args.against == args.item:
        raise InputError(f"--against must be another item than --item, not {quote(args.item)} twice")
    if args.step is not None and not 1 <= args.step <= len(ids):
        raise InputError(f"--step must be from 1 to {len(ids)}, the clicks of the session, not {args.step}")
    asked = _asked(args, ids)

    from gru_viz.commands.explain_views import VIEWS

    views = {name: VIEWS[name](asked) for name in shown if name != "why"}
    if args.json:
        emit_json(
            {**asked.why.to_dict(asked.trace), **{name: view.to_dict() for name, view in views.items()}}
        )
        return 0
    emit("\n\n".join(_why(asked) if name == "why" else views[name].to_text() for name in shown))
    return 0


def _shown(names: str | None) -> list[str]:
    chosen = [SHOWN[0]] if names is None else [name.strip() for name in names.split(",") if name.strip()]
    for name in chosen:
        if name not in SHOWN:
            raise InputError(f"nothing to show is called {quote(name)}; --show takes {', '.join(SHOWN)}")
    if not chosen:
        raise InputError(f"--show names nothing; it takes {', '.join(SHOWN)}")
    return list(dict.fromkeys(chosen))


def _asked(args: argparse.Namespace, ids: list[str]) -> Asked:
    """The session, recorded, and why the item has its score. Raises InputError for unknown items."""
    import torch

    from gru_viz.checkpoint import load
    from gru_viz.commands.explain_views import Asked
    from gru_viz.explain.score_checks import check_step
    from gru_viz.explain.why import why
    from gru_viz.record import record
    from gru_viz.rerun import last_clicks

    torch.set_num_threads(1)
    model = load(args.model)
    against = None if args.against is None else model.catalog.index(args.against)
    item = None if args.item is None else model.catalog.index(args.item)
    trace = record(model, ids)
    step = len(trace) - 1 if args.step is None else args.step - 1
    check_step(trace, step)
    if item is None:
        item = int(trace.ranking(step, 1)[0])
        if item == against:
            raise InputError(
                f"{quote(args.against)} is itself recommended first; name the other one with --item"
            )
    weights = model.weights()
    answer = why(trace, weights, item, partial(last_clicks, model), against, step)
    return Asked(model, weights, trace, step, answer)


def _why(asked: Asked) -> str:
    from gru_viz.commands.explain_views import said
    from gru_viz.explain.verdict import verdict

    answer = asked.why
    sentences = (answer.sentence, verdict(asked.trace, answer, asked.step))
    return "\n".join([_ledgers(asked.trace, answer), "", *map(said, sentences)])


def _ledgers(trace: Trace, answer: Why) -> str:
    from gru_viz.explain.why import REST

    titles = [printable(trace.catalog.titles[item]) for item in trace.items[: len(answer)]]
    clicks = [f"{place} {title}" for place, title in enumerate(titles, start=1)]
    ledgers = {"written at": answer.write, "carried from": answer.click}
    there = {name: ledger for name, ledger in ledgers.items() if ledger is not None}
    header = ["click", *there, "falls when deleted"]
    columns: list[Sequence[float]] = [
        *(
            [*ledger.clicks.tolist(), ledger.h0, ledger.candidate_bias, ledger.bias, ledger.total]
            for ledger in there.values()
        ),
        answer.deletion.drop.tolist(),
    ]
    rest = REST if there else ()
    rows = [
        (name, *(_signed(column[row]) if row < len(column) else "" for column in columns))
        for row, name in enumerate([*clicks, *rest])
    ]
    return table(header, rows)


def _signed(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:+.3f}"


# --- a whole log


def _run_log(args: argparse.Namespace) -> int:
    if not args.log:
        raise InputError("--log is empty; give a log to read")
    for name in ("item", "against", "step", "show"):
        if getattr(args, name) is not None:
            raise InputError(f"--{name} is about one session; --log asks about all of them")
    logs.use_device("cpu", 1)
    from gru_viz.checkpoint import load
    from gru_viz.explain.log_memory import log_memory, log_memory_sentence
    from gru_viz.explain.words import plain
    from gru_viz.rerun import scores_of_every_click, scores_of_last_clicks

    model = load(args.model)
    log, _ = logs.read(args.log, args, model.catalog)
    sessions = [session.items for session in log]
    score_all, score_last = partial(scores_of_every_click, model), partial(scores_of_last_clicks, model)
    found = _followed(log_memory(sessions, score_all, score_last))
    sentence = plain(log_memory_sentence(found))
    if args.json:
        emit_json({**log_document(found), "sentence": sentence})
    else:
        emit(f"{_log_table(found)}\n\n{sentence}")
    return 0


def _followed(steps: Iterator[Progress]) -> LogMemory:
    """The last answer, with a progress bar on stderr until it is there."""
    bar, started = Bar(), time.monotonic()
    try:
        for progress in steps:
            rate = progress.done / max(time.monotonic() - started, 1e-9)
            left = (progress.total - progress.done) / rate
            bar.update("predicting", progress.done, progress.total, rate, left)
    finally:
        bar.clear()
    return progress.so_far


def log_document(found: LogMemory) -> dict[str, Any]:
    """The JSON of `explain --log`; a dictionary for each number of last clicks, in "last"."""
    recall, mrr = f"recall@{found.cutoff}", f"mrr@{found.cutoff}"
    columns = {
        "clicks": found.last,
        recall: found.recall,
        mrr: found.mrr,
        f"overlap@{found.k}": found.overlap,
        "kl": found.kl,
    }
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    return {
        "whole": {recall: found.full_recall, mrr: found.full_mrr},
        "last": [dict(zip(columns, row, strict=True)) for row in rows],
        "predictions": found.predictions,
        "sessions": found.sessions,
        "ranks": "conservative",
    }


def _log_table(found: LogMemory) -> str:
    header = ("shown", f"Recall@{found.cutoff}", f"MRR@{found.cutoff}", f"of the {found.k} best", "KL")
    rows: list[Sequence[str]] = [("whole session", share(found.full_recall), share(found.full_mrr), "", "")]
    for n, recall, mrr, overlap, kl in zip(
        found.last, found.recall, found.mrr, found.overlap, found.kl, strict=True
    ):
        clicks = "last click" if n == 1 else f"last {n} clicks"
        rows.append((clicks, share(recall), share(mrr), f"{overlap:.1%}", f"{kl:.3f}"))
    return table(header, rows)
