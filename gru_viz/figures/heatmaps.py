"""What did every unit hold after each click, and what would be recommended next?

The Plotly twin of the stepper, for notebooks (`heatmaps`) and for export as one
HTML file with a slider (`walk`). All heatmaps share the units axis, the units with the
longest half-life on top; clicks that have not happened yet lie outside a heatmap's axis,
so they are blank and cannot be hovered.
"""

from __future__ import annotations

import plotly.graph_objects as go

from gru_viz.callable_module import call_as
from gru_viz.figures.palette import Theme
from gru_viz.figures.twin import HEIGHT, Convention, Twin
from gru_viz.figures.twin_controls import play_buttons, slider
from gru_viz.trace import Trace


def heatmaps(
    trace: Trace,
    step: int = -1,
    layer: int = -1,
    convention: Convention = "writes",
    k: int = 10,
    theme: Theme = "light",
) -> go.Figure:
    """Gates, candidate and state up to click `step`, with the `k` best next items.

    step:       0-based, negative from the end, as in `trace.top`
    layer:      which recurrent layer; the last one reaches the scores
    convention: whether the update gate is shown as "writes" or as "keeps" (1 minus it)

    Each heatmap is units × clicks on the fixed range of its quantity. Bars are as
    long as probabilities, on one scale for the whole session. Raises IndexError for
    a step or layer the trace does not have.
    """
    twin = Twin(trace, layer, convention, k, theme)
    step = range(len(trace))[step]
    return go.Figure([*twin.maps(step + 1), *twin.bars(step)], twin.layout(step))


def walk(
    trace: Trace,
    step: int = 0,
    layer: int = -1,
    convention: Convention = "writes",
    k: int = 10,
    theme: Theme = "light",
) -> go.Figure:
    """`heatmaps` at every click: a slider, Play and Pause, working without Python.

    Starts at click `step` (0-based, negative from the end). The values travel once; a
    frame carries only its list of next items, its words and how far the heatmaps are
    uncovered, so the size grows with the clicks and not with their square.
    """
    twin = Twin(trace, layer, convention, k, theme)
    step = range(len(trace))[step]
    maps = twin.maps(len(trace))
    places = list(range(len(maps), len(maps) + 3))
    frames = [
        {"name": str(t + 1), "data": twin.bars_at(t), "traces": places, "layout": twin.at(t)}
        for t in range(len(trace))
    ]
    figure = go.Figure([*maps, *twin.bars(step)], twin.layout(step), frames)
    return figure.update_layout(
        sliders=[slider(len(trace), step, theme)],
        updatemenus=[play_buttons(theme)],
        height=HEIGHT + 90,
        margin_b=150,
    )


call_as(__name__, heatmaps)
