"""Train a GRU4Rec on a click log, with baselines beside it after every epoch."""

from __future__ import annotations

import argparse
import os
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gru_viz.commands import logs
from gru_viz.commands.output import emit, emit_json, note, seconds
from gru_viz.commands.train_options import (
    add_measuring,
    add_model,
    add_training,
    model_config,
    training_config,
)

if TYPE_CHECKING:
    from gru_viz.learn.config import TrainingConfig
    from gru_viz.learn.distributed import Ranks
    from gru_viz.learn.parts import Parts
    from gru_viz.model import ModelConfig

EXAMPLE = """examples:
  python -m gru_viz train clicks.csv --out my_model
  python -m gru_viz train train.tsv --test test.tsv --out my_model --epochs 20
  torchrun --nproc-per-node 2 -m gru_viz train clicks.csv --out my_model --resume

Under torchrun all processes need the same log, options and, to --resume, the same folder. What is wrong is
said in one line, once a machine; torchrun then adds a traceback and a report of its own and ends with 1,
where alone this command ends with 2 ("exitcode: 2" in the report)."""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "train",
        help="train a model on a click log",
        description="Train a GRU4Rec on a click log and write DIR/model.safetensors. After each epoch its "
        "quality stands beside that of baselines. Under torchrun all its processes train one model.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    logs.add_log(parser)
    logs.add_items(parser)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder of the result, made if need be"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    going_on = parser.add_argument_group("the run")
    earlier = going_on.add_mutually_exclusive_group()
    earlier.add_argument(
        "--resume",
        action="store_true",
        help="go on after the last finished epoch of the run in DIR; from the start where there is none",
    )
    earlier.add_argument(
        "--overwrite",
        action="store_true",
        help="begin anew where DIR holds a run, and delete its epochs; without this it is refused",
    )
    going_on.add_argument(
        "--no-epochs", action="store_true", help="keep the best epoch alone, and the last one to go on from"
    )
    add_measuring(parser.add_argument_group("what it is measured on"))
    add_model(parser.add_argument_group("the model"))
    add_training(parser.add_argument_group("the training"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from gru_viz.learn.distributed import joined

    with joined() as ranks:
        if ranks.first:
            _run(args, ranks)
        else:  # every process works on the same; one of them tells
            with open(os.devnull, "w") as nobody, redirect_stdout(nobody), redirect_stderr(nobody):
                _run(args, ranks)
    return 0


def _run(args: argparse.Namespace, ranks: Ranks) -> None:
    from gru_viz.commands.training_run import print_rows, read_parts
    from gru_viz.learn.run import checkpoint_bytes, run_in

    def read() -> tuple[ModelConfig, Parts, TrainingConfig]:
        shape, parts = model_config(args), read_parts(args)
        return shape, parts, training_config(args, shape, len(parts.train.catalog))

    device = ranks.together(partial(_device, args))
    ranks = ranks.on(device)
    shape, parts, training = ranks.together(read)
    events = run_in(
        args.out,
        parts,
        shape,
        training,
        args.resume,
        overwrite=args.overwrite,
        device=device,
        keep_epochs=not args.no_epochs,
        ranks=ranks,
    )
    if not args.no_epochs:
        size = checkpoint_bytes(shape, len(parts.train.catalog))
        note(
            f"every epoch is kept in {args.out / 'epochs'}: {training.epochs} × {size / 1e6:,.1f} MB; "
            "--no-epochs keeps the best one alone"
        )
    if not ranks.first:
        for _ in events:
            pass
        return
    print_rows(events, args.out)
    _tell(args, parts)


def _tell(args: argparse.Namespace, parts: Parts) -> None:
    from gru_viz.commands.training_run import finished, result

    told = result(finished(args.out), args.out, parts.facts)
    if args.json:
        emit_json(told)
        return
    emit(f"{told['model']}: epoch {told['kept_epoch']}, {seconds(told['seconds'])} of training")
    if "recall@20" in told:
        measured = f"Recall@20 {told['recall@20']:.4f}, MRR@20 {told['mrr@20']:.4f}"
        emit(f"{measured} on {parts.test_name}, {told['predictions']:,} predictions, conservative ranks")
    if "caveat" in told:
        emit(told["caveat"])


def _device(args: argparse.Namespace) -> str:
    """The device that was asked for, or else a GPU where there is one."""
    from gru_viz.learn.device import usual_device

    device = args.device or usual_device()
    logs.use_device(device, args.threads)
    return device
