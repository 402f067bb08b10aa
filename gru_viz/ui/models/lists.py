"""What does each model recommend after the same clicks?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

import streamlit as st

from gru_viz.catalog import Catalog
from gru_viz.compare.names import short_name
from gru_viz.compare.next_items import NextItems, next_items, scores_after
from gru_viz.explain.words import Part, Sentence, plural
from gru_viz.explain.words import title as titled
from gru_viz.plain_text import shorten
from gru_viz.trace import Trace
from gru_viz.ui import state
from gru_viz.ui.cells.loaded import Cells, cells
from gru_viz.ui.chooser import chooser
from gru_viz.ui.current import Current
from gru_viz.ui.memory.walk import walk_view
from gru_viz.ui.models.counted import Counting, counting
from gru_viz.ui.models.whose import whose_words
from gru_viz.ui.said import said
from gru_viz.ui.sources import SAMPLE
from gru_viz.ui.text import escape_markdown
from gru_viz.ui.view import LISTS

FIRST = 8  # recommendations of each
LOADED = "loaded"
OTHER_CELLS = ("lstm", "rnn")  # than the loaded model's
TITLE = 60  # characters
_CHOSEN = "gru_viz.models.lists"
NOT_HERE = (
    "BPR-MF, FPMC, SASRec and BERT4Rec take minutes to learn and are not shipped, so they stand in the "
    "leaderboard only."
)


def lists(now: Current) -> None:
    """The session and its strip, and a list for each chosen model after the click in view."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader("The same session, side by side", anchor=False, width="content")
        chooser(now)
    if not now.session.items:
        st.caption("Choose a session, or one item to start from.")
        return
    trace = now.source.record(now.session.items)
    walk_view(now, trace)
    counted, others = counting(now), _cells(now)
    beside = [cell for cell in OTHER_CELLS if cell in others.sources]
    names = _chosen([LOADED, *beside, *counted.names], now)
    made = [_made(name, counted, others, now, trace) for name in names]
    if not made:
        st.caption("Choose a model.")
        return
    clicked = _clicked(now, trace)
    said(found_words(made, trace, now.step, clicked))
    st.html(lists_html(made, trace.catalog, clicked))
    whose = whose_words(now, others, [_label(name, now) for name in (LOADED, *beside)])
    st.caption(escape_markdown(" ".join((whose, counted.words, *([NOT_HERE] if counted.names else [])))))


def found_words(made: Sequence[NextItems], trace: Trace, step: int, clicked: int | None) -> Sentence:
    """How many of the models have what was really clicked next among their first."""
    after = (Part(f"After click {step + 1}, "), titled(trace, int(trace.items[step])), Part(", "))
    if clicked is None:
        return (*after, Part("the session ends: nobody knows what would have been clicked next."))
    hits = sum(one.rank is not None and one.rank <= FIRST for one in made)
    of = plural(len(made), "model")
    have = "has" if hits == 1 else "have"
    return (
        *after,
        Part(f"{hits} of {of}", "number"),
        Part(f" {have} the item clicked next, "),
        titled(trace, clicked),
        Part(f", among the first {FIRST}."),
    )


def lists_html(made: Sequence[NextItems], catalog: Catalog, clicked: int | None) -> str:
    """A list for each model; titles are escaped."""
    return f'<div class="gm-lists">{"".join(_list(one, catalog, clicked) for one in made)}</div>'


def _list(one: NextItems, catalog: Catalog, clicked: int | None) -> str:
    rows = [_row(place, item, catalog, item == clicked) for place, item in enumerate(one.items, 1)]
    if clicked is not None and one.rank is not None and one.rank > len(one.items):
        rows.append(_row(one.rank, clicked, catalog, True))
    name = escape(shorten(one.name, TITLE))
    return f'<section class="gm-list"><h4>{name}</h4><ol>{"".join(rows)}</ol></section>'


def _row(place: int, item: int, catalog: Catalog, hit: bool) -> str:
    name = shorten(catalog.titles[item], TITLE) or shorten(catalog.ids[item], TITLE)
    marked = ' class="gm-hit" title="clicked next"' if hit else ""
    sign = " ✓" if hit else ""
    return f"<li{marked}><b>{place:,}</b><span>{escape(name)}{sign}</span></li>"


def _chosen(options: list[str], now: Current) -> list[str]:
    """Which models, as the view has them."""
    first = [name for name in (LOADED, "rnn", "markov", "item_knn") if name in options]
    asked = now.view.lists
    st.session_state[_CHOSEN] = [name for name in (first if asked is None else asked) if name in options]
    st.pills(
        "Models",
        options,
        selection_mode="multi",
        key=_CHOSEN,
        format_func=lambda name: _label(name, now),
        on_change=_choose,
        label_visibility="collapsed",
    )
    return [name for name in options if name in st.session_state[_CHOSEN]]


def _choose() -> None:
    chosen = st.session_state[_CHOSEN]
    state.put(replace(state.held(), lists=tuple(name for name in LISTS if name in chosen)))


def _label(name: str, now: Current) -> str:
    return short_name(now.source.model.config.cell) if name == LOADED else short_name(name)


def _made(name: str, counted: Counting, others: Cells, now: Current, trace: Trace) -> NextItems:
    seen = now.session.items[: now.step + 1]
    if name == LOADED:
        scores = trace.scores[now.step]
    elif name in others.sources:
        scores = others.sources[name].record(seen).scores[-1]
    else:
        scores = scores_after(counted.of(name), trace.catalog, seen)
    return next_items(_label(name, now), scores, FIRST, _clicked(now, trace))


def _clicked(now: Current, trace: Trace) -> int | None:
    return int(trace.items[now.step + 1]) if now.step + 1 < len(trace) else None


def _cells(now: Current) -> Cells:
    """What ships beside the sample shop's GRU4Rec: the same with other cells."""
    return cells(now.source) if now.source.key == SAMPLE else Cells({})
