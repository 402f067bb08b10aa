"""Which model, and which clicks? The arguments that `trace` and `explain` share."""

from __future__ import annotations

import argparse
import csv

from gru_viz.errors import InputError


def add_model_and_session(parser: argparse.ArgumentParser) -> None:
    """MODEL and --session."""
    parser.add_argument("model", metavar="MODEL", help="a .safetensors file, or the folder `train` wrote")
    parser.add_argument(
        "--session",
        required=True,
        metavar="ID,ID,...",
        help="item ids in the order of the clicks; an id with a comma in it goes in double quotes",
    )


def item_ids(text: str) -> list[str]:
    """'a,b' → ["a", "b"], as one line of CSV; ids are taken exactly as written."""
    try:
        (ids,) = csv.reader([text], strict=True)
    except (csv.Error, ValueError):
        raise InputError("the session is not one line of comma-separated item ids; mind the quotes") from None
    if not ids or not all(ids):
        raise InputError("the session has an empty item id; give ids with a comma between two")
    return ids
