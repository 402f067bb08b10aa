"""What stands round every page: name, model, the person's own files, facts.

Pages call `frame` themselves, first of all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gru_viz.anatomy import CELLS
from gru_viz.errors import InputError
from gru_viz.explain.words import NBSP, power_of_ten
from gru_viz.ui import state
from gru_viz.ui.navigation import links, rejoin
from gru_viz.ui.resolve import first_session
from gru_viz.ui.sources import (
    SAMPLE,
    LoadedLog,
    Source,
    add_log,
    add_model,
    default_model,
    drop_log,
    drop_model,
    sessions_of,
    sources,
    troubles,
)
from gru_viz.ui.startup import start
from gru_viz.ui.stories import stories
from gru_viz.ui.text import escape_markdown
from gru_viz.ui.train.as_source import reopen
from gru_viz.ui.view import choose_model

_UPLOADED = "gru_viz.uploaded_model"  # key of the model that the uploader's file became
_CSS = (Path(__file__).parent / "page.css").read_text("utf-8")
SIDEBAR = 256  # pixels: the facts fit, and the page keeps its width
_CHOICE = "gru_viz.model_choice"


def configure() -> None:
    """Page title and layout; once per run, before anything is drawn."""
    st.set_page_config(page_title="gru_viz", page_icon="🧭", layout="wide", initial_sidebar_state=SIDEBAR)
    start()


def frame(title: str) -> tuple[Source, DeltaGenerator]:
    """Draw the title and the sidebar; the model to show, and the title's row for a page's own buttons.

    The title comes first: it stands there while the model is being loaded. Stops the page
    where the server has no model at all.
    """
    rejoin()
    state.arrive(title)
    st.html(f"<style>{_CSS}</style>")
    head = st.container(horizontal=True, vertical_alignment="center", gap="small")
    head.title(title, anchor=False, width="content")
    with st.sidebar:
        st.markdown("### gru_viz")
        links()
        source = _model()
        _own_files()
    return source, head


def remarks(notes: Sequence[str]) -> None:
    """What could not be done as asked, in one quiet box.

    The box's place is there even when it is empty: a page whose elements move would
    mount its stepper anew.
    """
    with st.container():
        if notes:
            st.info("  \n".join(escape_markdown(note) for note in notes))


def _model() -> Source:
    reopen(state.get().model)
    for trouble in troubles():
        st.error(escape_markdown(trouble))
    found = sources()
    if not found:
        st.stop()
    view = state.get()
    if view.model not in found:
        fallback = next(iter(found))
        state.remark(f"The model that the address names is not loaded; this is {found[fallback].name}.")
        view = choose_model(view, fallback, view.session)
        state.jump(view)
    keys = list(found)
    if len(keys) > 1:
        st.session_state[_CHOICE] = view.model
        st.selectbox(
            "Model", keys, key=_CHOICE, format_func=lambda key: found[key].name, on_change=_chosen_model
        )
    return found[view.model]


def _chosen_model() -> None:
    _show(sources()[st.session_state[_CHOICE]])


def _show(source: Source) -> None:
    """Go to a model, with the first session that there is for it."""
    for warning in source.warnings:
        state.remark(f"{source.name}: {warning}")
    log = None
    try:
        loaded = sessions_of(source)
        log = None if loaded is None else loaded.log
    except InputError as error:
        state.remark(str(error))
    state.jump(choose_model(state.get(), source.key, first_session(stories(source), log)))


def _own_files() -> None:
    with st.expander("Use your own files"):
        st.file_uploader(
            "Model (.safetensors)",
            type="safetensors",
            key="gru_viz.model_file",
            on_change=_uploaded_model,
            help="A checkpoint written by `python -m gru_viz train`. Pickles (.pt, .pth) are never opened.",
        )
        st.file_uploader(
            "Click log (CSV, TSV, Parquet, .gz)",
            key="gru_viz.log_file",
            on_change=_uploaded_log,
            help="Columns for session, item and time. Clicks on items that the model does not know "
            "are left out.",
        )
        st.caption("Files stay on this server and in this browser session.")


def _uploaded_model() -> None:
    file = st.session_state["gru_viz.model_file"]
    view = state.get()
    if file is None:
        uploaded = st.session_state.pop(_UPLOADED, "")
        if drop_model(uploaded) and view.model == uploaded:
            _show(sources()[default_model()])
        return
    try:
        source = add_model(file.getvalue(), file.name)
    except InputError as error:
        state.remark(str(error))
        return
    st.session_state[_UPLOADED] = source.key
    _show(source)


def _uploaded_log() -> None:
    file = st.session_state["gru_viz.log_file"]
    view = state.get()
    source = sources()[view.model]
    if file is None:
        if drop_log():
            _show(source)
        return
    try:
        loaded = add_log(file.getvalue(), file.name, source)
    except InputError as error:
        state.remark(str(error))
        return
    for warning in loaded.warnings:
        state.remark(f"{loaded.name}: {warning}")
    state.jump(choose_model(view, view.model, first_session({}, loaded.log)))


def facts(source: Source, loaded: LoadedLog | None, error: float | None = None) -> None:
    """The foot of the sidebar: what model this is, how good, and how far to be trusted."""
    config = source.model.config
    name = escape_markdown(source.name) + (" (synthetic)" if source.key == SAMPLE else "")
    units = " + ".join(map(str, config.units))
    lines = [f"**{name}**", f"GRU4Rec · {units} units · {len(source.model.catalog):,} items"]
    lines += _quality(source)
    check = "" if error is None else f" · recomputed to {_small(error)}"
    variant = f"reset {config.reset}" if config.cell == "gru" else CELLS[config.cell].name
    lines.append(f"{variant}{check}")
    if loaded is not None:
        sessions = "1 session" if len(loaded.log) == 1 else f"{len(loaded.log):,} sessions"
        lines.append(f"{sessions} in {escape_markdown(loaded.name)}")
    with st.sidebar:
        st.caption("  \n".join(lines), help=_HELP)
        if loaded is not None and loaded.lines:
            with st.expander("How the log was read"):
                st.caption("  \n".join(escape_markdown(line) for line in loaded.lines))


_HELP = (
    "Recall@k: how often the item really clicked next was among the first k of all items, on sessions kept "
    "out of training; “the limit” is the best that anyone could reach who knew how the sample shop's "
    "sessions are made; “Markov” looks at the last click alone. "
    "“recomputed to” is the largest difference between what was recorded for this session and a second "
    "computation of the equations in double precision; single precision rounds at about 10⁻⁷. "
    "“reset before” or “after” says where the reset gate acts: the two are different functions."
)


def _quality(source: Source) -> list[str]:
    """What the checkpoint says of its quality on sessions held out, with a Markov chain beside it."""
    about = source.about
    limit = _number(about, "quality", "limit", "recall@10")
    for cutoff, scale in (("recall@10", limit), ("recall@20", 1.0)):
        recall = _number(about, "quality", cutoff)
        if recall is None or not scale:
            continue
        markov = _number(about, "quality", "baselines", "markov", cutoff)
        show, of = (_percent, " of the limit") if limit else (_recall, "")
        beside = "" if markov is None else f" · Markov{NBSP}{show(markov / scale)}"
        return [f"{cutoff.capitalize()} **{show(recall / scale)}{of}**{beside}"]
    return []


def _small(value: float) -> str:
    """5 × 10⁻⁷; 0 where there is no difference at all."""
    if not math.isfinite(value):
        return "not a number"
    return "0" if value == 0 else power_of_ten(value)


def _percent(value: float) -> str:
    return f"{100 * value:.1f}{NBSP}%"


def _recall(value: float) -> str:
    """.643, as in sentences and figures."""
    return f"{value:.3f}".removeprefix("0")


def _number(values: object, *path: str) -> float | None:
    """The share at this path of nested dictionaries; a file may hold anything, or nothing, there."""
    for name in path:
        values = values.get(name) if isinstance(values, dict) else None
    return float(values) if type(values) in (int, float) and 0 <= values <= 1 else None  # type: ignore[operator,arg-type]
