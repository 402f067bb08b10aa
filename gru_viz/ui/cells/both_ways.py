"""Why not read the session from both ends? Its clicks hidden in turn, what was measured, and why not live."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from gru_viz.errors import InputError
from gru_viz.explain.cell_study import fingerprint
from gru_viz.explain.gap_study import (
    FILE,
    MODEL_FILE,
    WAYS,
    Found,
    GapStudy,
    gap_study_sentence,
    read,
)
from gru_viz.explain.gaps import gap_ranks, gap_sentence
from gru_viz.explain.readout import decode
from gru_viz.explain.words import NBSP, Part
from gru_viz.ui.cells.loaded import not_loaded
from gru_viz.ui.changed import changed
from gru_viz.ui.charts import chart, theme
from gru_viz.ui.current import Current
from gru_viz.ui.frame import remarks
from gru_viz.ui.said import said
from gru_viz.ui.sources import SAMPLE, SAMPLE_DATA, Source

if TYPE_CHECKING:
    from gru_viz.both_ways import BothWays

ITS_USE = r"""
A bidirectional GRU reads the session twice, from its first click on and from its last click back, and
describes click $t$ by both states, $[\overrightarrow h_t, \overleftarrow h_t]$. With a session that is over
that is useful: to label it, to embed it, or to fill in a click that is missing, as BERT4Rec does.
"""

HIDDEN = r"""
The one here fills in. Each click is hidden in turn and found from what came before it and what came after it,
$[\overrightarrow h_{t-1}, \overleftarrow h_{t+1}]$; the hidden click is read by neither.
"""

NOT_LIVE = r"""
**Why it cannot recommend the next click live.** $\overleftarrow h_{t+1}$ is computed from the clicks *after*
$t$, and those are still to come. Live, the backward state is its start, all zeros, and a forward GRU is all
that is left. The zeros even say something that nobody knows live: in training they were seen at the end of a
session only.
"""

NOT_THESE_ITEMS = (
    "The model that ships with this page reads the sample shop's clicks both ways; of the items of the "
    "model in view it knows nothing. With the shop in view its sessions stand here, click by click."
)
PLACES = {"inside": "A click inside a session", "last": "Its last click"}
NAMES = {
    ("inside", "before"): "what came before (the shop's GRU)",
    ("inside", "both"): "both sides",
    ("inside", "live"): "both ways, live: nothing comes after",
    ("last", "before"): "what came before (the shop's GRU)",
    ("last", "both"): "both ways: nothing comes after",
}


@dataclass(frozen=True, eq=False)
class Shipped:
    """The model that reads both ways and what was measured of it, as far as they are there.

    missing: plain texts, what is not there or does not belong together
    """

    model: BothWays | None
    study: GapStudy | None
    missing: tuple[str, ...]


def both_ways(now: Current) -> None:
    """The session in view with each click hidden in turn, and the shop's held-out sessions likewise."""
    st.markdown(ITS_USE)
    if now.source.key != SAMPLE:
        st.caption(NOT_THESE_ITEMS)
        st.markdown(NOT_LIVE)
        return
    shipped = _shipped(now.source)
    remarks(shipped.missing)
    if shipped.model is not None:
        st.markdown(HIDDEN)
        _session(now, shipped.model)
    if shipped.study is not None:
        _measured(shipped.study)
    st.markdown(NOT_LIVE)


def _session(now: Current, model: BothWays) -> None:
    from gru_viz.both_ways import record_gaps
    from gru_viz.figures.both_states import HEADS, both_states_figure
    from gru_viz.figures.both_ways import both_ways_figure

    catalog, items = model.catalog, now.session.items
    gaps = record_gaps(model, items)
    alone = now.source.record(items)
    ranks = gap_ranks(gaps, decode(now.source.weights, alone.layers[-1].h_prev))
    words = gap_sentence(ranks, catalog)
    said(words)
    if len(items) == 1:
        return
    with st.container(key="gru_viz_gaps"):
        left, right = st.columns(2, gap="large")
    with left:
        chart(both_ways_figure(ranks, catalog, theme()), words)
    with right:
        for side, (symbol, name, caption) in HEADS.items():
            chart(both_states_figure(gaps, side, theme()), (Part(f"{name}, {symbol}: {caption}"),))


# --- what was measured


def _measured(study: GapStudy) -> None:
    said(gap_study_sentence(study))
    st.html(_table(study))
    st.caption(
        f"{study.sessions:,} held-out sessions of the shop, every click but the first hidden in turn: "
        f"{study.clicks['inside']:,} inside a session, {study.clicks['last']:,} last ones. In brackets the "
        "95 % interval over resampled sessions; the differences are of the same resamples. "
        "How long both ways were trained was chosen on these same sessions, which flatters them a little."
    )


_MORE = "More than before alone"
_HEAD = ("Read", "Among the first 10", _MORE, "First", _MORE)
_WRAPS = 'style="white-space:normal"'  # on a phone; where there is room nothing does
_NUMBER = 'style="white-space:normal;text-align:right"'


def _table(study: GapStudy) -> str:
    head = "".join(
        f'<th scope="col" {_NUMBER if number else _WRAPS}>{name}</th>' for number, name in enumerate(_HEAD)
    )
    rows = "".join(_place(study, place, ways) for place, ways in WAYS.items())
    return f'<div class="gv-table"><table><thead><tr>{head}</tr></thead>{rows}</table></div>'


def _place(study: GapStudy, place: str, ways: tuple[str, ...]) -> str:
    head = f'<tr><th scope="rowgroup" colspan="{len(_HEAD)}">{PLACES[place]}</th></tr>'
    return f"<tbody>{head}{''.join(_row(study, place, way) for way in ways)}</tbody>"


def _row(study: GapStudy, place: str, way: str) -> str:
    ten, first = (study.found[place, way, cutoff] for cutoff in (10, 1))
    texts = (_share(ten), _more(ten), _share(first), _more(first))
    numbers = "".join(f"<td {_NUMBER}>{escape(text)}</td>" for text in texts)
    return f"<tr><td {_WRAPS}>{NAMES[place, way]}</td>{numbers}</tr>"


def _share(found: Found) -> str:
    low, high = found.interval
    return f"{100 * found.share:.1f}{NBSP}% ({100 * low:.1f} to {100 * high:.1f})"


def _more(found: Found) -> str:
    if found.more is None or found.more_interval is None:
        return ""
    low, high = found.more_interval
    return f"{100 * found.more:+.1f} ({100 * low:+.1f} to {100 * high:+.1f})".replace("-", "−")


# --- what ships


def _shipped(gru: Source) -> Shipped:
    return _loaded(gru, gru.digest, (changed(SAMPLE_DATA / MODEL_FILE), changed(SAMPLE_DATA / FILE)))


@st.cache_resource(max_entries=2, show_spinner="Loading the model that reads both ways …")
def _loaded(_gru: Source, digest: str, when: tuple[int, ...]) -> Shipped:
    del digest, when  # part of the cache's key only
    from gru_viz.both_ways_file import load_both_ways
    from gru_viz.checkpoint import content_hash

    missing: list[str] = []
    file, model, study = SAMPLE_DATA / MODEL_FILE, None, None
    try:
        model = load_both_ways(file)
        if model.catalog.ids != _gru.model.catalog.ids:
            model = None
            raise InputError("the model that reads both ways knows other items than the shop's own model")
    except InputError as error:
        missing.append(not_loaded(error))
    try:
        study = read(SAMPLE_DATA / FILE)
    except InputError as error:
        missing.append(str(error))
    if model is not None and study is not None:
        measured = {"before": fingerprint(_gru.weights), "both": content_hash(file)}
        if measured != study.digests:
            missing.append("The figures are of other weights; `python -m gru_viz cells --measure`")
    return Shipped(model, study, tuple(missing))
