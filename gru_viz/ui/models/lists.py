"""What does each model recommend after the same clicks?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

import numpy as np
import streamlit as st

from gru_viz.baselines import ALL, Baseline, fitted
from gru_viz.catalog import Catalog
from gru_viz.compare.names import short_name
from gru_viz.compare.next_items import NextItems, next_items, scores_after
from gru_viz.explain.words import Part, Sentence, plural
from gru_viz.explain.words import title as titled
from gru_viz.plain_text import shorten
from gru_viz.trace import Trace
from gru_viz.ui import state
from gru_viz.ui.cells.loaded import cells
from gru_viz.ui.current import Current
from gru_viz.ui.kept import kept
from gru_viz.ui.memory.walk import walk_view
from gru_viz.ui.said import said
from gru_viz.ui.sources import SAMPLE, LoadedLog, Source, is_shared
from gru_viz.ui.view import LISTS

FIRST = 8  # recommendations of each
MOST_CLICKS = 1_000_000  # that are counted while somebody waits, some seconds
HELD_OUT = 0.1  # of the loaded log, as `compare` has it: counted on the sessions before
LOADED = "loaded"
OTHER_CELLS = ("lstm", "rnn")  # than the loaded model's
TITLE = 60  # characters
_CHOSEN = "gru_viz.models.lists"
NOT_HERE = (
    "BPR-MF, FPMC, SASRec and BERT4Rec take minutes to learn and are not shipped, so they stand in the "
    "leaderboard only."
)


def lists(now: Current) -> None:
    """The session's strip, and a list for each chosen model after the click in view."""
    st.subheader("The same session, side by side", anchor=False)
    if not now.session.items:
        st.caption("Choose a session above, or one item to start from.")
        return
    trace = now.source.record(now.session.items)
    walk_view(now, trace)
    counted, other_cells = _counted(now), _cells(now)
    names = _chosen([LOADED, *other_cells, *(model.name for model in counted)], now)
    made = [_made(name, counted, other_cells, now, trace) for name in names]
    if not made:
        st.caption("Choose a model.")
        return
    clicked = _clicked(now, trace)
    said(found_words(made, trace, now.step, clicked))
    st.html(lists_html(made, trace.catalog, clicked))
    st.caption(_where_from(now.loaded))


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


def _made(
    name: str, counted: Sequence[Baseline], others: Mapping[str, Source], now: Current, trace: Trace
) -> NextItems:
    seen = now.session.items[: now.step + 1]
    if name == LOADED:
        scores = trace.scores[now.step]
    elif name in others:
        scores = others[name].record(seen).scores[-1]
    else:
        scores = scores_after(next(one for one in counted if one.name == name), trace.catalog, seen)
    return next_items(_label(name, now), scores, FIRST, _clicked(now, trace))


def _clicked(now: Current, trace: Trace) -> int | None:
    return int(trace.items[now.step + 1]) if now.step + 1 < len(trace) else None


def _cells(now: Current) -> dict[str, Source]:
    """What ships beside the sample shop's GRU4Rec: the same with other cells."""
    if now.source.key != SAMPLE:
        return {}
    there = cells(now.source).sources
    return {cell: there[cell] for cell in OTHER_CELLS if cell in there}


def _counted(now: Current) -> Sequence[Baseline]:
    """The baselines that count, from the earlier sessions of the loaded log; none of none or a huge one."""
    loaded = now.loaded
    if loaded is None or loaded.log.n_clicks > MOST_CLICKS:
        return ()

    def fit() -> list[Baseline]:
        sessions = max(1, round(len(loaded.log) * (1 - HELD_OUT)))
        return fitted(loaded.log.select(np.arange(sessions)))

    return kept(is_shared(now.source), ("counted", now.source.digest, loaded.log.fingerprint), fit)


def _where_from(loaded: LoadedLog | None) -> str:
    if loaded is None:
        return f"Without a log there is nothing to count; load one to see the {len(ALL)} simple models, too."
    if loaded.log.n_clicks > MOST_CLICKS:
        return f"The simple models are not counted on a page: the log has more than {MOST_CLICKS:,} clicks."
    return (
        "GRU4Rec is the loaded one, not the leaderboard's; models that count did so just now, on the earlier "
        f"{1 - HELD_OUT:.0%} of the loaded sessions. {NOT_HERE}"
    )
