"""Write the sample shop, and on request train the model that ships with it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gru_viz.commands.output import emit, emit_json, note

if TYPE_CHECKING:
    from gru_viz.model import GRU4Rec

EXAMPLE = "example: python -m gru_viz sample --out /tmp/shop --model"


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "sample",
        help="write the sample shop, byte for byte the same each time",
        description="Write the synthetic sample shop: items.csv, sessions.csv.gz and scenarios.json.",
        epilog=EXAMPLE,
    )
    parser.add_argument(
        "--out", type=Path, default=Path("sample_data"), metavar="DIR", help="default: %(default)s"
    )
    parser.add_argument("--model", action="store_true", help="also train the model, about half a minute")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from gru_viz.data import shop
    from gru_viz.errors import InputError, quote

    try:
        shop.write(args.out)
    except OSError as error:
        raise InputError(
            f"cannot write to {quote(args.out)}: {error.strerror}; choose another --out"
        ) from None
    note(f"wrote the sample shop to {args.out}")
    quality: dict[str, Any] | None = None
    if args.model:
        from gru_viz.checkpoint import FILE_NAME, save

        model = shop_model()
        save(model, args.out / FILE_NAME)
        quality = model.about["quality"]
    if args.json:
        emit_json({"out": str(args.out), "quality": quality})
    elif quality is not None:
        worst = min(quality["detours"].values())
        emit(
            f"Recall@10 {quality['recall@10']:.4f}, {quality['share_of_limit']:.1%} of the process' limit; "
            f"detours of every length right in at least {worst:.1%}"
        )
    return 0


def shop_model() -> GRU4Rec:
    """The model that ships: trained anew, the same on the same machine; what it reached is in `about`."""
    from gru_viz.commands.shop_training import shop_split, trained
    from gru_viz.learn.presets import SHOP_GRU

    return trained(SHOP_GRU, shop_split())
