"""python -m gru_viz COMMAND: what `gru_viz.commands` can do, and how it ends."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Sequence
from importlib.util import find_spec
from typing import NoReturn

from gru_viz.commands.output import NoOutputError, finish, note, say_no_more
from gru_viz.commands.torchrun import end, first_of_machine, say_why
from gru_viz.errors import InputError
from gru_viz.no_memory import lacks_memory, too_little_for

COMMANDS = ("train", "evaluate", "trace", "explain", "convert", "compare", "sample", "cells", "bench")

BAD_INPUT = 2
INTERRUPTED = 130  # 128 + SIGINT, as a shell has it
WORK = {"train": "training", "compare": "comparison"}  # what a command does, where its name is no word for it


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        say_why(f"{self.prog}: {' '.join(message.split())} (see {self.prog} --help)")
        self.exit(BAD_INPUT)


def parser() -> argparse.ArgumentParser:
    """All commands that are there."""
    made = _Parser(
        prog="python -m gru_viz",
        description="Train a GRU4Rec on a click log, measure it, and look into its memory.",
        epilog="example: python -m gru_viz train clicks.csv --out my_model",
    )
    subparsers = made.add_subparsers(metavar="COMMAND", dest="command", required=True)
    for name in COMMANDS:
        if find_spec(f"gru_viz.commands.{name}") is not None:
            importlib.import_module(f"gru_viz.commands.{name}").add_parser(subparsers)
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command. Returns 0, 2 for bad input, also too large for this machine, 130 after Ctrl-C."""
    command = ""
    try:
        args = _arguments(argv)
        command = args.command
        code = int(args.run(args))
        finish()
        return code
    except InputError as error:
        say_why(f"error: {error}")
        if isinstance(error, NoOutputError):
            say_no_more()
        return BAD_INPUT
    except (MemoryError, RuntimeError) as error:
        if not lacks_memory(error):
            raise
        say_why(f"error: {too_little_for(WORK.get(command, command))}")
        return BAD_INPUT
    except KeyboardInterrupt:
        if first_of_machine():
            note("interrupted")
        return INTERRUPTED
    except BrokenPipeError:  # whoever read our output has seen enough
        say_no_more()
        return 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    try:
        return parser().parse_args(argv)
    except SystemExit:  # what --help said must arrive, too
        finish()
        raise


if __name__ == "__main__":
    end(main())
