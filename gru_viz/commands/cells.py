"""Train the sample shop's other cells beside its GRU, and measure what the Cells page shows."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gru_viz.commands.output import emit, emit_json, note

if TYPE_CHECKING:
    from gru_viz.explain.cell_studies import CellStudies
    from gru_viz.explain.cell_study import CellStudy
    from gru_viz.learn.split import Split
    from gru_viz.model import GRU4Rec

EXAMPLE = "example: python -m gru_viz cells --out /tmp/shop"


@dataclass(frozen=True)
class Written:
    """One file of the page: what is in it, and what of it is said on the command line."""

    file: str
    document: dict[str, Any]
    lines: list[str]


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "cells",
        help="train the shop's RNN, LSTM and GRUs of several sizes, and measure them",
        description="Train a vanilla RNN, an LSTM and a GRU with reset before and after, each in several "
        "sizes, on the sample shop, beside the GRU that `sample --model` wrote; a model that reads a session "
        "from both ends; and an RNN whose gradient explodes. Writes the models to cells/, and what was "
        "measured to cells.json, both_ways.json and explosion.json: what the Cells page opens with. Takes "
        "about ten minutes.",
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
        "--measure",
        action="store_true",
        help="measure the models that are there (no explosion: it leaves none); only SASRec learns anew",
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from gru_viz.checkpoint import load
    from gru_viz.commands.shop_training import shop_split
    from gru_viz.whole_file import write_json

    shop = load(args.out)  # before anything is trained: without it there is nothing to compare
    split = shop_split()
    _require_shop(shop.catalog.ids, split.train.catalog.ids)
    parts = [_cells, _both_ways]  # what the page shows, each a file of its own
    if not args.measure:  # an explosion leaves no model that could be measured
        parts.append(_explosion)
    told = []
    for part in parts:
        written = part(args.out, split, not args.measure)
        write_json(args.out / written.file, written.document)
        note(f"wrote {args.out / written.file}")
        told.append(written)
    if args.json:
        documents = {Path(written.file).stem: written.document for written in told}
        emit_json({"out": str(args.out), **documents})
    else:
        for written in told:
            for line in written.lines:
                emit(line)
    return 0


def _require_shop(ids: tuple[str, ...], shop: tuple[str, ...]) -> None:
    from gru_viz.errors import InputError

    if ids != shop:
        raise InputError(
            "the model in --out is not the shop's; `python -m gru_viz sample --model` writes that one"
        )


# --- the cells side by side


def _cells(out: Path, split: Split, train: bool) -> Written:
    """The cells of every size, trained anew where `train`, and the studies of them."""
    import torch

    from gru_viz.checkpoint import load
    from gru_viz.commands.cell_measures import studies
    from gru_viz.explain.cell_studies import FILE, SIZES, model_file
    from gru_viz.explain.cell_study import CELL_ORDER

    files = {(cell, units): model_file(out, cell, units) for units in SIZES for cell in CELL_ORDER}
    if train:
        _train(files, split)
    models: dict[int, dict[str, GRU4Rec]] = {units: {} for units in SIZES}
    for (cell, units), file in files.items():
        models[units][cell] = load(file)
    torch.set_num_threads(1)
    note("SASRec learns for the detours: a minute or two …")
    found = studies(models, split, measured=lambda what: note(f"measured: {what}"))
    return Written(FILE, found.to_dict(), _lines(found))


def _train(files: dict[tuple[str, int], Path], split: Split) -> None:
    """All but the shop's own model, which is there."""
    from gru_viz.checkpoint import FILE_NAME, save
    from gru_viz.commands.shop_training import trained
    from gru_viz.errors import InputError, quote
    from gru_viz.learn.presets import shop_cell

    missing = {which: file for which, file in files.items() if file.name != FILE_NAME}
    folder = next(iter(missing.values())).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write to {quote(folder)}: {error.strerror}; choose another --out") from None
    for number, ((cell, units), file) in enumerate(missing.items(), 1):
        label = f"model {number}/{len(missing)}, {cell} with {units} units  "
        save(trained(shop_cell(cell, units), split, label), file)


def _lines(found: CellStudies) -> list[str]:
    return [line for units, study in found.by_size.items() for line in _lines_of(study, units)]


def _lines_of(study: CellStudy, units: int) -> list[str]:
    from gru_viz.explain.cell_words import cell_name, named
    from gru_viz.explain.detours import detours_sentence
    from gru_viz.explain.words import plain

    lines = [
        f"{cell_name(cell)}, {units} units: Recall@10 {facts.recall:.1%} of the limit, "
        f"{facts.parameters:,} parameters, {1e6 * facts.step_seconds:.0f} µs a click"
        for cell, facts in study.facts.items()
    ]
    curves = {named(name): detours for name, detours in study.detours.items()}
    return [*lines, plain(detours_sentence(curves, study.chance))]


# --- hidden clicks


def _both_ways(out: Path, split: Split, train: bool) -> Written:
    """The model that reads a session from both ends, and how many hidden clicks it finds."""
    from gru_viz.commands.both_ways import both_ways

    return Written(*both_ways(out, split, train))


# --- exploding gradients


def _explosion(out: Path, split: Split, train: bool) -> Written:
    """A training whose gradient explodes, with clipping and without."""
    from gru_viz.commands.explosion_measures import explosion
    from gru_viz.explain.explosion import FILE
    from gru_viz.explain.explosion_words import comparison_sentence
    from gru_viz.explain.words import plain

    found = explosion(split, measured=lambda what: note(f"measured: {what}"))
    return Written(FILE, found.to_dict(), [plain(comparison_sentence(found))])
