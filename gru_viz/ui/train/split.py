"""How much of the log is kept back, to see how well the next sessions are predicted?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from gru_viz.errors import InputError
from gru_viz.explain.words import NBSP
from gru_viz.learn.parts import Parts
from gru_viz.learn.split import split_by_time
from gru_viz.sessions import ClickLog
from gru_viz.ui.fields import follow
from gru_viz.ui.text import escape_markdown
from gru_viz.ui.train.reading import Chosen

HELD_OUT = 10  # percent
SHARES = (5, 10, 15, 20, 25, 30)
_SHARE, _KEPT, _PARTS = (f"gru_viz.train.{name}" for name in ("share", "share_kept", "parts"))


@dataclass(frozen=True, eq=False)
class Prepared:
    """What is learned from and measured on; `about` and `shared` as `ui.kept` takes them."""

    parts: Parts
    about: tuple[str, int]
    shared: bool


def choose_split(chosen: Chosen) -> Prepared | None:
    """The slider and its figures; None where such a part cannot be held out, which is said."""
    follow(_SHARE, st.session_state.get(_KEPT, HELD_OUT))
    by_time = chosen.log.times is not None
    # a wide gap would stand between the two on a phone as well, where one is above the other
    left, right = st.columns([4, 8], vertical_alignment="bottom")
    left.select_slider(
        f"Held out: the last sessions {'by time' if by_time else 'in the file'}",
        SHARES,
        key=_SHARE,
        format_func=lambda percent: f"{percent}{NBSP}%",
        on_change=lambda: st.session_state.update({_KEPT: st.session_state[_SHARE]}),
        help="The model never learns from them; how well it predicts them is how good it is.",
    )
    percent: int = st.session_state[_SHARE]
    try:
        parts = _parts(chosen, percent)
    except InputError as error:
        right.error(escape_markdown(str(error)))
        return None
    right.caption(split_words(parts))
    return Prepared(parts, (chosen.fingerprint, percent), chosen.shared)


def _parts(chosen: Chosen, percent: int) -> Parts:
    """The two parts; the last ones are kept with the person."""
    key = (chosen.fingerprint, percent)
    known, parts = st.session_state.get(_PARTS, (None, None))
    if known != key:
        parts = split_parts(chosen, percent)
        st.session_state[_PARTS] = (key, parts)
    return parts


def split_parts(chosen: Chosen, percent: int) -> Parts:
    """What is learned from and what is held out. Raises InputError where one would be empty."""
    return parts_of(chosen.log, chosen.name, percent, {"log": chosen.report.to_dict()})


def parts_of(log: ClickLog, name: str, percent: int, facts: Mapping[str, Any]) -> Parts:
    """The same of a log that was read elsewhere. facts: what else the result should tell of it"""
    split = split_by_time(log, percent / 100)
    dropped = {"clicks": split.dropped_clicks, "sessions": split.dropped_sessions}
    words = f"the last {percent}% of the sessions"
    told = {**facts, "by_time": log.times is not None, "dropped_from_holdout": dropped}
    return Parts(split.train, split.test, name, words, True, told)


def split_words(parts: Parts) -> str:
    """The two parts in figures."""
    assert parts.test is not None
    train, test, dropped = parts.train, parts.test, parts.facts["dropped_from_holdout"]
    by_time = parts.facts.get("by_time", True)
    which = f"{len(test):,} later ones" if by_time else f"the last {len(test):,} in the file"
    text = (
        f"Learns from {len(train):,} sessions ({train.n_clicks:,} clicks, {len(train.catalog):,} items); "
        f"measured on {which} ({test.n_clicks:,} clicks)."
    )
    if not by_time:
        text += " There is no time column: whether these came later, only the file’s order tells."
    if dropped["clicks"] or dropped["sessions"]:
        text += (
            f" Left out of these: {dropped['clicks']:,} clicks on items never seen before, "
            f"{dropped['sessions']:,} sessions with fewer than two clicks left."
        )
    return text
