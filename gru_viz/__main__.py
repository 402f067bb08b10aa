"""python -m gru_viz COMMAND: what `gru_viz.commands` can do, and how it ends."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from typing import NoReturn

from gru_viz.commands.output import note
from gru_viz.errors import InputError

COMMANDS = ("train", "evaluate", "trace", "explain", "convert", "compare", "sample", "cells", "bench")

BAD_INPUT = 2
INTERRUPTED = 130  # 128 + SIGINT, as a shell has it


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {' '.join(message.split())} (see {self.prog} --help)\n")


def parser() -> argparse.ArgumentParser:
    """All commands that are there."""
    made = _Parser(
        prog="python -m gru_viz",
        description="Train a GRU4Rec on a click log, measure it, and look into its memory.",
        epilog="example: python -m gru_viz train clicks.csv --out my_model",
    )
    subparsers = made.add_subparsers(metavar="COMMAND", required=True)
    for name in COMMANDS:
        if find_spec(f"gru_viz.commands.{name}") is not None:
            importlib.import_module(f"gru_viz.commands.{name}").add_parser(subparsers)
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command. Returns 0, 2 for bad input, 130 after Ctrl-C."""
    args = parser().parse_args(argv)
    try:
        return int(args.run(args))
    except InputError as error:
        note(f"error: {error}")
        return BAD_INPUT
    except KeyboardInterrupt:
        note("interrupted")
        return INTERRUPTED
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
