"""Which clicks matter for this item, and how much?

The line that is read first: from deletion alone, in terms of the list that a shopper sees,
rank and probability. Clicks are deleted one at a time, so two that can stand in for one
another may both look as if they hardly mattered.
"""

from __future__ import annotations

import numpy as np

from gru_viz.explain.deletion import Deletion
from gru_viz.explain.why import Why
from gru_viz.explain.words import Part, Sentence, number, percent, title
from gru_viz.explain.words import click as click_words
from gru_viz.trace import Trace

# A click matters if without it the item's rank changes by at least a tenth and one place, or else its
# probability by at least a tenth of itself, where it can be seen at all. Of two items, if what one is
# ahead by changes by at least a tenth of itself and by 0.1, which is 1.1 times the odds; or if the other
# one comes to be ahead.
NOTICEABLE = 0.1
SEEN = 0.01  # a probability below this is shown as "under 1 %"
NAMED = 2  # how many clicks are named, at most


def verdict(trace: Trace, why: Why, step: int = -1) -> Sentence:
    """How the item stands after click `step` (0-based), and how it would without the clicks that matter."""
    removed = why.deletion
    if np.isnan(removed.score):
        return (Part("The scores of these items were not kept: they are behind the best ones."),)
    subject = _standing(trace, why)
    if len(removed) == 1:
        only = click_words(trace, range(len(trace))[step])
        return (*subject, Part(" There is only "), *only, Part(", so none can be deleted."))
    helps, hinders = matters(trace, why)
    if helps.any():
        # a drop that is not known leads behind all kept scores
        named = _largest(np.nan_to_num(removed.score_drop, nan=np.inf), helps, NAMED)
        return (*subject, Part(" "), *_without(trace, why, named), *_others(removed, named, helps, hinders))
    if hinders.any():
        named = _largest(-removed.score_drop, hinders, 1)
        opening = Part(" No click helps it noticeably. ")
        return (*subject, opening, *_without(trace, why, named), *_others(removed, named, helps, hinders))
    return (*subject, Part(" No single click matters much: without any one of them "), *_range(trace, why))


def matters(trace: Trace, why: Why) -> tuple[np.ndarray, np.ndarray]:
    """(T,) which clicks help the item noticeably, and (T,) which hold it back; none does both."""
    removed = why.deletion
    drop, change = removed.score_drop, removed.probability_drop
    if why.against is not None:
        overtaken = (removed.score >= 0) != (removed.score - drop >= 0)
        moved = (np.abs(drop) >= NOTICEABLE * max(1, abs(removed.score))) | (overtaken & ~np.isnan(drop))
        return moved & (drop > 0), moved & (drop < 0)
    larger = np.maximum(removed.probability, removed.probability - change)
    noticed = (np.abs(change) >= NOTICEABLE * removed.probability) & (larger >= SEEN)
    lower, higher = _moved(removed, trace.n_scored)
    return lower | (noticed & (change > 0) & ~higher), higher | (noticed & (change < 0) & ~lower)


def _moved(removed: Deletion, kept: int) -> tuple[np.ndarray, np.ndarray]:
    """(T,) without which click the item's rank is noticeably worse, and (T,) better.

    A rank that is not known is behind all `kept` ones: whether it moved among those is not known either.
    """
    if removed.rank is None:
        return np.zeros(len(removed), dtype=bool), removed.rank_without <= kept
    worse = np.nan_to_num(removed.rank_without, nan=np.inf) - removed.rank
    least = max(1, NOTICEABLE * removed.rank)
    return worse >= least, worse <= -least


def _largest(values: np.ndarray, among: np.ndarray, count: int) -> np.ndarray:
    """At most `count` clicks of those in `among`, with the largest values, in the order of the session."""
    order = np.argsort(np.where(among, -values, np.inf), kind="stable")
    return np.sort(order[: min(count, np.count_nonzero(among))])


# --- words


def _standing(trace: Trace, why: Why) -> Sentence:
    item, removed = title(trace, why.item), why.deletion
    if why.against is None:
        return (item, Part(" is "), *_place(trace, removed.rank, removed.probability), Part("."))
    where = " above " if removed.score >= 0 else " below "
    return (
        *(item, Part(" scores "), number(abs(removed.score)), Part(where)),
        *(title(trace, why.against), Part(".")),
    )


def _place(trace: Trace, rank: float | None, probability: float) -> Sentence:
    """ "at rank 12 (2 %)" """
    if rank is None or np.isnan(rank):
        place: Sentence = (Part(f"behind the first {trace.n_scored:,}"),)
    else:
        place = (Part("at "), Part(f"rank {int(rank):,}", "number"))
    known = () if np.isnan(probability) else (Part(" ("), Part(percent(probability), "number"), Part(")"))
    return (*place, *known)


def _gap(gap: float) -> Sentence:
    """ "2.30 above" """
    return (number(abs(gap)), Part(" above" if gap >= 0 else " below"))


def _without(trace: Trace, why: Why, clicks: np.ndarray) -> Sentence:
    """Where the item would be without each of these clicks."""
    removed = why.deletion
    said: Sentence = ()
    for place, click in enumerate(clicks.tolist()):
        opening, verb = ("Without ", ", it would be ") if place == 0 else ("; without ", ", ")
        if why.against is None:
            probability = float(removed.probability - removed.probability_drop[click])
            # what a subtraction leaves of nothing is nothing
            there = _place(trace, float(removed.rank_without[click]), max(probability, 0))
        else:
            there = _gap(float(removed.score - removed.score_drop[click]))
        said = (*said, Part(opening), *click_words(trace, click), Part(verb), *there)
    return (*said, Part("."))


def _others(removed: Deletion, named: np.ndarray, helps: np.ndarray, hinders: np.ndarray) -> Sentence:
    """How many of the clicks that are not named matter, too."""
    other = ~np.isin(np.arange(len(removed)), named)
    unknown = np.isnan(removed.score_drop) & ~helps & ~hinders
    groups = (
        (helps, "matters too", "matter too"),
        (hinders, "holds it back", "hold it back"),
        (unknown, "cannot be told", "cannot be told"),
    )
    total = int(other.sum())
    clicks = "click" if total == 1 else f"{total} clicks"
    counts = [(int((other & which).sum()), one, many) for which, one, many in groups]
    said = [(count, one if count == 1 else many) for count, one, many in counts if count > 0]
    if total == 0:
        return ()
    if not said:
        return (Part(f" The other {clicks} hardly matter{'s' if total == 1 else ''}."),)
    if said[0][0] == total:
        return (Part(f" The other {clicks} {said[0][1]}."),)
    return (Part(f" Of the other {clicks} {' and '.join(f'{count} {does}' for count, does in said)}."),)


def _range(trace: Trace, why: Why) -> Sentence:
    """Between which bounds the item stays, whichever click is deleted."""
    removed = why.deletion
    if why.against is not None:
        scores = np.sort(np.abs(removed.score - removed.score_drop))
        low, high = number(float(scores[0])), number(float(scores[-1]))
        many = (low,) if low == high else (low, Part(" to "), high)
        return (Part("it would be "), *many, Part(" above." if removed.score >= 0 else " below."))
    probability = np.maximum(removed.probability - removed.probability_drop, 0)
    chances = [percent(float(p)) for p in (probability.min(), probability.max())]
    ranks = np.sort(removed.rank_without)
    if np.isnan(ranks).any():
        place = f"behind the first {trace.n_scored:,}"
    elif ranks[0] == ranks[-1]:
        place = f"at rank {int(ranks[0]):,}"
    else:
        place = f"between rank {int(ranks[0]):,} and {int(ranks[-1]):,}"
    return (
        Part("it would be "),
        *(Part(place), Part(" (")),
        *(Part(chances[0] if chances[0] == chances[1] else " to ".join(chances), "number"), Part(").")),
    )
