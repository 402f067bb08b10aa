"""Why this item, or why this one and not that one?

Three answers side by side, click by click: where the score was written, which clicks'
inputs add up to it, and what changes when a click is deleted. The first two are exact
accounts, only the third is an experiment; where they disagree the sentence says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gru_viz.explain.click_ledger import click_ledger
from gru_viz.explain.deletion import Deletion, Rerun, deletion
from gru_viz.explain.ledger import Ledger, write_ledger
from gru_viz.explain.score_checks import all_same, check_step
from gru_viz.explain.words import KEEPS, Part, Sentence, number, share, title
from gru_viz.explain.words import click as click_words
from gru_viz.trace import Trace
from gru_viz.weights import Weights

ONLY_DELETION = "the model's feed-forward top is not linear, so there are no ledgers, only deletion"
CANCELS = (
    "what is carried from each click cannot be told: its entries cancel beyond what numbers here can hold"
)
# The click ledger's products can grow from click to click. Of the score, or of 1 where that is less: how
# far its sum may be off, and how large one entry may be, which float32's rounding leaves three digits of.
LARGEST_RESIDUAL, LARGEST_ENTRY = 1e-3, 1e3


@dataclass(frozen=True)
class Why:
    """One item's score after a click, or the difference A − B of two items' scores, over T clicks.

    item, against: item indices of A and B; B is None for one item's score
    write, click:  the ledgers, None where the top is not linear and only deletion applies; `click`
                   also where its entries are too large to cancel to the score
    deletion:      what changes when each click is deleted
    sentence:      what they say together, in plain words
    note:          why a ledger is missing, None where none is
    """

    item: int
    against: int | None
    write: Ledger | None
    click: Ledger | None
    deletion: Deletion
    sentence: Sentence
    note: str | None = None

    def __len__(self) -> int:
        return len(self.deletion)

    @property
    def score(self) -> float:
        """The score, or the difference of scores, of the run that deletion starts from."""
        return self.deletion.score

    def to_dict(self, trace: Trace | None = None) -> dict[str, Any]:
        """As JSON that scripts may rely on: score, write, click, deletion; see DESIGN.md.

        Each number of "deletion" is by how much the score falls without that click; null where
        it is the only click. A ledger that is missing is null, with a note. With its trace also
        item and against (ids) and after_click (1-based).
        """
        write, click = self.write, self.click
        drops = self.deletion.score_drop.tolist()
        return {
            "score": self.score,
            "write": None
            if write is None
            else {"clicks": write.clicks.tolist(), "h0": write.h0, "bias": write.bias},
            "click": None
            if click is None
            else {
                "clicks": click.clicks.tolist(),
                "h0": click.h0,
                "bias": click.bias,
                "candidate_bias": click.candidate_bias,
            },
            **({} if self.note is None else {"note": self.note}),
            "deletion": [None if np.isnan(drop) else drop for drop in drops],
            **({} if trace is None else self._about(trace)),
        }

    def _about(self, trace: Trace) -> dict[str, Any]:
        ids = trace.catalog.ids
        against = None if self.against is None else ids[self.against]
        return {"item": ids[self.item], "against": against, "after_click": len(self)}

    def to_frame(self, trace: Trace) -> pd.DataFrame:
        """A row a click, and where there is a ledger closing rows, so that its column adds up to the score.

        step (1-based, empty in closing rows), item_id, title, written_at, carried_from, drop (nats),
        probability_without, rank_without; and on every row explained_item, against, after_click.
        """
        items, removed = trace.items[: len(self)], self.deletion
        about = self._about(trace)
        rest = len(REST) if self.write is not None else 0
        nothing = np.full(rest, np.nan)

        def column(clicks: np.ndarray) -> np.ndarray:
            return np.concatenate([clicks, nothing])

        def ledger(one: Ledger | None) -> np.ndarray:
            if one is None:
                return np.full(len(self) + rest, np.nan)
            return np.concatenate([one.clicks, [one.h0, one.candidate_bias, one.bias, one.score]])

        return pd.DataFrame(
            {
                "step": pd.array([*range(1, len(self) + 1), *[None] * rest], dtype="Int64"),
                "item_id": [*(trace.catalog.ids[item] for item in items), *[""] * rest],
                "title": [*(trace.catalog.titles[item] for item in items), *REST[:rest]],
                "written_at": ledger(self.write),
                "carried_from": ledger(self.click),
                "drop": column(removed.drop),
                "probability_without": column(removed.probability_without),
                "rank_without": column(removed.rank_without),
                "explained_item": about["item"],
                "against": about["against"],
                "after_click": about["after_click"],
            }
        )

    @property
    def write_agrees(self) -> bool | None:
        """Is the write ledger's top click the one without which the item falls most?

        None where there is nothing to compare.
        """
        return _agrees(self.write, self.deletion)

    @property
    def click_agrees(self) -> bool | None:
        """The same of the click ledger."""
        return _agrees(self.click, self.deletion)


# What belongs to the ledgers' sums and to no click, and the sum.
REST = ("before the first click", "bias of the candidates", "bias of the item", "score")


def why(
    trace: Trace, weights: Weights, item: int, rerun: Rerun, against: int | None = None, step: int = -1
) -> Why:
    """The three answers for the score of `item` after click `step` (0-based).

    With `against`, for the score of `item` minus that of `against`. See `deletion` for `rerun`.
    Raises InputError where the model's scores are not numbers.
    """
    check_step(trace, step)
    removed = deletion(trace, item, rerun, against, step)
    write = click = None
    note: str | None = ONLY_DELETION
    if weights.linear_top:
        write = write_ledger(trace, weights, item, against, step)
        click = click_ledger(trace, weights, item, against, step)
        note = None if _adds_up(click) else CANCELS
        click = click if note is None else None
    sentence = _sentence(trace, item, against, write, click, removed, step)
    return Why(item, against, write, click, removed, sentence, note)


def _adds_up(ledger: Ledger) -> bool:
    """Do the entries leave the score, up to what rounding of entries this large takes away?"""
    size = max(1.0, abs(ledger.score))
    largest = np.abs([*ledger.clicks, ledger.h0, ledger.bias, ledger.candidate_bias]).max()
    # asked so that an entry that is not a number is a no
    return bool(abs(ledger.residual) <= LARGEST_RESIDUAL * size and largest <= LARGEST_ENTRY * size)


def top_click(values: np.ndarray) -> int | None:
    """The click (0-based) with the largest value; None where none is above 0."""
    known = np.where(np.isnan(values), 0, values)
    best = int(np.argmax(known))
    return best if known[best] > 0 else None


def _agrees(ledger: Ledger | None, removed: Deletion) -> bool | None:
    top = top_click(removed.drop)
    return None if ledger is None or top is None else top_click(ledger.clicks) == top


# --- words

WRITTEN, CARRIED = Part("Written at", "column"), Part("Carried from", "column")


def _sentence(
    trace: Trace,
    item: int,
    against: int | None,
    write: Ledger | None,
    click: Ledger | None,
    removed: Deletion,
    step: int,
) -> Sentence:
    subject = _subject(trace, item, against, removed.score)
    if all_same(trace, step):
        return (*subject, Part("All items score the same, so there is nothing to explain."))
    parts = (*subject, *_deleting(trace, removed, against))
    if write is None:
        return (
            *parts,
            Part(" The top is not linear, so the score is no sum over clicks: only deletion applies."),
        )
    if len(removed) == 1:
        return (*parts, Part(" "), number(float(write.clicks[0])), Part(" of it was written at that click."))
    top = top_click(removed.drop)
    if trace.layers[-1].cell not in KEEPS:
        return (*parts, *_one_ledger(trace, click, top))
    return (*parts, *(_entries(trace, write, click) if top is None else _pointing(write, click, top)))


def _subject(trace: Trace, item: int, against: int | None, score: float) -> Sentence:
    if against is None:
        return (title(trace, item), Part(" scores "), number(score), Part(". "))
    where = " above " if score >= 0 else " below "
    other = title(trace, against)
    return (title(trace, item), Part(" scores "), number(abs(score)), Part(where), other, Part(". "))


def _deleting(trace: Trace, removed: Deletion, against: int | None) -> Sentence:
    if len(removed) == 1:
        return (Part("There is only one click, so none can be deleted."),)
    top = top_click(removed.drop)
    if top is None:
        does = "lowers its probability" if against is None else "sets it back"
        return (Part(f"Deleting a click never {does}."),)
    deleted = (Part(", when "), *click_words(trace, top), Part(", is deleted."))
    if against is not None:
        return (Part("It falls back most, by "), number(float(removed.drop[top])), *deleted)
    before, after = share(removed.probability), share(float(removed.probability_without[top]))
    if before == after:
        return (Part("Its probability falls most, within "), before, *deleted)
    return (Part("Its probability falls most, from "), before, Part(" to "), after, *deleted)


def _pointing(write: Ledger, click: Ledger | None, deleted: int) -> Sentence:
    """Whether the ledgers' top clicks are the one whose deletion matters most."""
    written = top_click(write.clicks)
    if click is None:
        return (Part(" "), *_one_points(WRITTEN, written, deleted), Part("; "), *_untold())
    carried = top_click(click.clicks)
    if written == carried == deleted:
        return (
            *(Part(" Both point to it, too: "), number(float(write.clicks[deleted]))),
            *(Part(" was written at it and "), number(float(click.clicks[deleted]))),
            Part(" is carried from it."),
        )
    if deleted in (written, carried):
        return (
            Part(" Only "),
            WRITTEN if written == deleted else CARRIED,
            Part(" points to the same click."),
        )
    if written is None and carried is None:
        return (Part(" No click has written for it, and nothing for it is carried from any."),)
    if written is None:
        return (Part(" No click has written for it; "), CARRIED, Part(" points to another click."))
    if carried is None:
        return (Part(" "), WRITTEN, Part(" points to another click; nothing for it is carried from any."))
    return (Part(" "), WRITTEN, Part(" and "), CARRIED, Part(" both point to another click."))


def _one_ledger(trace: Trace, click: Ledger | None, deleted: int | None) -> Sentence:
    """Of a cell that writes all of its state anew: only one of the ledgers can point to an earlier click."""
    nothing = " is always the last click in a vanilla RNN and says nothing about memory; "
    always: Sentence = (Part(" "), WRITTEN, Part(nothing))
    if click is None:
        return (Part(" "), *_untold(), *always, Part("deletion does."))
    always = (*always, CARRIED, Part(" and deletion do."))
    carried = top_click(click.clicks)
    if deleted is None or carried is None:
        most = _entry(trace, click, " Most is carried from ", " Nothing for it is carried from any")
        return (*most, Part("."), *always)
    same = "the same click." if carried == deleted else "another click."
    return (Part(" "), CARRIED, Part(f" points to {same}"), *always)


def _one_points(column: Part, top: int | None, deleted: int) -> Sentence:
    if top is None:
        return (Part("No click has written for it"),)
    return (column, Part(" points to the same click" if top == deleted else " points to another click"))


def _untold() -> Sentence:
    return (CARRIED, Part(" cannot be told: its entries cancel beyond what numbers here can hold."))


def _entries(trace: Trace, write: Ledger, click: Ledger | None) -> Sentence:
    """Where each ledger puts most, as deletion has nothing to compare it with."""
    written = _entry(trace, write, " Most was written at ", " Nothing was written for it")
    if click is None:
        return (*written, Part("; "), *_untold())
    return (
        *written,
        *_entry(trace, click, "; most is carried from ", "; nothing is carried for it"),
        Part("."),
    )


def _entry(trace: Trace, ledger: Ledger, opening: str, nothing: str) -> Sentence:
    top = top_click(ledger.clicks)
    if top is None:
        return (Part(nothing),)
    return (
        *(Part(opening), *click_words(trace, top), Part(" ("), number(float(ledger.clicks[top]))),
        Part(")"),
    )
