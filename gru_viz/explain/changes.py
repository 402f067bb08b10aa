"""What is different between two recordings: what is recommended, and what is held?

The reference and a variant of it: an edited session, or the same one with a gate or a state
forced. Both are what the model does; which of the changes matter is for the reader to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gru_viz.explain.score_tables import kl, log_softmax
from gru_viz.explain.words import Part, Sentence, number, share, title
from gru_viz.frozen import FrozenArrays
from gru_viz.trace import Trace


@dataclass(frozen=True, eq=False)
class Changes(FrozenArrays):
    """Two next-item lists side by side; row 0 is the reference, row 1 the variant.

    items:       (K,) the k best items of either, in the reference's order, then in the variant's
    rank:        (2, K) 1-based ranks; NaN where an item is behind all kept scores
    probability: (2, K) softmax over the whole catalogue; NaN where its score was not kept
    overlap:     share of the k best items that both have, in [0, 1]
    kl:          KL(reference ‖ variant) of the next-item distributions, in nats; NaN where a
                 catalogue is so large that not all scores are recorded
    item:        the item that is followed
    course:      its probability after every click of the reference and of the variant, up to
                 the compared steps; (T,) and (T',)
    k:           how long the compared lists are
    steps:       the two clicks, 0-based
    """

    items: np.ndarray
    rank: np.ndarray
    probability: np.ndarray
    overlap: float
    kl: float
    item: int
    course: tuple[np.ndarray, np.ndarray]
    k: int
    steps: tuple[int, int]


def changes(
    reference: Trace,
    variant: Trace,
    steps: tuple[int, int] = (-1, -1),
    k: int = 10,
    item: int | None = None,
) -> Changes:
    """How the recommendations after click steps[1] of the variant differ from those of the reference.

    item: which one to follow; the reference's first if None
    Raises ValueError for two catalogues.
    """
    if reference.catalog != variant.catalog:
        raise ValueError("only recordings over one catalogue can be compared")
    pair = (reference, variant)
    last = (range(len(reference))[steps[0]], range(len(variant))[steps[1]])
    k = min(k, reference.n_scored, variant.n_scored)
    best = [trace.ranking(step, k) for trace, step in zip(pair, last, strict=True)]
    items = np.array(list(dict.fromkeys([*best[0].tolist(), *best[1].tolist()])), dtype=np.int64)
    rank = np.array([[_rank(t, i, step) for i in items] for t, step in zip(pair, last, strict=True)])
    probability = np.array([t.probability(items, step) for t, step in zip(pair, last, strict=True)])
    overlap = len(set(best[0].tolist()) & set(best[1].tolist())) / k
    divergence = _kl(reference, variant, last)
    followed = int(best[0][0]) if item is None else item
    course = (_course(reference, followed, last[0]), _course(variant, followed, last[1]))
    return Changes(items, rank, probability, overlap, divergence, followed, course, k, last)


def _rank(trace: Trace, item: int, step: int) -> float:
    rank = trace.rank(item, step)
    return np.nan if rank is None else rank


def _kl(reference: Trace, variant: Trace, steps: tuple[int, int]) -> float:
    if reference.scored is not None or variant.scored is not None:
        return float("nan")
    p, q = (log_softmax(t.scores[[step]]) for t, step in zip((reference, variant), steps, strict=True))
    return float(kl(p, q)[0])


def _course(trace: Trace, item: int, last: int) -> np.ndarray:
    """(last + 1,) probability of `item` after each click."""
    if trace.scored is None:
        return np.exp(trace.scores[: last + 1, item].astype(np.float64) - trace.log_normalizer[: last + 1])
    return np.array([trace.probability(np.array([item]), step)[0] for step in range(last + 1)])


# --- what is held


@dataclass(frozen=True, eq=False)
class HeldDifferences(FrozenArrays):
    """What one layer held in the variant minus what it held in the reference, click by click.

    clicks: (P, 2) the clicks that stand for each other, 0-based: reference, variant
    values: (P, H) each, by quantity; gates in [−1, 1], candidate and h in [−2, 2]
    """

    clicks: np.ndarray
    values: Mapping[str, np.ndarray]


def held_differences(reference: Trace, variant: Trace, layer: int = -1) -> HeldDifferences:
    """The differences of layer `layer` at the clicks that both sessions have.

    Exactly 0 where nothing was changed yet. Raises ValueError for layers of other sizes.
    """
    ours, theirs = reference.layers[layer], variant.layers[layer]
    if ours.units != theirs.units:
        raise ValueError("only layers with the same number of units can be compared")
    clicks = same_clicks(reference.items, variant.items)
    quantities = theirs.quantities()
    return HeldDifferences(
        clicks,
        {
            name: quantities[name][clicks[:, 1]] - values[clicks[:, 0]]
            for name, values in ours.quantities().items()
            if name in quantities
        },
    )


def same_clicks(reference: np.ndarray, variant: np.ndarray) -> np.ndarray:
    """(P, 2) which clicks of two sessions stand for each other.

    In sessions of one length those in the same place on the same item; else the clicks that
    both begin with and then those that both end with. So after one click was deleted, inserted,
    repeated, replaced or swapped all others are found; after a move those outside its way.
    """
    a, b = len(reference), len(variant)
    if a == b:
        places = np.flatnonzero(reference == variant)
        return np.stack([places, places], axis=1)
    shorter = min(a, b)
    differs = np.flatnonzero(reference[:shorter] != variant[:shorter])
    begin = int(differs[0]) if len(differs) else shorter
    backwards = np.flatnonzero(reference[::-1][: shorter - begin] != variant[::-1][: shorter - begin])
    end = int(backwards[0]) if len(backwards) else shorter - begin
    first, last = np.arange(begin), np.arange(end)
    return np.concatenate(
        [np.stack([first, first], axis=1), np.stack([a - end + last, b - end + last], axis=1)]
    )


# --- words


def changes_sentence(reference: Trace, variant: Trace, changes: Changes) -> Sentence:
    """What comes first now, how much of the list is the same, and where the followed item went."""
    first = [
        int(trace.ranking(step, 1)[0])
        for trace, step in zip((reference, variant), changes.steps, strict=True)
    ]
    both = f"{round(changes.overlap * changes.k)} of {changes.k}"
    said = (*_first(variant, first, changes), Part("; "), Part(both, "number"), Part(" best items stay"))
    if changes.item == first[0] == first[1]:
        return (*said, Part("."))
    return (*said, Part(". "), *_following(reference, variant, changes))


def distance_sentence(changes: Changes) -> Sentence:
    """How far the two lists' probabilities are apart; empty where not all scores were kept."""
    if np.isnan(changes.kl):
        return ()
    return (
        Part("How far all probabilities moved: KL divergence "),
        *(number(changes.kl), Part(" nats, 0 where none did.")),
    )


def _first(variant: Trace, first: list[int], changes: Changes) -> Sentence:
    before, now = (
        share(float(changes.probability[row, changes.items == item][0])) for row, item in enumerate(first)
    )
    if first[0] == first[1]:
        instead = () if now == before else (Part(" instead of "), before)
        return (title(variant, first[0]), Part(" stays first, at "), now, *instead)
    rank = variant.rank(first[0], changes.steps[1])
    fell = f"behind the first {variant.n_scored:,}" if rank is None else f"to rank {rank:,}"
    return (
        *(title(variant, first[1]), Part(" ("), now, Part(") comes first instead of ")),
        *(title(variant, first[0]), Part(f", which falls {fell}")),
    )


def _following(reference: Trace, variant: Trace, changes: Changes) -> Sentence:
    before, after = (float(course[-1]) for course in changes.course)
    item = title(reference, changes.item)
    if np.isnan(before) or np.isnan(after):
        return (item, Part(" is behind the kept scores in at least one of them."))
    if share(before) != share(after):
        return (item, Part(" goes from "), share(before), Part(" to "), share(after), Part("."))
    was, now = (t.rank(changes.item, at) for t, at in zip((reference, variant), changes.steps, strict=True))
    moved = "" if was == now else f" (rank {was:,} to {now:,})"
    stays = " stays at " if 0.01 <= before <= 0.99 else " stays "  # "stays under 1 %"
    return (item, Part(stays), share(before), Part(f"{moved}."))
