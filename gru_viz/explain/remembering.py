"""Does the model use the earlier clicks of this session?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.explain.deletion import Rerun
from gru_viz.explain.score_checks import all_same
from gru_viz.explain.score_tables import kl, log_softmax
from gru_viz.explain.words import Part, Sentence, plural, says_little, title
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
    """What would be recommended from click `step` (0-based) alone, and how many clicks it takes.

    Where the list is half of the catalogue or more, two lists share much whatever they rank, so only
    the rank is said.
    """
    if value.last[-1] == 1:
        return (Part("There is only one click, so there is nothing earlier to remember."),)
    if all_same(trace, step):
        return (Part("All items score the same here, so there is no list to compare."),)
    at = range(len(trace))[step]
    shown = (Part("Shown only "), *click_words(trace, at), Part(", the model would "))
    if says_little(value.k, len(trace.catalog)):
        return (*shown, Part("put "), *_ranked(trace, value), Part("."))
    same = Part(f"{_shared(value, 0)} of the same {plural(value.k, 'item')}", "number")
    return (
        *(*shown, Part("recommend "), same, Part(" and put "), *_ranked(trace, value)),
        *_enough(value),
    )


def _shared(value: Remembering, place: int) -> int:
    return round(float(value.overlap[place]) * value.k)


def _ranked(trace: Trace, value: Remembering) -> Sentence:
    item = title(trace, value.item)
    alone, whole = (Part(f"rank {rank:,}", "number") for rank in value.rank[[0, -1]].tolist())
    role = Part(", really clicked next, at " if value.clicked else ", now first, at ")
    if alone != whole:
        return (item, role, alone, Part(" instead of "), Part(whole.text.removeprefix("rank "), "number"))
    if not value.clicked:
        return (item, Part(" first either way"))
    return (item, role, whole, Part(" either way"))


def _enough(value: Remembering) -> Sentence:
    agrees = value.overlap >= AGREE
    needed, clicks = enough(value), int(value.last[-1])
    if agrees[0]:
        nearly = "" if value.overlap[0] == 1 else "nearly "
        alone = Part(f"; with the last click alone the list is {nearly}the same")
        return (alone, *_again(value, agrees))
    before = int(np.searchsorted(value.last, needed)) - 1
    fewer, shared = int(value.last[before]), _shared(value, before)
    every = "both clicks" if clicks == 2 else f"all {clicks} clicks"
    of = every if needed == clicks else f"the last {needed} of {clicks} clicks"
    less = Part(f"{shared} of {value.k}", "number")
    return (
        Part(f". Only with {of} does it recommend nearly the same; with {fewer} it shares "),
        *(less, Part(".")),
    )


def _again(value: Remembering, agrees: np.ndarray) -> Sentence:
    """Where more clicks make the lists differ that agreed with one."""
    differ = value.last[~agrees]
    if len(differ) == 0:
        return (Part("."),)
    first, last = int(differ[0]), int(differ[-1])
    # between two numbers at which the lists differ there may be some at which they agree
    gapless = bool(
        (~agrees[np.searchsorted(value.last, first) : np.searchsorted(value.last, last) + 1]).all()
    )
    if first == last:
        which = plural(first, "click")
    else:
        which = f"{first} to {last} clicks" if gapless else f"some numbers from {first} to {last} clicks"
    return (Part(f"; with {which} the lists differ again."),)
