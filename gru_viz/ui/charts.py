"""How does a Plotly figure stand on a page?"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

import streamlit as st

from gru_viz.explain.words import Sentence, plain

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from gru_viz.figures.palette import Theme

KEPT = 64  # figures kept on the server, the least recently made goes first: a class opens the same link


def theme() -> Theme:
    """The theme that this person's browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


def chart(draw: Callable[[Theme], go.Figure], shows: Hashable, words: Sentence) -> None:
    """What `draw` makes, as wide as its place, in its own colours.

    shows: everything that the figure depends on but the theme; the same again is not drawn anew
    words: what it shows to who cannot see it
    """
    from gru_viz.figures.export import PLOT_CONFIG

    config = {**PLOT_CONFIG, "displayModeBar": False}
    st.plotly_chart(_drawn(draw, shows, theme()), theme=None, config=config, alt=plain(words))


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _drawn(_draw: Callable[[Theme], go.Figure], shows: Hashable, theme: Theme) -> go.Figure:
    del shows  # part of the cache's key only
    return _draw(theme)
