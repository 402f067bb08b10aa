"""What did the comparison find, in plain sentences?"""

from __future__ import annotations

import re

from gru_viz.compare.names import GRU4REC, NAMES
from gru_viz.compare.paired import standing
from gru_viz.compare.values import Compared, Comparison, Difference
from gru_viz.cutoffs import CUTOFF
from gru_viz.explain.words import NBSP, Part, Sentence, plural
from gru_viz.learn.intervals import Interval
from gru_viz.plain_text import shorten

LONGEST_NAME = 40  # characters of a file's name in a sentence
DIGITS, MOST_DIGITS = 3, 8  # of Recall, MRR and their differences; more where a verdict hangs on them


def lead(found: Comparison) -> Sentence:
    """How far GRU4Rec gets on this log, and the best of the others beside it."""
    part = found.whole
    own = next((model for model in map(part.find, GRU4REC) if model is not None), None)
    other = next((model for model in part.ranked if model.name not in GRU4REC), None)
    on = Part(f"On {shorten(found.about.log, LONGEST_NAME) or 'this log'} ")
    if own is None or other is None:
        best = part.ranked[0]
        return (on, *_reaches(found, best), *_alone(found), Part("."))
    said = (on, *_reaches(found, own), Part("; "), Part(NAMES[other.name]), *_also(found, other))
    difference = part.difference(own.name, other.name)
    if difference is None:
        return (*said, Part("."))
    return (*said, *against(difference), Part("."))


def against(one: Difference) -> Sentence:
    """ ": GRU4Rec is above by .012 (.008 to .016)", or that these clicks cannot tell them apart."""
    stands = standing(one.recall_interval)
    away = one.turned if stands == "below" else one
    value, around = with_interval(away.recall, away.recall_interval)
    if stands == "level":
        return (
            Part(": these clicks cannot tell them apart (difference "),
            Part(around, "number"),
            Part(")"),
        )
    return (
        Part(f": GRU4Rec is {stands} by "),
        Part(value, "number"),
        Part(" ("),
        Part(around, "number"),
        Part(")"),
    )


def share(value: float, digits: int = DIGITS) -> str:
    """.945, −.012: Recall, MRR and their differences."""
    text = f"{abs(value):.{digits}f}"
    return ("−" if round(value, digits) < 0 else "") + (text.removeprefix("0"))


def interval(found: Interval) -> str:
    """.641 to .671"""
    return " to ".join(share(end, _digits(found)) for end in found)


def with_interval(value: float, around: Interval) -> tuple[str, str]:
    """A figure and its interval, both with as many digits as the interval needs."""
    return share(value, _digits(around)), interval(around)


def _digits(found: Interval) -> int:
    """So many that no end that is not 0 is written as one.

    Whether an interval holds 0 decides who is better, so −.0002 must not be read as .000.
    """
    ends = [end for end in found if end]
    clear = (n for n in range(DIGITS, MOST_DIGITS) if all(round(end, n) for end in ends))
    return next(clear, MOST_DIGITS)


def of_limit(found: Comparison, model: Compared) -> float | None:
    """Its Recall as a share of what the process that made the clicks reaches; None where nobody knows."""
    limit = found.about.limit
    if limit is None or limit.recall[CUTOFF] <= 0:
        return None
    return model.recall / limit.recall[CUTOFF]


def percent(value: float) -> str:
    """With one digit: the models stand close together."""
    return f"{100 * value:.1f}{NBSP}%"


def seconds(value: float) -> str:
    """How long learning took: under 1 s, 12 s, 3 min, 1.2 h."""
    if value < 1:
        return f"under 1{NBSP}s"
    if value < 90:
        return f"{value:.0f}{NBSP}s"
    return f"{value / 60:.0f}{NBSP}min" if value < 5400 else f"{value / 3600:.1f}{NBSP}h"


def a_prediction(value: float) -> str:
    """How long scoring all items takes: 12 µs, 1.3 ms."""
    if value < 1e-6:
        return f"under 1{NBSP}µs"
    if value < 1e-3:
        return f"{1e6 * value:.0f}{NBSP}µs"
    return f"{1e3 * value:.1f}{NBSP}ms" if value < 1 else f"{value:.1f}{NBSP}s"


def measured_on(found: Comparison) -> str:
    """On what, in one plain line."""
    about = found.about
    test = _spaced(shorten(about.test, LONGEST_NAME))
    stopped = "" if found.complete else " It was stopped before every model was measured."
    return (
        f"{plural(about.predictions, 'prediction')} in {plural(about.test_sessions, 'session')} "
        f"({test}), each among all {about.items:,} items; a tie counts against "
        f"whoever predicts.{stopped}"
    )


def _spaced(text: str) -> str:
    """With a no-break space before each percent sign, as everywhere; files have none."""
    return re.sub(r"(?<=\d)\s*%", f"{NBSP}%", text)


def _reaches(found: Comparison, model: Compared) -> Sentence:
    name = NAMES[model.name]
    return (Part(f"{name} reaches "), *_figure(found, model))


def _figure(found: Comparison, model: Compared) -> Sentence:
    part = of_limit(found, model)
    limit: Sentence = ()
    if part is not None:
        limit = (Part(", "), Part(percent(part), "number"), Part(" of the limit"))
    return (Part(f"Recall@{CUTOFF} "), Part(share(model.recall), "number"), *limit)


def _also(found: Comparison, model: Compared) -> Sentence:
    part = of_limit(found, model)
    limit: Sentence = () if part is None else (Part(", "), Part(percent(part), "number"))
    return (Part(", the best of the others, "), Part(share(model.recall), "number"), *limit)


def _alone(found: Comparison) -> Sentence:
    ranked = found.whole.ranked
    if len(ranked) == 1:
        return ()
    return (Part(", "), Part(NAMES[ranked[1].name]), Part(" "), Part(share(ranked[1].recall), "number"))
