"""With which model and log was the app started?

streamlit run app.py -- --model runs/mine --log clicks.csv
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Launch:
    """Paths given on the command line; None where nothing was given.

    runs:  where trainings are kept
    error: what was wrong with the arguments, or None
    """

    model: str | None = None
    log: str | None = None
    runs: str | None = None
    error: str | None = None


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        # a page must not exit: it says what is wrong and shows the sample shop
        raise ValueError(message)


def parse(arguments: list[str]) -> Launch:
    """The launch that these arguments describe; a bad one becomes its `error`."""
    parser = _Parser(add_help=False)
    for name in ("--model", "--log", "--runs"):
        parser.add_argument(name)
    try:
        found = parser.parse_args(arguments)
    except ValueError as error:
        return Launch(error=f"{error}; the app takes --model DIR, --log FILE and --runs DIR after a --")
    return Launch(found.model, found.log, found.runs)


@cache
def launch() -> Launch:
    """This server's launch."""
    return parse(sys.argv[1:])
