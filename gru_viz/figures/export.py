"""How does a figure leave the app as one file that opens anywhere, offline?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go

from gru_viz.figures.text import shorten

MAX_TITLE = 120  # characters of a page's title

# Plotly's default toolbar offers to send the chart, with the user's data, to a cloud service.
PLOT_CONFIG = {
    "displaylogo": False,
    "responsive": True,
    "plotlyServerURL": "",
    "modeBarButtons": [["toImage", "resetScale2d"]],
}

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
html {{ overflow-x: auto; }}
body {{ margin: 0; min-width: 900px; color: {ink}; background: {background}; }}
h1 {{ margin: 0; padding: 16px 24px 0 10px; font: 600 20px "Open Sans", system-ui, sans-serif; }}
p {{ margin: 8px 24px 8px 10px; max-width: 75ch; font: 15px/1.5 "Open Sans", system-ui, sans-serif; }}
</style>
</head>
<body>
<h1>{title}</h1>
{words}{figure}
</body>
</html>
"""


def figure_html(figure: go.Figure, title: str = "gru_viz", words: Sequence[str] = ()) -> str:
    """A stand-alone HTML page with `figure` and Plotly itself, 5 MB that ask nothing of the network.

    title: plain text, the page's title and heading, cut where it is long
    words: what stands under it, a paragraph each; plain text

    A window narrower than 900 pixels scrolls sideways, so that labels never overlap.
    """
    return _PAGE.format(
        title=escape(shorten(title, MAX_TITLE)),
        words="".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in words),
        background=escape(figure.layout.paper_bgcolor or "#ffffff"),
        ink=escape(figure.layout.font.color or "#000000"),
        figure=figure.to_html(
            full_html=False,
            include_plotlyjs=True,
            include_mathjax=False,
            auto_play=False,
            post_script=_enter_frame(figure),
            config=PLOT_CONFIG,
        ),
    )


def _enter_frame(figure: go.Figure) -> str | None:
    """Script that makes Play go on from the slider's place; of itself Plotly starts at the first frame."""
    if not figure.frames or not figure.layout.sliders or not figure.layout.sliders[0].active:
        return None
    name = figure.frames[figure.layout.sliders[0].active].name
    return f"Plotly.animate('{{plot_id}}', [{json.dumps(name)}], {{mode: 'immediate'}});"
