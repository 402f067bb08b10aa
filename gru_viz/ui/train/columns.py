"""Which column of the file plays which role, where its name does not tell?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from gru_viz.ui.fields import follow
from gru_viz.ui.text import cut, escape_markdown
from gru_viz.ui.train.names import ROLES

_KEY = "gru_viz.train.column"
IN_A_ROW = 3
_ASKED = {
    "session": "Session",
    "user": "User, where there is no session",
    "item": "Item",
    "time": "Time",
    "title": "Title of the item",
    "category": "Department of the item",
}


def columns(
    names: Sequence[str],
    mapping: Mapping[str, str],
    taken: Mapping[str, str],
    open_it: bool,
    change: Callable[[str, str | None], None],
) -> None:
    """A select box a role, with the file's columns to choose from.

    mapping: what the person chose; taken: what reading took, where it succeeded
    open_it: show it unasked, because reading did not succeed, and from then on: it is being filled in
    change:  takes a role, and the name of its column or None
    """
    with st.expander("Which column is what", expanded=open_it, key=f"{_KEY}s"):
        for first in range(0, len(ROLES), IN_A_ROW):
            # row by row, so that on a phone they stand in this order
            for place, role in zip(st.columns(IN_A_ROW), ROLES[first : first + IN_A_ROW], strict=True):
                with place:
                    _role(role, names, mapping, taken.get(role), change)


def _role(
    role: str,
    names: Sequence[str],
    mapping: Mapping[str, str],
    taken: str | None,
    change: Callable[[str, str | None], None],
) -> None:
    key = f"{_KEY}.{role}"
    follow(key, mapping.get(role))
    st.selectbox(
        _ASKED[role],
        names,
        key=key,
        index=None,
        format_func=lambda name: cut(name),
        placeholder="as recognised: none" if taken is None else f"as recognised: {cut(taken, 24)}",
        on_change=lambda: change(role, st.session_state[key]),
        help=escape_markdown(_HELP[role]) if role in _HELP else None,
    )


def remapped(mapping: Mapping[str, str], role: str, name: str | None) -> dict[str, str]:
    """The mapping with another column for this role, or with none chosen for it."""
    others = {known: column for known, column in mapping.items() if known != role}
    return others if name is None else {**others, role: name}


_HELP = {
    "user": "Where a log has users but no sessions, a user's clicks are split at pauses.",
    "time": "Without a time, clicks and sessions are taken in the order of the file.",
}
