"""Train a GRU4Rec on a click log, with baselines beside it after every epoch."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gru_viz.commands import logs
from gru_viz.commands.output import emit, emit_json, seconds
from gru_viz.commands.train_options import (
    add_measuring,
    add_model,
    add_training,
    model_config,
    training_config,
)
from gru_viz.errors import InputError, quote

if TYPE_CHECKING:
    from gru_viz.model import ModelConfig

FLOAT_BYTES = 4

EXAMPLE = """examples:
  python -m gru_viz train clicks.csv --out my_model
  python -m gru_viz train train.tsv --test test.tsv --out my_model --epochs 20"""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "train",
        help="train a model on a click log",
        description="Train a GRU4Rec on a click log by back-propagation through whole sessions, and write "
        "DIR/model.safetensors. After each epoch its quality stands beside that of baselines.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    logs.add_log(parser)
    logs.add_items(parser)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder of the result, made if need be"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    add_measuring(parser.add_argument_group("what it is measured on"))
    add_model(parser.add_argument_group("the model"))
    add_training(parser.add_argument_group("the training"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    logs.use_device(args.device, args.threads)
    from gru_viz.commands.training_run import TrainingRun, read_parts

    shape = model_config(args)
    parts = read_parts(args)
    training = training_config(args, shape, len(parts.train.catalog))
    _check_size(shape, len(parts.train.catalog))
    try:
        args.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make {quote(args.out)}: {error.strerror}; choose another --out") from None
    result = TrainingRun(parts, shape, training, args.out).run(args.device)
    if args.json:
        emit_json(result)
    else:
        emit(f"{result['model']}: epoch {result['kept_epoch']}, {seconds(result['seconds'])} of training")
        if "recall@20" in result:
            measured = f"Recall@20 {result['recall@20']:.4f}, MRR@20 {result['mrr@20']:.4f}"
            emit(
                f"{measured} on {parts.test_name}, {result['predictions']:,} predictions, conservative ranks"
            )
    return 0


def _check_size(shape: ModelConfig, n_items: int) -> None:
    """Raises InputError for a model that could not be read again, or not be built at all."""
    from gru_viz.checkpoint import MAX_FILE_BYTES, expected_shapes

    numbers = sum(math.prod(tensor) for tensor in expected_shapes(shape, n_items).values())
    if numbers * FLOAT_BYTES > MAX_FILE_BYTES:
        raise InputError(
            f"this model would have {numbers:,} numbers for {n_items:,} items, and a file of more than "
            f"{MAX_FILE_BYTES:,} bytes; use fewer --units or a smaller --embedding"
        )
