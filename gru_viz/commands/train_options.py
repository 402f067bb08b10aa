"""Which settings can be given to `train`, and what do they come to?"""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from gru_viz.anatomy import CELLS
from gru_viz.learn.config import (
    DROPOUT,
    FULL_SOFTMAX_ITEMS,
    LOSSES,
    MODES,
    OPTIMIZERS,
    ORDERS,
    SCHEDULES,
    STARTS,
    UNITS,
    TrainingConfig,
)

if TYPE_CHECKING:
    from gru_viz.model import ModelConfig

HOLD_OUT = 0.1
ACTIVATION = "tanh"
DEFAULT = TrainingConfig()
ADAGRAD_RATE = 0.1  # as in GRU4Rec's own trials; Adam's rate would be far too small for it


def add_measuring(group: Any) -> None:
    either = group.add_mutually_exclusive_group()
    either.add_argument(
        "--holdout",
        type=float,
        default=HOLD_OUT,
        metavar="SHARE",
        help="last share of the sessions by time that is not trained on; the epoch with the best "
        "Recall@20 on it is kept; 0 to train on all and keep the last epoch (default: %(default)s)",
    )
    either.add_argument(
        "--test",
        metavar="LOG",
        help="measure on another log; then all of LOG is trained on, and the last epoch kept, never the one "
        "that happens to suit the test",
    )


def add_model(group: Any) -> None:
    group.add_argument(
        "--units", type=int, default=UNITS, metavar="H", help="hidden units of a layer (default: %(default)s)"
    )
    group.add_argument("--cell", choices=CELLS, default="gru", help="recurrent cell (default: %(default)s)")
    group.add_argument("--layers", type=int, default=1, metavar="N", help="recurrent layers (default: 1)")
    group.add_argument(
        "--embedding", type=int, metavar="E", help="size of the item embedding (default: as --units)"
    )
    group.add_argument(
        "--reset",
        choices=("before", "after"),
        default="before",
        help="where a GRU's reset gate acts (default: %(default)s)",
    )
    output = group.add_mutually_exclusive_group()
    output.add_argument("--tied", action="store_true", help="score with the input embedding")
    output.add_argument("--own", action="store_true", help="score with an embedding of its own (default)")
    output.add_argument("--one-hot", action="store_true", help="no input embedding: clicks go in one-hot")
    group.add_argument(
        "--feed-forward",
        type=int,
        action="append",
        default=[],
        metavar="D",
        help="a layer of D units between memory and scores; again for another (default: none)",
    )
    group.add_argument(
        "--activation",
        choices=("identity", "tanh", "relu", "elu"),
        help=f"after each feed-forward layer (default: {ACTIVATION})",
    )
    group.add_argument(
        "--dropout",
        type=float,
        default=DROPOUT,
        metavar="P",
        help="of embedding and state while training (default: %(default)s)",
    )
    group.add_argument("--dropout-embedding", type=float, metavar="P", help="of the embedding alone")
    group.add_argument("--dropout-hidden", type=float, metavar="P", help="of the state alone")


def add_training(group: Any) -> None:
    shown = "(default: %(default)s)"
    number = partial(_with_default, group)
    number("epochs", "N", f"times through the log {shown}")
    number("patience", "N", "stop after N epochs that bring nothing better; 0: never (default: 0)")
    group.add_argument(
        "--mode",
        choices=MODES,
        default=DEFAULT.mode,
        help="back-propagation through whole sessions, or session-parallel, one click an update, as in the "
        f"GRU4Rec paper {shown}",
    )
    number("batch", "N", f"sessions an update, or parallel ones {shown}")
    group.add_argument("--optimizer", choices=OPTIMIZERS, default=DEFAULT.optimizer, help=shown)
    group.add_argument(
        "--lr",
        dest="learning_rate",
        type=float,
        metavar="RATE",
        help=f"highest learning rate (default: {DEFAULT.learning_rate}, of Adagrad {ADAGRAD_RATE})",
    )
    group.add_argument("--schedule", choices=SCHEDULES, default=DEFAULT.schedule, help=f"of the rate {shown}")
    number("warmup", "SHARE", f"of a one-cycle, while the rate rises {shown}")
    number("clip", "NORM", f"longest gradient {shown}")
    group.add_argument(
        "--loss",
        choices=LOSSES,
        help=f"softmax over all items (default up to {FULL_SOFTMAX_ITEMS:,} of them), over a sample with "
        "log-q correction (default beyond), or another one over a sample",
    )
    number("negatives", "K", f"items sampled an update, for all losses but full {shown}")
    number("alpha", "A", f"they are drawn ∝ support^A {shown}")
    group.add_argument(
        "--in-batch", action="store_true", help="the other targets of an update are negatives, too"
    )
    number("regularizer", "LAMBDA", f"of the scores, for --loss bpr-max {shown}")
    group.add_argument("--order", choices=ORDERS, default=DEFAULT.order, help=f"of the sessions {shown}")
    group.add_argument(
        "--start", choices=STARTS, help="from a low-rank Markov chain (default where possible), or not"
    )
    number("seed", "S", f"same seed, same result {shown}")
    group.add_argument("--threads", type=int, default=1, metavar="N", help=f"of the processor {shown}")
    group.add_argument("--device", choices=("cpu", "cuda"), help="default: cuda where it is there")


def _with_default(group: Any, name: str, metavar: str, words: str) -> None:
    """An option for a number of `TrainingConfig`, with its default."""
    default = getattr(DEFAULT, name)
    group.add_argument(f"--{name}", type=type(default), default=default, metavar=metavar, help=words)


def model_config(args: argparse.Namespace) -> ModelConfig:
    from gru_viz.errors import InputError
    from gru_viz.model import MOST_LAYERS, ModelConfig

    if args.one_hot and args.embedding is not None:
        raise InputError("--one-hot takes no --embedding: clicks go in without one; leave one of them out")
    if args.activation is not None and not args.feed_forward:
        raise InputError("--activation follows a feed-forward layer; give one with --feed-forward D, too")

    def dropout(own: float | None) -> float:
        return args.dropout if own is None else own

    return ModelConfig(
        units=(args.units,) * min(args.layers, MOST_LAYERS + 1),  # one too many is refused as any number is
        cell=args.cell,
        reset=args.reset,
        input="onehot" if args.one_hot else "embedding",
        embedding_dim=args.units if args.embedding is None else args.embedding,
        feed_forward=tuple(args.feed_forward),
        activation=args.activation or ACTIVATION,
        output="tied" if args.tied else "own",
        dropout_embedding=dropout(args.dropout_embedding),
        dropout_hidden=dropout(args.dropout_hidden),
    )


def training_config(args: argparse.Namespace, model: ModelConfig, n_items: int) -> TrainingConfig:
    from gru_viz.learn.start import can_start_from_markov

    given = {name: getattr(args, name, None) for name in DEFAULT.to_dict()}
    if args.start is None:
        given["start"] = "markov" if can_start_from_markov(model) else "random"
    if args.learning_rate is None and args.optimizer == "adagrad":
        given["learning_rate"] = ADAGRAD_RATE
    if args.loss is None:
        given["loss"] = "full" if n_items <= FULL_SOFTMAX_ITEMS else "sampled"
    return replace(DEFAULT, **{name: value for name, value in given.items() if value is not None})
