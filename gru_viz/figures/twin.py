"""How is one step of a trace laid out in Plotly?

The parts that `heatmaps` and `walk` put together: four heatmaps on one units axis, the list
of next items, and the words around them, for any step.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from functools import cached_property
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from gru_viz.explain.retention import half_lives
from gru_viz.explain.words import Part, Sentence, plain, step_sentence
from gru_viz.figures.palette import (
    BACKGROUND,
    BAR,
    CLICKED,
    CLICKED_BAR,
    DIVERGING,
    INK,
    LINE,
    MUTED,
    QUANTITIES,
    Z_KEEPS_CAPTION,
    Quantity,
    Theme,
    captions,
    check_theme,
)
from gru_viz.figures.text import escape_plotly, shorten
from gru_viz.trace import LayerTrace, Trace

Convention = Literal["writes", "keeps"]

MAPS_END = 0.66  # heatmaps stand left of it, the list right of it (share of the width)
GAP = 0.02
LIST_START = 0.72
HEIGHT = 665
TOP = 175  # pixels above the heatmaps: headline, the click's sentence, names and captions
LIST_TITLE, MARKED_TITLE = 30, 22  # characters of a title that fit beside its probability; with the mark
SENTENCE_LINE = 130  # characters of the click's sentence on one line; fits a page 900 pixels wide


class Twin:
    """The parts of the picture for one trace, layer, convention, list length and theme."""

    def __init__(self, trace: Trace, layer: int, convention: Convention, k: int, theme: Theme) -> None:
        if convention not in ("writes", "keeps"):
            raise ValueError(f"convention must be 'writes' or 'keeps', not {convention!r}")
        check_theme(theme)
        self.trace, self.layer = trace, layer
        self.quantities = _shown(trace.layers[layer], convention)
        self.convention, self.theme = convention, theme
        self.k = min(k, trace.n_scored)
        self.order = np.argsort(-half_lives(trace.layers[layer]), kind="stable")
        self.titles = [escape_plotly(trace.catalog.titles[item]) for item in trace.items]

    def maps(self, clicks: int) -> list[go.Heatmap]:
        """One heatmap a quantity over the first `clicks` clicks; z (H, clicks), numbered from 1."""
        return [
            go.Heatmap(
                name=name,
                z=values[:clicks, self.order].T,
                x=np.arange(1, clicks + 1),
                y=[str(unit) for unit in self.order],
                xaxis=_axis("x", number),
                yaxis="y",
                zmin=QUANTITIES[name].low,
                zmax=QUANTITIES[name].high,
                colorscale=self._scale(QUANTITIES[name]),
                colorbar=self._legend(number, QUANTITIES[name]),
                hovertemplate=f"%{{x}}<br>unit %{{y}}: {QUANTITIES[name].symbol} = %{{z:.3f}}<extra></extra>",
            )
            for number, (name, values) in enumerate(self.quantities.items())
        ]

    def bars(self, step: int) -> list[go.Bar | go.Scatter]:
        """The list of next items after click `step`: bars, titles, probabilities."""
        ranks = np.arange(1, self.k + 1)
        axes: dict[str, Any] = {"xaxis": self._list_axis, "yaxis": "y2"}
        text = {
            "mode": "text",
            "textposition": "middle right",
            "hoverinfo": "skip",
            "cliponaxis": False,
            "y": ranks,
            **axes,
        }
        bars, titles, probabilities = self.bars_at(step)
        bars.update(
            name="next items",
            orientation="h",
            y=ranks,
            marker_line_width=0,
            hovertemplate="%{hovertext}<br>probability %{customdata:.2f} %, rank %{y}<extra></extra>",
            **axes,
        )
        titles.update(x=np.zeros(self.k), **text)
        probabilities.update(x=np.full(self.k, self._longest_bar), textfont_color=MUTED[self.theme], **text)
        return [bars, titles, probabilities]

    def bars_at(self, step: int) -> tuple[go.Bar, go.Scatter, go.Scatter]:
        """What of the list changes from click to click."""
        top = self.trace.top(self.k, step)
        following = self._following(step)
        clicked = top["item_id"] == (None if following is None else self.trace.catalog.ids[following])
        marked = [
            f" <b>{escape_plotly(title, MARKED_TITLE)}</b> ◂ clicked next"
            if hit
            else f" {escape_plotly(title, LIST_TITLE)}"
            for title, hit in zip(top["title"], clicked, strict=True)
        ]
        probability = top["probability"].to_numpy()
        return (
            go.Bar(
                x=probability,
                marker_color=np.where(clicked, CLICKED_BAR[self.theme], BAR[self.theme]),
                customdata=100 * probability,
                hovertext=[escape_plotly(title) for title in top["title"]],
            ),
            go.Scatter(text=marked, textfont_color=np.where(clicked, CLICKED[self.theme], INK[self.theme])),
            go.Scatter(text=[f"{100 * share:.1f} %" for share in probability]),
        )

    def at(self, step: int) -> dict[str, Any]:
        """What of the layout changes from click to click: headline, frames, words, ends of the axes.

        Plotly puts a frame's lists in the place of the old ones and merges the rest.
        """
        return {
            "title": {"text": self._headline(step)},
            "shapes": self._frames(step),
            "annotations": [*self._captions(), *self._list_words(step), self._sentence(step)],
            **{
                _axis("xaxis", number): self._uncovered(number, step)
                for number in range(len(self.quantities))
            },
        }

    def layout(self, step: int) -> dict[str, Any]:
        """The whole layout as it stands after click `step`."""
        now = self.at(step)
        clicks = {name: self._clicks | now[name] for name in now if name.startswith("xaxis")}
        return {
            **now,
            **clicks,
            "title": {"x": 0.01, "y": 1, "yref": "container", "yanchor": "top", "pad": {"t": 14}}
            | now["title"],
            "font": {"color": INK[self.theme], "size": 12},
            "paper_bgcolor": BACKGROUND[self.theme],
            "plot_bgcolor": BACKGROUND[self.theme],
            "height": HEIGHT,
            "margin": {"l": 48, "r": 64, "t": TOP, "b": 72},
            "showlegend": False,
            "hovermode": "closest",
            "bargap": 0.18,
            "yaxis": {
                "title": {"text": "unit, the longest half-life on top", "standoff": 4},
                "type": "category",
                "range": [self._units - 0.5, -0.5],
                "minallowed": -0.5,
                "maxallowed": self._units - 0.5,
                "showgrid": False,
                "zeroline": False,
            },
            "yaxis2": {
                "range": [self.k + 0.5, 0.5],
                "anchor": self._list_axis,
                "tickmode": "linear",
                "dtick": 1,
                "tickfont": {"color": MUTED[self.theme]},
                "fixedrange": True,
                "showgrid": False,
                "zeroline": False,
            },
            _axis("xaxis", len(self.quantities)): {
                "domain": [LIST_START, 1],
                "anchor": "y2",
                "range": [0, self._longest_bar],
                "showticklabels": False,
                "showgrid": False,
                "zeroline": False,
                "fixedrange": True,
            },
        }

    @property
    def _units(self) -> int:
        return next(iter(self.quantities.values())).shape[1]

    @property
    def _list_axis(self) -> str:
        return _axis("x", len(self.quantities))

    @cached_property
    def _longest_bar(self) -> float:
        """The highest probability of the session, so that bars of two clicks compare."""
        best = [self.trace.probability(self.trace.ranking(t, 1), t)[0] for t in range(len(self.trace))]
        return float(max(best))

    def _following(self, step: int) -> int | None:
        """The item really clicked after click `step`."""
        return int(self.trace.items[step + 1]) if step + 1 < len(self.trace) else None

    def _domain(self, number: int) -> tuple[float, float]:
        """Left and right end of a heatmap, as shares of the width."""
        width = (MAPS_END + GAP) / len(self.quantities)
        return number * width, (number + 1) * width - GAP

    def _uncovered(self, number: int, step: int) -> dict[str, Any]:
        """An axis that ends with click `step`, just as wide as so many columns."""
        left, right = self._domain(number)
        end = left + (right - left) * (step + 1) / len(self.trace)
        return {"domain": [left, min(end, right)], "range": [0.5, step + 1.5]}

    @cached_property
    def _clicks(self) -> dict[str, Any]:
        """What stays of a heatmap's clicks axis; tick texts are what hovering a column shows."""
        return {
            "anchor": "y",
            "tickmode": "array",
            "tickvals": list(range(1, len(self.trace) + 1)),
            "ticktext": [f"click {t} · {title}" for t, title in enumerate(self.titles, start=1)],
            "showticklabels": False,
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        }

    def _frames(self, step: int) -> list[dict[str, Any]]:
        """A thin outline round each heatmap's full width, a strong one round the current column."""
        shapes = []
        accent = QUANTITIES["h"].color(self.theme)
        for number in range(len(self.quantities)):
            left, right = self._domain(number)
            column = (right - left) / len(self.trace)
            paper = {"type": "rect", "xref": "paper", "yref": "paper", "y0": 0, "y1": 1}
            shapes += [
                {**paper, "x0": left, "x1": right, "line": {"color": LINE[self.theme], "width": 1}},
                {
                    **paper,
                    "name": "current click",
                    "x0": left + step * column,
                    "x1": min(left + (step + 1) * column, right),
                    "line": {"color": accent, "width": 2},
                },
            ]
        return shapes

    def _sentence(self, step: int) -> dict[str, Any]:
        """What happened at the click in plain words, under the headline."""
        said = step_sentence(self.trace, step, self.layer, self.convention)
        return self._words(_lines(said), 0, 1, TOP - 48, color=INK[self.theme], yanchor="top")

    def _captions(self) -> Iterable[dict[str, Any]]:
        """Name and meaning above each heatmap, first and last click below it."""
        meanings = captions(self.trace.layers[self.layer].cell)
        for number, name in enumerate(self.quantities):
            quantity = QUANTITIES[name]
            color = quantity.color(self.theme)
            keeps = name == "z" and self.convention == "keeps"
            caption = Z_KEEPS_CAPTION if keeps else meanings[name]
            left, right = self._domain(number)
            yield self._words(f"<b>{quantity.name} {quantity.symbol}</b>", left, 1, 38, color=color)
            yield self._words(_wrapped(caption), left, 1, 8, color=MUTED[self.theme], size=11)
            yield self._words("click 1", left, 0, -4, color=MUTED[self.theme], size=11, yanchor="top")
            if len(self.trace) > 1:
                yield self._words(
                    str(len(self.trace)), right, 0, -4, color=MUTED[self.theme], size=11, yanchor="top"
                ) | {"xanchor": "right", "align": "right"}

    def _list_words(self, step: int) -> Iterable[dict[str, Any]]:
        yield self._words("<b>What it would recommend next</b>", LIST_START, 1, 8, color=INK[self.theme])
        following = self._following(step)
        if following is None:
            said = "The session ends here."
        else:
            rank = self.trace.rank(following, step)
            title = escape_plotly(self.trace.catalog.titles[following], LIST_TITLE)
            place = f"at rank {rank:,}" if rank else f"behind the best {self.trace.n_scored:,}"
            said = f"Really clicked next, {place}:<br><b>{title}</b>"
        color = MUTED[self.theme] if following is None else CLICKED[self.theme]
        yield self._words(said, LIST_START, 0, -8, color=color, yanchor="top")

    def _headline(self, step: int) -> str:
        return f"Click {step + 1} of {len(self.trace)} · <b>{self.titles[step]}</b>"

    def _words(
        self, text: str, x: float, y: float, shift: int, color: str, size: int = 12, yanchor: str = "bottom"
    ) -> dict[str, Any]:
        """An annotation on the paper, left-aligned, `shift` pixels above y."""
        return {
            "text": text,
            "x": x,
            "y": y,
            "yshift": shift,
            "xref": "paper",
            "yref": "paper",
            "xanchor": "left",
            "yanchor": yanchor,
            "align": "left",
            "showarrow": False,
            "font": {"color": color, "size": size},
        }

    def _scale(self, quantity: Quantity) -> list[tuple[float, str]]:
        background = BACKGROUND[self.theme]
        if quantity.diverging:
            negative, positive = DIVERGING[self.theme]
            return [(0.0, negative), (0.5, background), (1.0, positive)]
        return [(0.0, background), (1.0, quantity.color(self.theme))]

    def _legend(self, number: int, quantity: Quantity) -> dict[str, Any]:
        left, right = self._domain(number)
        return {
            "orientation": "h",
            "x": (left + right) / 2,
            "len": (right - left) * 0.42,
            "y": 0,
            "yanchor": "top",
            "ypad": 6,
            "thickness": 7,
            "outlinewidth": 1,
            "outlinecolor": LINE[self.theme],
            "tickvals": [quantity.low, 0, quantity.high] if quantity.diverging else [0, 1],
            "tickfont": {"size": 11, "color": MUTED[self.theme]},
        }


def _shown(layer: LayerTrace, convention: Convention) -> dict[str, np.ndarray]:
    """Every recorded (T, H) array by name, the update gate as the convention reads it."""
    values = layer.quantities()
    return values | {"z": 1 - layer.z} if convention == "keeps" and "z" in values else values


def _axis(name: str, number: int) -> str:
    """Plotly's name of an axis: x, x2, x3, …"""
    return name if number == 0 else f"{name}{number + 1}"


def _lines(sentence: Sentence) -> str:
    """A sentence as lines of a Plotly label, long titles in it cut."""
    short = tuple(Part(shorten(part.text)) if part.kind == "item" else part for part in sentence)
    lines = textwrap.wrap(plain(short), SENTENCE_LINE)
    return "<br>".join(escape_plotly(line, SENTENCE_LINE) for line in lines)


def _wrapped(caption: str, width: int = 22) -> str:
    """A caption on two lines of about `width` characters."""
    line = ""
    lines = [line := f"{line} {word}".strip() for word in caption.split()]
    cut = max((len(text) for text in lines if len(text) <= width), default=len(caption))
    return f"{caption[:cut]}<br>{caption[cut:].strip()}" if caption[cut:] else caption
