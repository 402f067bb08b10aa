"""Every setting of a training, for those who want it otherwise than the preset has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from gru_viz.ui.fields import follow
from gru_viz.ui.train.settings import MODEL, TRAINING, Choice, Number, Setting, Value, applies

_KEY = "gru_viz.train.set"
IN_A_ROW = 4


def advanced(
    values: Mapping[str, Value],
    changes: Mapping[str, Value],
    change: Callable[[str, Value, Value], None],
    reset: Callable[[], None],
) -> None:
    """The settings in an expander.

    values:  as the preset has them; changes: what the person set otherwise
    change:  takes a setting's name, its new value, and the preset's; reset takes all changes back
    """
    label = "Advanced" if not changes else f"Advanced ({len(changes)} changed)"
    with st.expander(label, key="gru_viz.train.advanced"):
        for title, group in (("The model", MODEL), ("The training", TRAINING)):
            st.markdown(f"**{title}**")
            shown = [name for name in group if applies(name, {**values, **changes})]
            for first in range(0, len(shown), IN_A_ROW):
                for place, name in zip(st.columns(IN_A_ROW), shown[first : first + IN_A_ROW], strict=False):
                    with place:
                        _draw(name, group[name], values, changes, change)
        if changes:
            st.button("As the preset has it", on_click=reset, type="tertiary")


def _draw(
    name: str,
    setting: Setting,
    values: Mapping[str, Value],
    changes: Mapping[str, Value],
    change: Callable[[str, Value, Value], None],
) -> None:
    key = f"{_KEY}.{name}"
    follow(key, changes.get(name, values[name]))

    def changed() -> None:
        change(name, st.session_state[key], values[name])

    if isinstance(setting, Choice):
        st.selectbox(
            setting.label,
            list(setting.words),
            key=key,
            format_func=lambda value: setting.words[value],
            help=setting.help or None,
            on_change=changed,
        )
    else:
        _number(key, setting, changed)


def _number(key: str, setting: Number, changed: Callable[[], None]) -> None:
    kind = int if setting.whole else float
    st.number_input(
        setting.label,
        min_value=kind(setting.low),
        max_value=kind(setting.high),
        key=key,
        step=setting.step,
        format="%d" if setting.whole else "%.4g",
        help=setting.help or None,
        on_change=changed,
    )


def changed_to(changes: Mapping[str, Value], name: str, value: Value, usual: Value) -> dict[str, Value]:
    """The changes with this one; without it where the value is the preset's own."""
    others = {known: other for known, other in changes.items() if known != name}
    return others if value == usual else {**others, name: value}
