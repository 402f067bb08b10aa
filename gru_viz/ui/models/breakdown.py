"""Where in a session, and in sessions of which length, is each model good?"""

from __future__ import annotations

import streamlit as st

from gru_viz.compare.names import GRU4REC, NAMES, short_name
from gru_viz.compare.values import Compared, Comparison
from gru_viz.compare.words import share
from gru_viz.cutoffs import CUTOFF
from gru_viz.explain.words import Part, Sentence
from gru_viz.learn.breakdown import Breakdown
from gru_viz.ui.charts import chart, theme
from gru_viz.ui.said import said

_MODEL, _BESIDE = "gru_viz.models.by_model", "gru_viz.models.by_beside"
KINDS = {"position": "prediction", "length": "sessions of length"}


def breakdowns(found: Comparison) -> None:
    """Recall by place in the session and by its length, of one model beside another."""
    ranked = found.whole.ranked
    names = [model.name for model in ranked]
    own = next((names.index(name) for name in GRU4REC if name in names), 0)
    left, right = st.columns(2)
    model = left.selectbox("Model", names, index=own, format_func=short_name, key=_MODEL)
    others = [name for name in names if name != model]
    simple = next((others.index(name) for name in ("markov", "popularity") if name in others), 0)
    beside = right.selectbox(
        "Beside", others, index=simple if others else None, format_func=short_name, key=_BESIDE
    )
    one = found.whole.find(model)
    assert one is not None  # chosen among them
    other = None if beside is None else found.whole.find(beside)
    columns = st.columns(2, gap="large")
    for column, breakdown in zip(columns, one.breakdowns, strict=True):
        with column:
            _one(breakdown, one, other)


def _one(breakdown: Breakdown, model: Compared, other: Compared | None) -> None:
    from gru_viz.figures.quality_breakdown import quality_by

    names = [short_name(model.name)]
    beside = None
    if other is not None:
        same = next(one for one in other.breakdowns if one.by == breakdown.by)
        beside = (short_name(other.name), same)
    words = ends(breakdown, model.name)
    said(words)
    chart(quality_by(breakdown, theme(), CUTOFF, name=names[0], beside=beside), words)


def ends(breakdown: Breakdown, name: str) -> Sentence:
    """Recall in the first and the last bin."""
    first, last = breakdown.bins[0], breakdown.bins[-1]
    kind = KINDS[breakdown.by]
    whose = Part(f"{NAMES[name][:1].upper()}{NAMES[name][1:]}: ")
    start = (whose, Part(share(first.quality.recall[CUTOFF]), "number"), Part(f" at {kind} {first.label}"))
    if breakdown.by == "length":
        start = (*start[:2], Part(f" in {kind} {first.label}"))
    if len(breakdown.bins) == 1:
        return (*start, Part("."))
    return (
        *start,
        Part(", "),
        Part(share(last.quality.recall[CUTOFF]), "number"),
        Part(f" {'at' if breakdown.by == 'position' else 'in those of'} {last.label}."),
    )
