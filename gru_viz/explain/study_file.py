"""What was measured for the Cells page, as a file holds it: what is in it, or why is that nothing?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from gru_viz.errors import InputError, quote

REMEDY = "`python -m gru_viz cells` writes one"
T = TypeVar("T")


def read_study(path: Path, what: str, made: Callable[[Any], T]) -> T:
    """What `made` makes of the JSON in this file. Raises InputError, with the remedy, for anything else.

    what: what the file should be, "a study of ..."
    made: may raise InputError, which is passed on, or any of the errors of a value that is none
    """
    try:
        return made(_json(path))
    except OSError as error:
        raise InputError(f"cannot read {quote(path.name)}: {error.strerror or error}; {REMEDY}") from None
    except InputError as error:
        why = f" ({error})"
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        why = ""
    raise InputError(f"{quote(path.name)} is not {what}{why}; {REMEDY}")


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError):
        raise InputError("it is no JSON") from None
