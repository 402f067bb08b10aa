"""Which models are compared on which clicks, how, and how long will it take?"""

from __future__ import annotations

import streamlit as st

from gru_viz.compare.names import NAMES, short_name
from gru_viz.errors import InputError
from gru_viz.jobs import ComparisonRequest
from gru_viz.learn.parts import Parts
from gru_viz.ui import state
from gru_viz.ui.current import Current
from gru_viz.ui.fields import follow
from gru_viz.ui.models.clicks import choose_clicks, other_log
from gru_viz.ui.models.results import show
from gru_viz.ui.models.service import comparisons
from gru_viz.ui.models.words import LESS, LESS_WORDS, estimate_words
from gru_viz.ui.text import cut, escape_markdown
from gru_viz.ui.train.estimate import free_memory
from gru_viz.ui.train.presets import PRESETS, WORDS
from gru_viz.ui.train.service import active_kind
from gru_viz.ui.train.words import busy_words, kept_words

LONG = ("bert4rec",)  # asked for by name only: it alone takes as long as the others of one round
FIRST = tuple(name for name in NAMES if name not in LONG)
_OPEN, _MODELS, _PRESET, _LESS, _CLAIMS = (
    f"gru_viz.models.{name}" for name in ("form", "which", "preset", "less", "claims")
)
_KEPT = "gru_viz.models.asked"  # the form's values, while other pages are looked at


def set_up(now: Current, person: str | None, at_once: bool = False) -> None:
    """The form in an expander; nothing of it is read or worked out while that is shut.

    at_once: it is open at first
    """
    name = other_log(now)
    of = "a log of your own" if name is None else escape_markdown(cut(name, 40))
    label = f"Compare the models on {of}"
    form = st.expander(label, expanded=at_once, key=_OPEN, on_change="rerun")
    if not form.open:
        return
    with form:
        if person is None:
            st.caption("One moment …")
        else:
            _form(now, person)


def _form(now: Current, person: str) -> None:
    parts = choose_clicks(now, person)
    if parts is None:
        return
    _fields()
    request = _asked(parts)
    if request is None:
        st.caption("Choose a model.")
        return
    busy, needed, free = active_kind(person), _needs(request), free_memory()
    st.caption(escape_markdown(estimate_words(_lasts(request), needed, free)))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Compare",
            type="primary",
            disabled=busy is not None or (free is not None and needed > free),
            on_click=lambda: _start(parts, person),
        )
        st.caption(
            busy_words(busy)
            if busy is not None
            else f"It goes on when this page is closed. {kept_words('it')}",
            width="content",
        )


def _fields() -> None:
    """The form's fields; what they hold outlives looking at another page."""
    first = {_MODELS: list(FIRST), _PRESET: PRESETS[1], _LESS: False, _CLAIMS: False}
    values = st.session_state.setdefault(_KEPT, first)
    for key, value in values.items():
        follow(key, value)

    def changed(key: str) -> None:
        values[key] = st.session_state[key]

    st.pills(
        "Models",
        list(NAMES),
        selection_mode="multi",
        key=_MODELS,
        format_func=short_name,
        on_change=changed,
        args=(_MODELS,),
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            "How well GRU4Rec learns",
            PRESETS,
            key=_PRESET,
            format_func=lambda preset: WORDS[preset][0],
            required=True,
            on_change=changed,
            args=(_PRESET,),
            width="content",
        )
        st.checkbox(
            LESS_WORDS,
            key=_LESS,
            on_change=changed,
            args=(_LESS,),
            help="Every model learns again from fewer sessions: how good is each where there is little data?",
            width="content",
        )
        st.checkbox(
            "Also test the textbook’s claims",
            key=_CLAIMS,
            on_change=changed,
            args=(_CLAIMS,),
            help="GRU4Rec learns again with other sizes and with nothing clipped, and is measured without a "
            "reset, over long sessions and in its gradients: for the cards of “Do the textbooks hold?”.",
            width="content",
        )


def _asked(parts: Parts) -> ComparisonRequest | None:
    """What the form's fields come to at this moment; None without a model."""
    models = tuple(name for name in NAMES if name in st.session_state[_MODELS])
    if not models:
        return None
    shares = LESS if st.session_state[_LESS] else LESS[:1]
    preset, claims = st.session_state[_PRESET], st.session_state[_CLAIMS]
    return ComparisonRequest(parts, models, shares, preset, claims=claims)


def _lasts(request: ComparisonRequest) -> float:
    from gru_viz.compare.estimate import seconds

    return seconds(request.parts, request.models, request.shares, request.preset, request.claims)


def _needs(request: ComparisonRequest) -> int:
    """Bytes of memory."""
    from gru_viz.compare.estimate import memory_bytes

    return memory_bytes(request.parts, request.models, request.preset, request.claims)


def _start(parts: Parts, person: str) -> None:
    """With what the fields hold now: the click may come before the page has followed the one before."""
    request = _asked(parts)
    if request is None:
        return
    try:
        run = comparisons().submit(request, person)
    except InputError as error:
        state.remark(str(error))
        return
    st.session_state[_OPEN] = False
    show(run)
