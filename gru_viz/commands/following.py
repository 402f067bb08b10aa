"""How does a person at a terminal follow a training?"""

from __future__ import annotations

from collections.abc import Iterator

from gru_viz.commands.progress import Bar
from gru_viz.learn.trainer import Epoch, Progress


def follow(run: Iterator[Progress | Epoch]) -> Iterator[Epoch]:
    """The epochs of a training, with a progress bar on stderr between them."""
    bar = Bar()
    try:
        for event in run:
            if isinstance(event, Epoch):
                bar.clear()
                yield event
            else:
                label = f"epoch {event.epoch}"
                bar.update(label, event.batch, event.batches, event.events_per_s, event.seconds_left)
    finally:
        bar.clear()
