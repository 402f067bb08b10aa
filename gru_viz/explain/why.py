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
from gru_viz.explain.words import Part, Sentence, number, title
from gru_viz.explain.words import click as click_words
from gru_viz.trace import Trace
from gru_viz.weights import Weights

ONLY_DELETION = "the model's feed-forward top is not linear, so there are no ledgers, only deletion"


@dataclass(frozen=True)
class Why:
    """One item's score after a click, or the difference A − B of two items' scores, over T clicks.

    item, against: item indices of A and B; B is None for one item's score
    write, click:  the ledgers, None where the top is not linear and only deletion applies
    deletion:      what changes when each click is deleted
    sentence:      what they say together, in plain words
    """

    item: int
    against: int | None
    write: Ledger | None
    click: Ledger | None
    deletion: Deletion
    sentence: Sentence

    def __len__(self) -> int:
        return len(self.deletion)

    @property
    def score(self) -> float:
        """The score, or the difference of scores, as recorded."""
        return self.deletion.score

    def to_dict(self) -> dict[str, Any]:
        """As JSON that scripts may rely on: score, write, click, deletion; see DESIGN.md.

        Each number of "deletion" is by how much the score falls without that click; null where
        it is the only click. Ledgers are null, with a note, where the top is not linear.
        """
        write, click = self.write, self.click
        ledgers: dict[str, Any] = {"write": None, "click": None, "note": ONLY_DELETION}
        if write is not None and click is not None:
            ledgers = {
                "write": {"clicks": write.clicks.tolist(), "h0": write.h0, "bias": write.bias},
                "click": {
                    "clicks": click.clicks.tolist(),
                    "h0": click.h0,
                    "bias": click.bias,
                    "candidate_bias": click.candidate_bias,
                },
            }
        drops = self.deletion.score_drop.tolist()
        return {
            "score": self.score,
            **ledgers,
            "deletion": [None if np.isnan(drop) else drop for drop in drops],
        }

    def to_frame(self, trace: Trace) -> pd.DataFrame:
        """A row a click: step (1-based), item_id, title, written_at, carried_from, falls_when_deleted."""
        items = trace.items[: len(self)]
        nothing = np.full(len(self), np.nan)
        return pd.DataFrame(
            {
                "step": np.arange(1, len(self) + 1),
                "item_id": [trace.catalog.ids[item] for item in items],
                "title": [trace.catalog.titles[item] for item in items],
                "written_at": nothing if self.write is None else self.write.clicks,
                "carried_from": nothing if self.click is None else self.click.clicks,
                "falls_when_deleted": self.deletion.score_drop,
            }
        )

    @property
    def write_agrees(self) -> bool | None:
        """Is the write ledger's top click the one whose deletion lowers the score most?

        None where there is nothing to compare.
        """
        return _agrees(self.write, self.deletion)

    @property
    def click_agrees(self) -> bool | None:
        """The same of the click ledger."""
        return _agrees(self.click, self.deletion)


def why(
    trace: Trace, weights: Weights, item: int, rerun: Rerun, against: int | None = None, step: int = -1
) -> Why:
    """The three answers for the score of `item` after click `step` (0-based).

    With `against`, for the score of `item` minus that of `against`. See `deletion` for `rerun`.
    """
    removed = deletion(trace, item, rerun, against, step, weights)
    write = click = None
    if weights.linear_top:
        write = write_ledger(trace, weights, item, against, step)
        click = click_ledger(trace, weights, item, against, step)
    sentence = _sentence(trace, item, against, write, click, removed)
    return Why(item, against, write, click, removed, sentence)


def top_click(values: np.ndarray) -> int | None:
    """The click (0-based) with the largest value; None where none is above 0."""
    known = np.where(np.isnan(values), 0, values)
    best = int(np.argmax(known))
    return best if known[best] > 0 else None


def _agrees(ledger: Ledger | None, removed: Deletion) -> bool | None:
    top = top_click(removed.score_drop)
    return None if ledger is None or top is None else top_click(ledger.clicks) == top


# --- words


def _sentence(
    trace: Trace,
    item: int,
    against: int | None,
    write: Ledger | None,
    click: Ledger | None,
    removed: Deletion,
) -> Sentence:
    if np.isnan(removed.score):
        return (Part("The scores of these items were not kept: they are behind the best ones."),)
    parts = (*_subject(trace, item, against, removed.score), *_deleting(trace, removed, against))
    if write is None or click is None:
        return (
            *parts,
            Part(" The top is not linear, so the score is no sum over clicks: only deletion applies."),
        )
    if len(removed) == 1:
        return (*parts, Part(" "), number(float(write.clicks[0])), Part(" of it was written at that click."))
    return (*parts, *_accounts(trace, write, click, top_click(removed.score_drop)))


def _subject(trace: Trace, item: int, against: int | None, score: float) -> Sentence:
    if against is None:
        return (title(trace, item), Part(" scores "), number(score), Part(". "))
    where = " above " if score >= 0 else " below "
    other = title(trace, against)
    return (title(trace, item), Part(" scores "), number(abs(score)), Part(where), other, Part(". "))


def _deleting(trace: Trace, removed: Deletion, against: int | None) -> Sentence:
    if len(removed) == 1:
        return (Part("There is only one click, so none can be deleted."),)
    top = top_click(removed.score_drop)
    if top is None:
        return (Part(f"Deleting a click never {'lowers that' if against is None else 'sets it back'}."),)
    falls = "That falls most" if against is None else "It falls back most"
    drop = number(float(removed.score_drop[top]))
    return (Part(f"{falls}, by "), drop, Part(", when "), *click_words(trace, top), Part(", is deleted."))


def _accounts(trace: Trace, write: Ledger, click: Ledger, deleted: int | None) -> Sentence:
    """Where each ledger puts most, and whether deletion bears it out."""
    written, carried = top_click(write.clicks), top_click(click.clicks)
    if deleted is not None and written == carried == deleted:
        return (
            *(
                Part(" Both ledgers agree: "),
                number(float(write.clicks[deleted])),
                Part(" was written at it and "),
            ),
            *(number(float(click.clicks[deleted])), Part(" is carried from it.")),
        )
    parts = (
        *(Part(" Most was written at "), *_entry(trace, write, written)),
        *(Part("; most is carried from "), *_entry(trace, click, carried)),
    )
    if deleted is None:
        return (*parts, Part("."))
    agrees = {written: "only the write ledger agrees", carried: "only the click ledger agrees"}
    return (*parts, Part(f": {agrees.get(deleted, 'neither ledger agrees')} with deletion."))


def _entry(trace: Trace, ledger: Ledger, top: int | None) -> Sentence:
    if top is None:
        return (Part("no click"),)
    return (*click_words(trace, top), Part(" ("), number(float(ledger.clicks[top])), Part(")"))
