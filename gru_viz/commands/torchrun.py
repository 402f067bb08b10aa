"""Who says why a command ends, where torchrun has started it several times?

    torchrun --nproc-per-node 2 -m gru_viz train …

Ours is one line, from the first process of each machine. torchrun then ends the others; it adds a
traceback of its own and a report of the first process that failed, and ends with 1 whatever that
one ended with (`torch.distributed.run.main` raises ChildFailedError): nothing under it can change
that. So its report gets our line, too, with "exitcode: 2".
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from gru_viz.commands.output import note
from gru_viz.errors import quote

GIVE_WAY = 30.0  # seconds; torchrun needs about a tenth of one to end a process when another has failed


def started_by_torchrun() -> bool:
    return "TORCHELASTIC_RUN_ID" in os.environ


def first_of_machine() -> bool:
    """Alone, too, one is the first."""
    return not started_by_torchrun() or os.environ.get("LOCAL_RANK", "0") == "0"


def say_why(line: str) -> None:
    """The line on stderr that a command ends with, and in torchrun's report.

    A process that is not the first of its machine waits to be ended. If that does not happen, the
    first one has no reason to end, and this one says its own.
    """
    if not first_of_machine():
        time.sleep(GIVE_WAY)
        line = f"process {quote(os.environ['LOCAL_RANK'])} of this machine, from 0 on: {line}"
    note(line)
    if started_by_torchrun():
        _report(line)


def end(code: int) -> NoReturn:
    """End this process, all said; one of torchrun's at once.

    Threads of the communication may outlive the interpreter's own end, which then aborts: seen on a
    busy machine after a training that was done ("terminate called without an active exception").
    """
    if not started_by_torchrun():
        sys.exit(code)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _report(line: str) -> None:
    """In the shape that torch's `ErrorHandler` writes and its `ChildFailedError` shows."""
    path = os.environ.get("TORCHELASTIC_ERROR_FILE")
    message = {"message": line, "extraInfo": {"timestamp": str(int(time.time()))}}
    if path:
        with suppress(OSError):  # said it is already
            Path(path).write_text(json.dumps({"message": message}), encoding="utf-8")
