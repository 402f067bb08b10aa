"""What runs in a job's process: `python -m gru_viz.jobs.child FOLDER`.

It trains in FOLDER what was asked for there, goes on where an earlier process was stopped, and
tells in files how far it is and how it ended. Nothing but its end is said to it: it is killed.
"""

from __future__ import annotations

import errno
import os
import sys
import time
import traceback
from dataclasses import asdict
from pathlib import Path

from gru_viz.errors import InputError
from gru_viz.jobs import folder as files
from gru_viz.jobs.request import read_request
from gru_viz.learn.progress import Progress

NICE = 10  # the pages of those who look come first
BETWEEN = 0.2  # seconds between two words on progress
EPOCHS_BYTES = 2 * 1024**3  # of all epochs' models; beyond, only the kept and the last one are kept
NO_MEMORY = "there is not enough memory for this training; use fewer units, a smaller batch or a smaller log"


class Teller:
    """Writes progress.json, but not more often than anyone can read."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.told = folder, 0.0

    def now(self, doing: str, progress: Progress | None = None) -> None:
        self.told = time.monotonic()
        known = None if progress is None else asdict(progress)
        files.write(self.folder, files.PROGRESS, {"doing": doing, "progress": known, "at": time.time()})

    def batch(self, progress: Progress) -> None:
        if progress.batch == progress.batches:
            self.now("measuring the epoch", progress)
        elif time.monotonic() - self.told >= BETWEEN:
            self.now("training", progress)


def train(folder: Path) -> None:
    """Raises whatever goes wrong."""
    request = read_request(folder)
    import torch

    from gru_viz.learn.run import checkpoint_bytes, run_in
    from gru_viz.model import ModelConfig

    torch.set_num_threads(1)
    teller = Teller(folder)
    teller.now("preparing the model")
    model = ModelConfig.from_dict(dict(request.model))
    size = request.training.epochs * checkpoint_bytes(model, len(request.parts.train.catalog))
    events = run_in(
        folder,
        request.parts,
        model,
        request.training,
        resume=True,
        device="cuda" if torch.cuda.is_available() else "cpu",
        keep_epochs=size <= EPOCHS_BYTES,
    )
    teller.now("measuring the baselines")
    for event in events:
        if isinstance(event, Progress):
            teller.batch(event)


def said(error: BaseException) -> str:
    """What went wrong, in one line for people."""
    if isinstance(error, InputError):
        return str(error)
    # torch raises a RuntimeError where it gets no memory
    if isinstance(error, MemoryError) or "allocate memory" in str(error):
        return NO_MEMORY
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "the disk is full; remove trainings that are done, then continue"
    return (
        f"the training stopped with a fault of the program ({type(error).__name__}); its log has the details"
    )


def main(folder: Path) -> int:
    os.nice(NICE)
    if files.read(folder, files.PROCESS) is None:  # whoever started it may have ended too soon
        files.write(folder, files.PROCESS, {"pid": os.getpid(), "at": time.time()})
    state, message = "finished", ""
    try:
        train(folder)
    except Exception as error:
        traceback.print_exc()
        state, message = "failed", said(error)
    files.write(folder, files.END, {"state": state, "message": message, "at": time.time()})
    return int(state == "failed")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
