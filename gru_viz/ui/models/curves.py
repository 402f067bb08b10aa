"""How good is each model with less to learn from?"""

from __future__ import annotations

import streamlit as st

from gru_viz.compare.names import short_name
from gru_viz.compare.values import Comparison
from gru_viz.compare.words import share
from gru_viz.explain.words import Part, Sentence
from gru_viz.ui.charts import chart, theme
from gru_viz.ui.models.words import LESS_WORDS
from gru_viz.ui.said import said

DRAWN = "Recall@20 of each model against the number of training sessions."
FIRST = ("gru", "fpmc", "sasrec", "markov")
_SHOWN = "gru_viz.models.curves"


def curves(found: Comparison) -> None:
    """Recall against the number of training sessions; nothing to draw where only the whole was learned."""
    if len(found.rounds) < 2:
        st.caption(
            f"Only the whole log was learned from. “{LESS_WORDS}” in the form, or `compare … --shares "
            "0.1,0.3,1` on the command line, measures less of it, too."
        )
        return
    from gru_viz.figures.learning_curves import learning_curves_figure

    names = [model.name for model in found.whole.ranked]
    first = [name for name in names if name in FIRST] or names[:1]
    shown = st.pills(
        "Models", names, selection_mode="multi", default=first, key=_SHOWN, format_func=short_name
    )
    words = sparse_words(found)
    if words is not None:
        said(words)
    if not shown:
        st.caption("Choose a model.")
        return
    chart(learning_curves_figure(found, shown, theme()), words or (Part(DRAWN),))
    st.caption(
        "Fewer sessions are spread evenly over the same time; all are measured on the same held-out clicks."
    )


def sparse_words(found: Comparison) -> Sentence | None:
    """Who is best with the least data that all learned from, and who with all of it.

    None where all learned from the whole alone, as in a comparison that was stopped.
    """
    whole = found.whole
    least = min(
        (part for part in found.rounds if len(part.models) == len(whole.models)),
        key=lambda part: part.sessions,
    )
    if least is whole:
        return None
    poor, rich = least.ranked[0], whole.ranked[0]
    return (
        Part(f"With {least.sessions:,} training sessions {short_name(poor.name)} is first (Recall@20 "),
        Part(share(poor.recall), "number"),
        Part(f"), with all {whole.sessions:,} {short_name(rich.name)} ("),
        Part(share(rich.recall), "number"),
        Part(")."),
    )
