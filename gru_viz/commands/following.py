"""How does a person at a terminal follow a training?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from gru_viz.commands.progress import Bar
from gru_viz.learn.progress import Progress

Done = TypeVar("Done")


def follow(run: Iterator[Progress | Done]) -> Iterator[Done]:
    """The epochs of a training, with a progress bar on stderr between them."""
    bar = Bar()
    try:
        for event in run:
            if isinstance(event, Progress):
                label = f"epoch {event.epoch}"
                bar.update(label, event.batch, event.batches, event.events_per_s, event.seconds_left)
            else:
                bar.clear()
                yield event
    finally:
        bar.clear()
