"""How is it trained: quick, good, best, or as the person says?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from gru_viz.errors import InputError
from gru_viz.ui.fields import follow
from gru_viz.ui.text import escape_markdown
from gru_viz.ui.train.advanced import advanced, changed_to
from gru_viz.ui.train.estimate import Settings, estimate_words, estimated, free_memory, time_words
from gru_viz.ui.train.presets import GOOD, PRESETS, Preset, preset_for
from gru_viz.ui.train.settings import Value, settled, usual_values
from gru_viz.ui.train.split import Prepared

_PRESET, _CHOSEN, _CHANGES = (f"gru_viz.train.{name}" for name in ("preset", "preset_kept", "changes"))


@dataclass(frozen=True)
class How:
    """Settings to train with, and all whose time is to be told."""

    settings: Settings
    told: tuple[Settings, ...]


def choose_how(prepared: Prepared) -> How | None:
    """The settings of model and training; None where they do not fit together, which is said."""
    presets = {name: preset_for(name, len(prepared.parts.train.catalog)) for name in PRESETS}
    name = st.session_state.get(_CHOSEN, GOOD)
    follow(_PRESET, name)
    st.radio(
        "How well",
        list(presets),
        key=_PRESET,
        format_func=lambda known: presets[known].label,
        captions=[_caption(preset, prepared) for preset in presets.values()],
        horizontal=True,
        on_change=_chosen,
        label_visibility="collapsed",
    )
    preset = presets[name]
    changes: Mapping[str, Value] = st.session_state.get(_CHANGES, {})
    advanced(usual_values(preset.model, preset.training, changes), changes, _change, _reset)
    try:
        settings = settled(preset.model, preset.training, changes)
        found = estimated(prepared, settings)
    except InputError as error:
        st.error(escape_markdown(str(error)))
        return None
    st.caption(escape_markdown(estimate_words(found, settings[1].patience, free_memory())))
    return How(settings, (settings, *((known.model, known.training) for known in presets.values())))


def begin_with(changes: Mapping[str, Value]) -> None:
    """Let the form start with these settings beside the preset's; whoever leads to the page says which."""
    st.session_state[_CHANGES] = dict(changes)


def _caption(preset: Preset, prepared: Prepared) -> str:
    try:
        took = f" · {time_words(estimated(prepared, (preset.model, preset.training)))}"
    except InputError:  # said below, for the one that is chosen
        took = ""
    return f"{preset.words}  \n{preset.size}{took}"


def _chosen() -> None:
    st.session_state[_CHOSEN] = st.session_state[_PRESET]
    _reset()


def _change(name: str, value: Value, usual: Value) -> None:
    """Beside what is changed by now, which may be more than the page had drawn when this was clicked."""
    st.session_state[_CHANGES] = changed_to(st.session_state.get(_CHANGES, {}), name, value, usual)


def _reset() -> None:
    st.session_state[_CHANGES] = {}
