"""How do a figure's many words stand beside its bars without being measured one by one?

Plotly lays out and measures every annotation by itself, which took half of the time that a
figure of labelled rows needed to appear. One trace of texts stands at the same places for a
fraction of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

BASELINE = 0.24  # of its size by which an annotation's first line stands lower than a text's


def written(notes: Sequence[dict[str, Any]], row: float, ends: tuple[float, float] = (0, 1)) -> go.Scatter:
    """The annotations of `style.words`, `row_label` and `row_value` as one trace of texts.

    row:  pixels of a row of the figure, whose y axis counts rows from the top, see `style.row_axis`
    ends: of its x axis, which is as wide as the figure

    `yshift` counts, from the first row's top where `yref` is the paper; `xshift` does not: a text
    begins where the bars do. The axes must reach as far as the words, or Plotly hides them.
    """
    low, high = ends
    sizes = [note["font"]["size"] for note in notes]
    return go.Scatter(
        x=[low + note["x"] * (high - low) for note in notes],
        y=[_down(note, row) + BASELINE * size / row for note, size in zip(notes, sizes, strict=True)],
        mode="text",
        text=[note["text"] for note in notes],
        textposition=["bottom left" if note["xanchor"] == "right" else "bottom right" for note in notes],
        textfont={"size": sizes, "color": [note["font"]["color"] for note in notes]},
        cliponaxis=False,
        hoverinfo="skip",
        name="words",
        _validate=False,  # as in `style.drawn`
    )


def _down(note: dict[str, Any], row: float) -> float:
    """How many rows down the note's top is; the paper's top edge is the first row's."""
    place = note["y"] if note["yref"] == "y" else 1 - note["y"]
    return float(place) - float(note.get("yshift", 0)) / row
