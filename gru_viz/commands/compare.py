"""Train every model on a click log and measure all of them on the same held-out clicks."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gru_viz.commands import logs
from gru_viz.commands.output import emit, emit_json, note, seconds, share, table
from gru_viz.compare.names import EXPERIMENTS, NAMES, chosen, short_name
from gru_viz.compare.names import shares as shares_of

if TYPE_CHECKING:
    from gru_viz.compare.run import Doing
    from gru_viz.compare.values import About, Comparison, Round
    from gru_viz.learn.parts import Parts
    from gru_viz.learn.quality import Quality
    from gru_viz.sessions import ClickLog

EXAMPLE = """examples:
  python -m gru_viz compare clicks.csv --out models.json
  python -m gru_viz compare clicks.csv --models markov,fpmc,gru --shares 0.1,0.3,1"""
HOLD_OUT = 0.1
PRESETS = ("quick", "good", "best")


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "compare",
        help="every model on the same log, best first",
        description="Train baselines, MF, FPMC, SASRec, BERT4Rec and GRU4Rec with each cell on a click log, "
        "and measure all on the same held-out clicks: Recall@20 and MRR@20 among all items, ties counted "
        "against the prediction, with intervals over sessions. Every one keeps its last epoch, so none is "
        "chosen by its test.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    logs.add_log(parser)
    logs.add_items(parser)
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--test", metavar="LOG", help="measure on another log; then all of LOG is learned")
    either.add_argument(
        "--holdout",
        type=float,
        default=HOLD_OUT,
        metavar="SHARE",
        help="last share of the sessions by time to measure on (default: %(default)s)",
    )
    parser.add_argument(
        "--models", default=",".join(NAMES), metavar="A,B,…", help="some of %(default)s (default: all)"
    )
    parser.add_argument(
        "--shares",
        default="1",
        metavar="A,B,…",
        help="learn also from smaller shares of the training sessions, 0.1,0.3,1 say",
    )
    parser.add_argument(
        "--claims",
        action="store_true",
        help="measure also what the textbooks' sentences need: gradients over a distance, no clipping, "
        "other sizes, no reset between sessions, long sessions. GRU4Rec is trained seven more times: "
        "about six times as long as it takes once, on top of all models",
    )
    parser.add_argument(
        "--preset", choices=PRESETS, default="best", help="how GRU4Rec is trained (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of every model (default: 0)")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="of the processor (default: 1)")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="the result as JSON, for the Models page; whole or not at all",
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    names, shares = chosen(args.models), shares_of(args.shares)
    _check(args)
    logs.use_device("cpu", args.threads)
    from gru_viz.commands.training_run import read_parts
    from gru_viz.compare.document import to_document
    from gru_viz.compare.run import compare

    parts = read_parts(args)
    assert parts.test is not None  # --holdout is above 0
    events = compare(parts.train, parts.test, _about(args, parts, parts.test), names, shares, args.claims)
    found = _followed(events, args.out)
    if args.json:
        emit_json(to_document(found))
    else:
        _print(found)
    return 0


def _check(args: argparse.Namespace) -> None:
    """What would only be found out after all the work."""
    from gru_viz.errors import InputError

    if args.test is None and not 0 < args.holdout < 1:
        raise InputError(f"--holdout must be above 0 and below 1, not {args.holdout}")
    if not 0 <= args.seed < 2**63:
        raise InputError(f"--seed must be a whole number from 0, not {args.seed}")
    if args.out is not None:
        _check_out(args.out, [read for read in (args.log, args.test, args.items) if read is not None])


def _check_out(out: Path, inputs: list[str]) -> None:
    """Raises InputError for a place where the result must not or cannot be written."""
    from gru_viz.errors import InputError, quote
    from gru_viz.whole_file import refuse_special

    if out.is_dir() or not out.parent.is_dir():
        raise InputError(f"cannot write {quote(out)}: no such place for a file; choose another --out")
    for read in inputs:
        with suppress(OSError):  # what is not there cannot be the same; what cannot be read says so later
            if out.samefile(read):
                raise InputError(
                    f"--out {quote(out)} is the file {quote(read)} that is read here; choose another --out"
                )
    if out.is_symlink():  # as /dev/stdout is
        raise InputError(
            f"--out {quote(out)} is a link; give the file itself, or use --json for the result on stdout"
        )
    refuse_special(out)


def _about(args: argparse.Namespace, parts: Parts, test: ClickLog) -> About:
    from gru_viz.compare.about import about

    limit = _limit(parts.train, test)
    log = None if limit is None else "the sample shop"
    return about(parts, args.seed, args.preset, limit, log)


def _limit(train: ClickLog, test: ClickLog) -> Quality | None:
    """What nobody can beat, where the clicks are those of the sample shop."""
    from gru_viz.data import shop
    from gru_viz.learn.quality import Quality
    from gru_viz.learn.split import onto

    ids = shop.catalog().ids
    if set(train.catalog.ids) != set(ids):
        return None
    own, clicks = shop.sessions(), onto(test, shop.catalog())
    if clicks is None or not all(own.find(session.session_id) is not None for session in clicks):
        return None
    for session in clicks:
        made = own.find(session.session_id)
        if made is None or made.tolist() != session.items.tolist():
            return None
    found = shop.process().limit(clicks)
    return Quality(found.recall, found.mrr, found.predictions)


def _followed(events: Iterator[Doing | Comparison], out: Path | None) -> Comparison:
    """The whole comparison, with a bar on stderr; after Ctrl-C what is finished is written, and told."""
    from gru_viz.commands.progress import Bar
    from gru_viz.compare.document import to_document
    from gru_viz.compare.values import Comparison
    from gru_viz.explain.words import plural
    from gru_viz.whole_file import write_json

    bar, found = Bar(), None
    try:
        for event in events:
            if isinstance(event, Comparison):
                if not event.complete and event.experiments is None:
                    bar.clear()
                    note(_finished(event.rounds[-1]))
                found = event
                continue
            of = "" if event.share == 1 else f" with {event.share:g} of the data"
            label = EXPERIMENTS.get(event.name) or f"{short_name(event.name)}{of}"
            bar.update(label, round(100 * event.done), 100, event.events_per_s, event.seconds_left)
    except KeyboardInterrupt:
        bar.clear()
        if found is not None:
            note(_table(found, found.whole))
            if out is not None:
                write_json(out, to_document(found))
                tried = "" if found.experiments is None else " and the experiments"
                models = plural(len(found.whole.models), "model")
                note(f"{out} holds the {models}{tried} that were finished")
        raise
    finally:
        bar.clear()
    assert found is not None  # there is at least one model
    if out is not None:
        write_json(out, to_document(found))
        note(f"wrote {out}")
    return found


def _finished(part: Round) -> str:
    """What is told of the last model as soon as it is measured."""
    model = part.models[-1]
    of = "" if part.share == 1 else f" with {part.share:g} of the data"
    return f"{short_name(model.name)}{of}: Recall@20 {share(model.recall)}, {seconds(model.cost.fit_seconds)}"


def _print(found: Comparison) -> None:
    about, sure = found.about, found.whole.models[0].intervals
    emit(_table(found, found.whole))
    emit(
        f"{about.predictions:,} predictions in {about.test_sessions:,} sessions, {about.items:,} items, "
        "conservative ranks"
    )
    emit(
        f"from–to: {sure.level:.0%} of {sure.resamples:,} resamples of the sessions; against the best: those"
    )
    emit("of the difference in Recall@20 on the same resamples; time: of the processor")
    if about.limit is not None:
        emit(f"the process that made the clicks reaches Recall@20 {share(about.limit.recall[20])}")
    for part in found.rounds[1:]:
        emit("")
        emit(f"learned from {part.share:g} of the data, {part.sessions:,} sessions")
        emit(_table(found, part))
    if found.experiments is not None:
        emit("")
        _print_claims(found)


def _print_claims(found: Comparison) -> None:
    """What the experiments were made for: a line a sentence of the textbooks."""
    from gru_viz.explain.claims import claims
    from gru_viz.explain.words import plain

    for one in claims(found):
        emit(f"{one.verdict}: {one.claim} {plain(one.figures)}")


def _table(found: Comparison, part: Round) -> str:
    """Best first."""
    limit = found.about.limit
    best = part.ranked[0].name
    header = [
        "",
        "Recall@20",
        "from–to",
        "MRR@20",
        "from–to",
        "against the best",
        "parameters",
        "time",
        "µs each",
    ]
    if limit is not None:
        header.insert(2, "of limit")
    rows = []
    for model in part.ranked:
        recall, mrr = model.quality.recall[20], model.quality.mrr[20]
        cells = [short_name(model.name), share(recall), _from_to(model.intervals.recall[20])]
        cells += [share(mrr), _from_to(model.intervals.mrr[20]), _against(part, model.name, best)]
        parameters = model.cost.parameters
        cells += ["–" if parameters is None else f"{parameters:,}", seconds(model.cost.fit_seconds)]
        cells += [f"{1e6 * model.cost.predict_seconds:,.0f}"]
        if limit is not None:
            cells.insert(2, f"{recall / max(limit.recall[20], 1e-9):.1%}")
        rows.append(cells)
    return table(header, rows)


def _against(part: Round, name: str, best: str) -> str:
    found = part.difference(name, best)
    if found is None:
        return ""
    low, high = found.recall_interval
    return f"{low:+.4f} to {high:+.4f}"


def _from_to(interval: tuple[float, float]) -> str:
    return "–".join(map(share, interval))
