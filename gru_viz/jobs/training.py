"""What does the process of a training do?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from gru_viz.jobs.request import read_request
from gru_viz.jobs.telling import Teller
from gru_viz.learn.device import usual_device
from gru_viz.learn.progress import Progress
from gru_viz.learn.run import checkpoint_bytes, run_in
from gru_viz.model import ModelConfig
from gru_viz.whole_file import clear_temporaries

EPOCHS_BYTES = 2 * 1024**3  # of all epochs' models; beyond, only the kept and the last one are kept


def train(folder: Path, teller: Teller) -> None:
    """Train in `folder` what was asked for there, going on where an earlier process was stopped.

    Raises whatever goes wrong.
    """
    request = read_request(folder)
    clear_temporaries(folder)
    teller.now("preparing the model")
    model = ModelConfig.from_dict(dict(request.model))
    size = request.training.epochs * checkpoint_bytes(model, len(request.parts.train.catalog))
    events = run_in(
        folder,
        request.parts,
        model,
        request.training,
        resume=True,
        device=usual_device(),
        keep_epochs=size <= EPOCHS_BYTES,
    )
    teller.now("measuring the baselines")
    for event in events:
        if not isinstance(event, Progress):
            continue
        if event.batch == event.batches:
            teller.now("measuring the epoch", asdict(event))
        else:
            teller.by_and_by("training", asdict(event))
