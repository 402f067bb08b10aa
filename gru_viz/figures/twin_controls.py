"""With what does a reader go through the clicks where Plotly alone draws the twin: slider, Play and Pause?"""

from __future__ import annotations

from typing import Any

from gru_viz.figures.palette import BACKGROUND, INK, LINE, MUTED, QUANTITIES, Theme
from gru_viz.figures.twin import MAPS_END


def slider(clicks: int, step: int, theme: Theme) -> dict[str, Any]:
    """One place a click, standing at `step`; the headline says which one it is."""
    return {
        "active": step,
        "currentvalue": {"visible": False},
        "pad": {"t": 62, "b": 0},
        "x": 0.16,
        "len": MAPS_END - 0.16,
        "font": {"color": MUTED[theme]},
        "bgcolor": LINE[theme],
        "bordercolor": LINE[theme],
        "activebgcolor": QUANTITIES["h"].light,
        "transition": {"duration": 0},
        "steps": [
            {"label": name, "method": "animate", "args": [[name], _animation("immediate")]}
            for name in map(str, range(1, clicks + 1))
        ],
    }


def play_buttons(theme: Theme) -> dict[str, Any]:
    """Play goes on from where the slider stands, Pause stops there."""
    return {
        "type": "buttons",
        "direction": "right",
        "showactive": False,
        "x": 0,
        "xanchor": "left",
        "y": 0,
        "yanchor": "top",
        "pad": {"t": 58},
        "font": {"color": INK[theme]},
        "bgcolor": BACKGROUND[theme],
        "bordercolor": LINE[theme],
        "buttons": [
            {"label": "Play", "method": "animate", "args": [None, _animation("afterall", 700)]},
            {"label": "Pause", "method": "animate", "args": [[None], _animation("immediate")]},
        ],
    }


def _animation(mode: str, milliseconds: int = 0) -> dict[str, Any]:
    return {
        "mode": mode,
        "fromcurrent": True,
        "frame": {"duration": milliseconds, "redraw": True},
        "transition": {"duration": 0},
    }
