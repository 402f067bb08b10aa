"""Train the sample shop's RNN and LSTM beside its GRU, and measure the three for the Cells page."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gru_viz.commands.output import emit, emit_json, note

if TYPE_CHECKING:
    from gru_viz.explain.cell_study import CellStudy
    from gru_viz.learn.split import Split
    from gru_viz.model import GRU4Rec

EXAMPLE = "example: python -m gru_viz cells --out /tmp/shop"


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "cells",
        help="train the shop's RNN and LSTM beside its GRU, and measure all three",
        description="Train a vanilla RNN and an LSTM on the sample shop, measure them beside the GRU that "
        "`sample --model` wrote, and write cells/rnn.safetensors, cells/lstm.safetensors and cells.json: "
        "what the Cells page opens with.",
        epilog=EXAMPLE,
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("sample_data"),
        metavar="DIR",
        help="where the GRU's model.safetensors is and the rest goes; default: %(default)s",
    )
    parser.add_argument(
        "--measure", action="store_true", help="train nothing, measure the models that are there"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from gru_viz.checkpoint import FILE_NAME, load
    from gru_viz.commands.shop_training import shop_split
    from gru_viz.explain.cell_study import CELL_ORDER, FILE, FOLDER
    from gru_viz.whole_file import write_json

    files = {cell: args.out / FOLDER / f"{cell}.safetensors" for cell in CELL_ORDER}
    files["gru"] = args.out / FILE_NAME
    gru = load(files["gru"])  # before anything is trained: without it there is nothing to compare
    split = shop_split()
    _require_shop(gru.catalog.ids, split.train.catalog.ids)
    if not args.measure:
        _train(args.out / FOLDER, files, split)
    found = _measured({cell: load(file) for cell, file in files.items()}, split)
    write_json(args.out / FILE, found.to_dict())
    note(f"wrote {args.out / FILE}")
    if args.json:
        emit_json({"out": str(args.out), **found.to_dict()})
    else:
        for line in _lines(found):
            emit(line)
    return 0


def _require_shop(ids: tuple[str, ...], shop: tuple[str, ...]) -> None:
    from gru_viz.errors import InputError

    if ids != shop:
        raise InputError(
            "the model in --out is not the shop's; `python -m gru_viz sample --model` writes that one"
        )


def _train(folder: Path, files: dict[str, Path], split: Split) -> None:
    from gru_viz.checkpoint import save
    from gru_viz.commands.shop_training import trained
    from gru_viz.errors import InputError, quote
    from gru_viz.learn.presets import SHOP_LSTM, SHOP_RNN

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write to {quote(folder)}: {error.strerror}; choose another --out") from None
    for cell, preset in {"rnn": SHOP_RNN, "lstm": SHOP_LSTM}.items():
        save(trained(preset, split, f"{cell}  "), files[cell])


def _measured(models: dict[str, GRU4Rec], split: Split) -> CellStudy:
    import torch

    from gru_viz.commands.cell_measures import study

    torch.set_num_threads(1)
    return study(models, split, measured=note)


def _lines(found: CellStudy) -> list[str]:
    from gru_viz.anatomy import CELLS
    from gru_viz.explain.detours import detours_sentence
    from gru_viz.explain.words import plain

    names = {cell: CELLS[cell].name if cell in CELLS else "a Markov chain" for cell in found.detours}
    lines = [
        f"{names[cell]}: Recall@10 {facts.recall:.1%} of the limit, {facts.parameters:,} parameters, "
        f"{1e6 * facts.step_seconds:.0f} µs a click"
        for cell, facts in found.facts.items()
    ]
    curves = {"the " * (name in CELLS) + names[name]: detours for name, detours in found.detours.items()}
    return [*lines, plain(detours_sentence(curves, found.chance))]
