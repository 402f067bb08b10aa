"""How much better is a hidden click found when what came after it is read, too?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.catalog import Catalog
from gru_viz.explain.score_tables import conservative_ranks, log_softmax
from gru_viz.explain.words import LONGEST_TITLE, Part, Sentence, plural
from gru_viz.frozen import FrozenArrays
from gru_viz.gaps import Gaps
from gru_viz.plain_text import shorten

SIDES = ("before", "both")


@dataclass(frozen=True, eq=False)
class GapRanks(FrozenArrays):
    """Where the item that was clicked stands among all when its click is hidden, for T clicks.

    items:       (T,) what was clicked
    rank:        (2, T) from 1, from what came before alone and from both sides; ties count against it
    probability: (2, T) in [0, 1]
    n_items:     how many it is found among
    """

    items: np.ndarray
    rank: np.ndarray
    probability: np.ndarray
    n_items: int

    def __len__(self) -> int:
        return len(self.items)


def gap_ranks(gaps: Gaps, before: np.ndarray) -> GapRanks:
    """Of both sides, beside a model that reads forwards alone.

    before: (T, n_items) its scores before each click, those of the first from an empty memory
    """
    tables = (before, gaps.scores)
    own = gaps.items[:, None]
    probability = [np.exp(np.take_along_axis(log_softmax(table), own, axis=1)[:, 0]) for table in tables]
    ranks = [conservative_ranks(table, gaps.items) for table in tables]
    return GapRanks(gaps.items, np.stack(ranks), np.stack(probability), gaps.scores.shape[1])


def gap_sentence(ranks: GapRanks, catalog: Catalog) -> Sentence:
    """What reading on changes: at the click that gains most, over all, and at the last."""
    if len(ranks) == 1:
        return (
            Part("This session has one click. With it hidden there is nothing to read on either side; "),
            Part("what is left is the score that its item has with an empty memory, "),
            *_rank(ranks, 1, 0),
            Part("."),
        )
    return (*_most(ranks, catalog), *_all(ranks), *_last(ranks))


def _most(ranks: GapRanks, catalog: Catalog) -> Sentence:
    """The click whose rank improves by the largest factor; the first only where no other's does."""
    gain = ranks.rank[0] / ranks.rank[1]
    later = 1 + int(np.argmax(gain[1:]))
    most = later if gain[later] > 1 else 0
    if gain[most] <= 1:
        return (Part("No hidden click of this session ranks higher when what came after is read, too. "),)
    return (
        Part(f"Hidden click {most + 1}, "),
        _title(catalog, int(ranks.items[most])),
        Part(": "),
        *_rank(ranks, 0, most),
        Part(" from what came before, " if most else " with an empty memory, "),
        *_rank(ranks, 1, most),
        Part(" with what came after. "),
    )


def _all(ranks: GapRanks) -> Sentence:
    before, both = ranks.rank
    higher, lower = int((both < before).sum()), int((both > before).sum())
    return (
        Part(f"Of {plural(len(ranks), 'click')}, "),
        Part(f"{higher}", "number"),
        Part(f" {'ranks' if higher == 1 else 'rank'} higher with both sides and "),
        Part(f"{lower}", "number"),
        Part(" lower. "),
    )


def _last(ranks: GapRanks) -> Sentence:
    return (
        Part("At the last click nothing comes after: "),
        *_rank(ranks, 1, -1),
        Part(" with both ways, "),
        *_rank(ranks, 0, -1),
        Part(" from what came before."),
    )


def _rank(ranks: GapRanks, side: int, click: int) -> Sentence:
    return (Part("rank "), Part(f"{int(ranks.rank[side, click]):,}", "number"))


def _title(catalog: Catalog, item: int) -> Part:
    shown = shorten(catalog.titles[item], LONGEST_TITLE) or shorten(catalog.ids[item], LONGEST_TITLE)
    return Part(shown, "item")
