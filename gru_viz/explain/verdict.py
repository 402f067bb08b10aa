"""Which clicks matter for this item, and how much?

The line that is read first: from deletion alone, in terms of the list that a shopper sees,
rank and probability, and of two items how many times as likely one is as the other. Clicks
are deleted one at a time, so two that can stand in for one another may both look as if they
hardly mattered.
"""

from __future__ import annotations

import math

import numpy as np

from gru_viz.explain.deletion import Deletion
from gru_viz.explain.odds import EQUAL, MOST, times
from gru_viz.explain.score_checks import all_same
from gru_viz.explain.why import Why
from gru_viz.explain.words import Part, Sentence, percent, title
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
    if all_same(trace, step):
        return (Part("All items score the same here, so none is recommended before another."),)
    subject = _standing(trace, why)
    if len(removed) == 1:
        only = click_words(trace, range(len(trace))[step])
        return (*subject, Part(" There is only "), *only, Part(", so none can be deleted."))
    helps, hinders = matters(why)
    if helps.any():
        named = _largest(removed.drop, helps, NAMED)
        return (*subject, Part(" "), *_without(trace, why, named), *_others(named, helps, hinders))
    if hinders.any():
        named = _largest(-removed.drop, hinders, 1)
        opening = Part(" No click helps it noticeably. ")
        return (*subject, opening, *_without(trace, why, named), *_others(named, helps, hinders))
    return (*subject, Part(" No single click matters much: without any one of them "), *_range(trace, why))


def matters(why: Why) -> tuple[np.ndarray, np.ndarray]:
    """(T,) which clicks help the item noticeably, and (T,) which hold it back; none does both."""
    removed = why.deletion
    drop = removed.drop
    if why.against is not None:
        without = removed.score - drop
        equal = np.maximum(np.abs(without), abs(removed.score)) <= EQUAL
        overtaken = ((removed.score >= 0) != (without >= 0)) & ~equal
        moved = (np.abs(drop) >= NOTICEABLE * max(1, abs(removed.score))) | overtaken
        return moved & (drop > 0), moved & (drop < 0)
    change = removed.probability_drop
    larger = np.maximum(removed.probability, removed.probability_without)
    noticed = (np.abs(change) >= NOTICEABLE * removed.probability) & (larger >= SEEN)
    worse = removed.rank_without - removed.rank
    least = max(1, NOTICEABLE * removed.rank)
    lower, higher = worse >= least, worse <= -least
    return lower | (noticed & (change > 0) & ~higher), higher | (noticed & (change < 0) & ~lower)


def _largest(values: np.ndarray, among: np.ndarray, count: int) -> np.ndarray:
    """At most `count` clicks of those in `among`, with the largest values, in the order of the session."""
    order = np.argsort(np.where(among, -values, np.inf), kind="stable")
    return np.sort(order[: min(count, np.count_nonzero(among))])


# --- words


def _standing(trace: Trace, why: Why) -> Sentence:
    item, removed = title(trace, why.item), why.deletion
    if why.against is None:
        return (item, Part(" is at "), *_place(removed.rank, removed.probability), Part("."))
    other = title(trace, why.against)
    if abs(removed.score) <= EQUAL:
        return (item, Part(" is about as likely as "), other, Part("."))
    leader, second = (item, other) if removed.score > 0 else (other, item)
    opening = " is " if abs(removed.score) > math.log(MOST) else " is about "
    return (leader, Part(opening), _odds(removed.score), Part(" times as likely as "), second, Part("."))


def _place(rank: int, probability: float) -> Sentence:
    """ "rank 12 (2 %)" """
    chance = Part(percent(probability), "number")
    return (Part(f"rank {rank:,}", "number"), Part(" ("), chance, Part(")"))


def _odds(gap: float) -> Part:
    """How many times as likely is what is ahead?"""
    return Part(times(gap), "number")


def _without(trace: Trace, why: Why, clicks: np.ndarray) -> Sentence:
    """Where the item would be without each of these clicks."""
    said: Sentence = ()
    before: str | int | None = None if why.against is None else _leader(why, why.deletion.score)
    for click in clicks.tolist():
        opening = Part("; without " if said else "Without ")
        there: Sentence
        if why.against is None:
            verb, there = _moves(why.deletion, click)
            there = there if verb == before else (Part(verb), *there)
            before = verb
        else:
            gap = float(why.deletion.score - why.deletion.drop[click])
            there, before = _leads(trace, why, gap, before), _leader(why, gap)
        said = (*said, opening, *click_words(trace, click), Part(", "), *there)
    return (*said, Part("."))


def _moves(removed: Deletion, click: int) -> tuple[str, Sentence]:
    """("it would drop ", "to rank 12 (2 %)"), or how the item stays where it is."""
    rank, probability = int(removed.rank_without[click]), float(removed.probability_without[click])
    if rank != removed.rank:
        verb = "it would drop " if rank > removed.rank else "it would rise "
        return verb, (Part("to "), *_place(rank, probability))
    place = "first" if rank == 1 else f"at rank {rank:,}"
    now, then = percent(removed.probability), percent(probability)
    instead = () if now == then else (Part(" instead of "), Part(now, "number"))
    return "it would stay ", (Part(f"{place}, with "), Part(then, "number"), *instead)


def _leader(why: Why, gap: float) -> int | None:
    """Which of the two items is ahead; None where they are about as likely."""
    if abs(gap) <= EQUAL:
        return None
    return why.item if gap > 0 else why.against


def _leads(trace: Trace, why: Why, gap: float, before: str | int | None) -> Sentence:
    """ "13 times" where the item that was last said to lead leads here, too; else which would."""
    leader = _leader(why, gap)
    if leader is None:
        return (Part("they would be about as likely"),)
    if leader == before:
        return (_odds(gap), Part(" times"))
    still = " would still lead, " if leader == _leader(why, why.deletion.score) else " would lead, "
    return (title(trace, leader), Part(still), _odds(gap), Part(" times as likely"))


def _others(named: np.ndarray, helps: np.ndarray, hinders: np.ndarray) -> Sentence:
    """Which of the clicks that are not named matter, too: how many, or which where it is one."""
    other = ~np.isin(np.arange(len(helps)), named)
    total = int(other.sum())
    if total == 0:
        return ()
    said = [
        _group(np.flatnonzero(other & which), total, *words)
        for which, words in ((helps, ("matters", "matter", " too")), (hinders, ("holds", "hold", " it back")))
        if (other & which).any()
    ]
    if not said:
        clicks = "click hardly matters" if total == 1 else f"{total} clicks hardly matter"
        return (Part(f" The other {clicks}."),)
    text = "; ".join(said)
    return (Part(f" {text[0].upper()}{text[1:]}."),)


def _group(clicks: np.ndarray, total: int, one: str, many: str, rest: str) -> str:
    """ "click 5 matters too", "2 of the other 7 clicks matter too" """
    if len(clicks) == 1:
        return f"click {clicks[0] + 1} {one}{rest}"
    count = "the" if len(clicks) == total else f"{len(clicks)} of the"
    return f"{count} other {total} clicks {many}{rest}"


def _range(trace: Trace, why: Why) -> Sentence:
    """Between which bounds the item stays, whichever click is deleted."""
    removed = why.deletion
    if why.against is not None:
        gaps = removed.score - removed.drop
        if abs(removed.score) <= EQUAL or np.abs(gaps).min() <= EQUAL:
            return (Part("that would hardly change."),)
        low, high = (_odds(float(gap)) for gap in np.sort(np.abs(gaps))[[0, -1]])
        many = (low,) if low == high else (low, Part(" to "), high)
        return (Part("it would be "), *many, Part(" times as likely."))
    chances = [percent(float(p)) for p in np.sort(removed.probability_without)[[0, -1]]]
    best, worst = (int(rank) for rank in np.sort(removed.rank_without)[[0, -1]])
    place = f"at rank {best:,}" if best == worst else f"between rank {best:,} and {worst:,}"
    return (
        *(Part("it would be "), Part(place), Part(" (")),
        *(Part(chances[0] if chances[0] == chances[1] else " to ".join(chances), "number"), Part(").")),
    )
