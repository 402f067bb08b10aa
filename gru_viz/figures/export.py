"""How does a figure leave the app as one file that opens anywhere, offline?"""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go

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
<style>body {{ margin: 0; background: {background}; }}</style>
</head>
<body>
{figure}
</body>
</html>
"""


def figure_html(figure: go.Figure, title: str = "gru_viz") -> str:
    """A stand-alone HTML page with `figure` and Plotly itself, 5 MB that ask nothing of the network."""
    return _PAGE.format(
        title=escape(title),
        background=escape(figure.layout.paper_bgcolor or "#ffffff"),
        figure=figure.to_html(
            full_html=False,
            include_plotlyjs=True,
            include_mathjax=False,
            auto_play=False,
            config=PLOT_CONFIG,
        ),
    )
