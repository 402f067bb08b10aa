"""What runs in a job's process: `python -m gru_viz.jobs.child AT_ONCE FOLDER`.

It does in FOLDER what was asked for there, and tells in files how far it is and how it ended.
Nothing but its end is said to it: it is killed. Ending by itself it becomes next.py, which starts
the job that waits: what it held in memory is free then.
"""

from __future__ import annotations

import errno
import os
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from gru_viz.errors import InputError
from gru_viz.jobs import folder as files
from gru_viz.jobs.folder import job_in
from gru_viz.jobs.kinds import COMPARISON, TRAINING
from gru_viz.jobs.telling import Teller
from gru_viz.no_memory import lacks_memory, too_little_for

OPEN_FILES = "/dev/fd"  # names all that this process has open, by number
NICE = 10  # the pages of those who look come first


def train(folder: Path, teller: Teller) -> None:
    """Imported late: torch takes seconds, and somebody waits to hear that the process is there."""
    from gru_viz.jobs.training import train

    train(folder, teller)


def compare(folder: Path, teller: Teller) -> None:
    from gru_viz.jobs.comparison import compare_models

    compare_models(folder, teller)


WORK: dict[str, Callable[[Path, Teller], None]] = {TRAINING: train, COMPARISON: compare}


def work(folder: Path, kind: str) -> None:
    """Raises whatever goes wrong."""
    import torch

    torch.set_num_threads(1)
    WORK[kind](folder, Teller(folder))


def said(error: BaseException, kind: str) -> str:
    """What went wrong, in one line for people."""
    if isinstance(error, InputError):
        return str(error)
    if lacks_memory(error):
        return too_little_for(kind)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "the disk is full; remove what is done, then go on"
    return f"the {kind} stopped with a fault of the program ({type(error).__name__}); its log has the details"


def main(folder: Path) -> int:
    os.nice(max(0, NICE - os.nice(0)))  # one that another child started is nice already
    if files.read(folder, files.PROCESS) is None:  # whoever started it may have ended too soon
        files.write(folder, files.PROCESS, {"pid": os.getpid(), "at": time.time()})
    job = job_in(folder)
    kind = TRAINING if job is None else job.kind
    state, message = "finished", ""
    try:
        work(folder, kind)
    except Exception as error:
        traceback.print_exc()
        state, message = "failed", said(error, kind)
    files.write(folder, files.END, {"state": state, "message": message, "at": time.time()})
    return int(state == "failed")


def hand_on(at_once: int, root: Path) -> None:
    """Become the process that starts the next job; this job's lock goes in the same instant as its memory."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    for held in map(int, os.listdir(OPEN_FILES)):
        if held > 2:  # neither stdin nor stdout nor stderr
            with suppress(OSError):  # the one through which they were listed is closed by now
                os.set_inheritable(held, False)
    os.execv(sys.executable, [sys.executable, "-m", "gru_viz.jobs.next", str(at_once), str(root)])


if __name__ == "__main__":
    FOLDER = Path(sys.argv[2])
    main(FOLDER)
    hand_on(int(sys.argv[1]), FOLDER.parent)
