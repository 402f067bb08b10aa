"""How does a comparison stand, in plain sentences?"""

from __future__ import annotations

import time
from collections.abc import Iterable
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
    "waiting": "waits",
    "starting": "being compared",
    "running": "being compared",
    "finished": "compared",
    "cancelled": "cancelled",
    "failed": "failed",
    "lost": "stopped",
}
LONGEST = 28  # characters of a log's name in the choice
LESS = (1.0, 0.3, 0.1)  # shares of the sessions to learn from, where fewer are asked for, too
LESS_WORDS = f"Also from {' and '.join(f'{100 * share:.0f}{NBSP}%' for share in LESS[1:])} of the sessions"


def label(run: ComparisonStatus, runs: Iterable[ComparisonStatus]) -> str:
    """The log's name, how the comparison stands and, where `runs` has two of the log, when it began."""
    again = sum(other.name == run.name for other in runs) > 1
    began = f" · {_when('%d %b, %H:%M', run.started)}" if again else ""
    return f"{shorten(run.name, LONGEST)} · {STATES[run.state]}{began}"


def _when(form: str, at: float) -> str:
    return time.strftime(form, time.localtime(at)).lstrip("0")


def status_words(run: ComparisonStatus) -> str:
    """What a comparison that is not over does now, in one line."""
    if run.state == "waiting":
        return waiting_words(run.place)
    if run.at is None:
        return "Starts …"
    left = run.at.seconds_left
    known = "how long it takes is not known yet" if left is None else f"about {duration(left)} left"
    return f"{_doing(run.at)} · {known}"


def _doing(at: At) -> str:
    if at.name in EXPERIMENTS:
        return f"For the textbook’s claims: {EXPERIMENTS[at.name]}"
    of = "" if at.share == 1 else f", from {100 * at.share:.0f}{NBSP}% of the sessions"
    return f"Now {NAMES[at.name]}{of}"


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
    when = _when("%d %b %Y, %H:%M", run.updated)
    return f"Compared on this server from {shorten(run.name, 60) or 'a log'}, {when}."


def estimate_words(seconds: float, needed: int, free: int | None) -> str:
    """Time and memory in one line; needed, free: bytes, the latter if known."""
    text = f"About {duration(seconds)} and {size(needed)} of memory on this machine, longer where it is busy."
    if free is not None and needed > free:
        text += f" It has only {size(free)} left: fewer models or a smaller log would fit."
    return text
