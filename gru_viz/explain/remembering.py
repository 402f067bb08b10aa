"""Does the model use the earlier clicks of this session?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.explain.agreement import kl, log_softmax
from gru_viz.explain.deletion import Rerun
from gru_viz.explain.words import Part, Sentence, title
from gru_viz.explain.words import click as click_words
from gru_viz.frozen import FrozenArrays
from gru_viz.trace import Trace

AGREE = 0.9  # share of the list from which two lists are said to agree


@dataclass(frozen=True, eq=False)
class Remembering(FrozenArrays):
    """The recommendations after a click from the whole session, against those from its last clicks alone.

    last:    (N,) how many of the last clicks the model was shown, rising from 1 to all t of them
    overlap: (N,) share of the k best items that both have, in [0, 1]
    kl:      (N,) KL(whole session ‖ last clicks) of the next-item distributions, in nats
    rank:    (N,) 1-based rank of `item` when only the last clicks are known
    probability: (N,) of `item`
    item:    the item followed: the one really clicked next where there is one, else the first recommended
    clicked: whether `item` was really clicked next
    k:       how long the compared lists are
    """

    last: np.ndarray
    overlap: np.ndarray
    kl: np.ndarray
    rank: np.ndarray
    probability: np.ndarray
    item: int
    clicked: bool
    k: int


def remembering(trace: Trace, rerun: Rerun, step: int = -1, k: int = 10, most: int = 24) -> Remembering:
    """The session up to click `step` (0-based) against its last 1, 2, … clicks, each from an empty memory.

    rerun: called once; only the last click of each trace that comes back is looked at, whose
           scores must be of the whole catalogue, as those of `rerun.last_clicks` are
    most:  how many numbers of last clicks are tried at most: all small ones, then ever wider apart,
           and always the whole session, where everything agrees

    Raises ValueError for a recording with interventions, which the rerun knows nothing of.
    """
    trace.require_no_interventions("the comparison with the last clicks")
    at = range(len(trace))[step]
    items = trace.items[: at + 1]
    last = _numbers(len(items), most)
    shown = rerun([items[-n:] for n in last])
    whole = shown[-1]
    clicked = at + 1 < len(trace)
    item = int(trace.items[at + 1] if clicked else whole.ranking(-1, 1)[0])

    expected = whole.ranking(-1, k)
    log_p = log_softmax(whole.scores[-1:])
    return Remembering(
        last,
        np.array([np.isin(expected, one.ranking(-1, k)).mean() for one in shown]),
        np.array([kl(log_p, log_softmax(one.scores[-1:]))[0] for one in shown]),
        np.array([one.rank(item) for one in shown], dtype=np.int64),
        np.array([one.probability(np.array([item]))[0] for one in shown]),
        item,
        clicked,
        len(expected),
    )


def _numbers(clicks: int, most: int) -> np.ndarray:
    """At most `most` numbers from 1 to `clicks`, rising, the last of them `clicks` itself."""
    if clicks <= most:
        return np.arange(1, clicks + 1)
    small = most // 2
    spaced = np.geomspace(small + 1, clicks, most - small).round().astype(np.int64)
    spaced[-1] = clicks
    return np.concatenate([np.arange(1, small + 1), np.unique(spaced)])


def enough(value: Remembering) -> int:
    """The smallest number of last clicks from which on the lists agree, at all numbers that were tried."""
    short = np.flatnonzero(value.overlap < AGREE)
    return int(value.last[0 if len(short) == 0 else short[-1] + 1])


def remembering_sentence(trace: Trace, value: Remembering, step: int = -1) -> Sentence:
    """What would be recommended from click `step` (0-based) alone, and how many clicks it takes."""
    if value.last[-1] == 1:
        return (Part("There is only one click, so there is nothing earlier to remember."),)
    at = range(len(trace))[step]
    same = Part(f"{round(value.overlap[0] * value.k)} of the same {value.k}", "number")
    return (
        *(Part("Shown only "), *click_words(trace, at), Part(", the model would recommend "), same),
        *(Part(" items, and rank "), *_ranked(trace, value), Part(". "), *_enough(value)),
    )


def _ranked(trace: Trace, value: Remembering) -> Sentence:
    item = title(trace, value.item)
    alone, whole = (Part(str(rank), "number") for rank in value.rank[[0, -1]])
    role = Part(", really clicked next, " if value.clicked else ", now first, ")
    if alone != whole:
        return (item, role, alone, Part(" instead of "), whole)
    return (item, role, whole, Part(" as well")) if value.clicked else (item, Part(" first as well"))


def _enough(value: Remembering) -> Sentence:
    needed, clicks = enough(value), int(value.last[-1])
    if needed == 1:
        return (Part("Earlier clicks hardly change the list."),)
    goal = Part(f"{int(np.ceil(AGREE * value.k))} of {value.k}", "number")
    if needed == clicks:
        which = f"all {clicks} clicks"
    else:  # where numbers were left out, the true one is between two that were tried
        which = f"{'' if len(value.last) == clicks else 'about '}the last {needed} of {clicks} clicks"
    return (Part("It takes "), Part(which), Part(" to agree on "), goal, Part("."))
