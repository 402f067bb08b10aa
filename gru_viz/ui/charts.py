"""How does a Plotly figure stand on a page?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gru_viz.explain.words import Sentence, plain

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from gru_viz.figures.twin import Theme


def theme() -> Theme:
    """The theme that this person's browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


def chart(figure: go.Figure, words: Sentence | str) -> None:
    """The figure as wide as its place, in its own colours; `words` say what it shows to who cannot see it."""
    from gru_viz.figures.export import PLOT_CONFIG

    alt = words if isinstance(words, str) else plain(words)
    config = {**PLOT_CONFIG, "displayModeBar": False}
    st.plotly_chart(figure, theme=None, config=config, alt=alt)
