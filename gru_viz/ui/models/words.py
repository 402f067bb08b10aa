"""How does a comparison stand, in plain sentences?"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gru_viz.compare.names import EXPERIMENTS, NAMES
from gru_viz.explain.words import NBSP, plural
from gru_viz.plain_text import shorten
from gru_viz.ui.train.estimate import size
from gru_viz.ui.train.words import duration, waiting_words

if TYPE_CHECKING:
    from gru_viz.compare.values import Comparison
    from gru_viz.jobs import ComparisonStatus
    from gru_viz.jobs.comparison_status import At

STATES = {
    "waiting": "being compared",
    "starting": "being compared",
    "running": "being compared",
    "finished": "compared",
    "cancelled": "cancelled",
    "failed": "failed",
    "lost": "stopped",
}
LONGEST = 28  # characters of a log's name in the choice


def label(run: ComparisonStatus) -> str:
    """The log's name and how the comparison stands, plain text."""
    return f"{shorten(run.name, LONGEST)} · {STATES[run.state]}"


def status_words(run: ComparisonStatus) -> str:
    """What a comparison that is not over does now, in one line."""
    if run.state == "waiting":
        return waiting_words(run.place)
    if run.at is None:
        return "Starts …"
    left = (
        f"about {duration(run.at.seconds_left)} left" if run.at.done else "how long it takes is not known yet"
    )
    return f"{_doing(run.at)} · {left}"


def _doing(at: At) -> str:
    if at.name in EXPERIMENTS:
        return f"For the textbook’s claims: {EXPERIMENTS[at.name]}"
    name = NAMES[at.name]
    of = "" if at.share == 1 else f" from {100 * at.share:.0f}{NBSP}% of the sessions"
    return f"{name[:1].upper()}{name[1:]} learns{of}"


def ended_words(run: ComparisonStatus, found: Comparison | None) -> str:
    """What became of a comparison that did not finish; one line."""
    measured = 0 if found is None else len(found.whole.models)
    if run.state == "cancelled":
        of = f"{measured} of {plural(len(run.models), 'model')}"
        return f"Cancelled; {of} {'is' if measured == 1 else 'are'} finished and kept."
    message = run.message[:1].upper() + run.message[1:]
    return message if message.endswith(".") else f"{message}."


def where_from(run: ComparisonStatus) -> str:
    """Whose results these are, for people; the name of the log as it is."""
    when = time.strftime("%d %b %Y, %H:%M", time.localtime(run.updated)).lstrip("0")
    return f"Compared on this server from {shorten(run.name, 60) or 'a log'}, {when}."


def estimate_words(seconds: float, needed: int, free: int | None) -> str:
    """Time and memory in one line; needed, free: bytes, the latter if known."""
    text = f"About {duration(seconds)} and {size(needed)} of memory on this machine, longer where it is busy."
    if free is not None and needed > free:
        text += f" It has only {size(free)} left: fewer models or a smaller log would fit."
    return text
