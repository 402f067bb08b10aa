"""Which model predicts best, by how much, and what does it cost?"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import streamlit as st

from gru_viz.compare.names import GRU4REC, short_name
from gru_viz.compare.paired import standing
from gru_viz.compare.values import Compared, Comparison
from gru_viz.compare.words import (
    a_prediction,
    interval,
    lead,
    measured_on,
    of_limit,
    percent,
    seconds,
    share,
    with_interval,
)
from gru_viz.cutoffs import CUTOFF
from gru_viz.explain.words import NBSP, plural
from gru_viz.learn.config import PRESETS
from gru_viz.ui.charts import chart, theme
from gru_viz.ui.kept import kept
from gru_viz.ui.models.service import Shown
from gru_viz.ui.scrolling import scrolling
from gru_viz.ui.text import escape_markdown

COLUMNS = (
    "",
    f"Recall@{CUTOFF}",
    "against the first",
    "parameters",
    "training",
    "a prediction",
    f"MRR@{CUTOFF}",
)


def leaderboard(on: Shown) -> None:
    """Chart and table, best first."""
    from gru_viz.figures.leaderboard import leaderboard_figure

    found, shown = on.comparison, theme()
    with st.container(key="gru_viz_first"):
        left, right = st.columns([5, 7], gap="large")
    with left:
        st.subheader("Leaderboard", anchor=False)
        about = ("leaderboard", on.digest, shown)
        chart(kept(on.shared, about, lambda: leaderboard_figure(found, shown)), lead(found))
    with right:
        st.subheader("And what it takes", anchor=False)
        st.html(table(found))
    st.caption(escape_markdown(_how(found)))


def table(found: Comparison) -> str:
    """HTML of the models, best first; every text in it is ours."""
    columns = list(COLUMNS)
    if found.about.limit is not None:
        columns.insert(2, "of the limit")
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    rows = "".join(f"<tr>{''.join(_cells(found, model))}</tr>" for model in found.whole.ranked)
    inside = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
    return scrolling(f'<table class="gm-table">{inside}</table>', "gm-scroll")


def _cells(found: Comparison, model: Compared) -> Iterator[str]:
    strong = " gm-own" if model.name in GRU4REC else ""
    yield f'<th scope="row" class="gm-name{strong}">{escape(short_name(model.name))}</th>'
    yield _cell(share(model.recall), interval(model.intervals.recall[CUTOFF]))
    part = of_limit(found, model)
    if part is not None:
        yield _cell(percent(part))
    yield _against(found, model)
    parameters = model.cost.parameters
    yield _cell("counts" if parameters is None else f"{parameters:,}")
    yield _cell(seconds(model.cost.fit_seconds))
    yield _cell(a_prediction(model.cost.predict_seconds))
    yield _cell(share(model.quality.mrr[CUTOFF]), interval(model.intervals.mrr[CUTOFF]))


def _cell(text: str, small: str = "") -> str:
    below = f"<small>{escape(small.replace(' ', NBSP))}</small>" if small else ""
    return f"<td>{escape(text)}{below}</td>"


def _against(found: Comparison, model: Compared) -> str:
    """The paired difference in Recall, with its interval; level where that holds 0."""
    one = found.whole.difference(model.name, found.whole.ranked[0].name)
    if one is None:
        return _cell("–")
    value, around = with_interval(one.recall, one.recall_interval)
    return _cell("level" if standing(one.recall_interval) == "level" else value, around)


def _how(found: Comparison) -> str:
    """The small print under both."""
    sure = found.whole.models[0].intervals
    level = f"{100 * sure.level:.0f}{NBSP}%"
    return (
        f"{measured_on(found)} {_trained(found)}Small numbers: {level} of {sure.resamples:,} resamples of "
        "the sessions, of a difference on the same ones for both; “level” where that interval holds 0. It "
        "says what other shoppers would change, not another training. Training and prediction are times of "
        "the processor; parameters are what gradients learned."
    )


def _trained(found: Comparison) -> str:
    """How long GRU4Rec learned, and whether more is known to be better; "" without one."""
    asked = found.about.settings
    if asked not in PRESETS or not any(model.name in GRU4REC for model in found.whole.models):
        return ""
    epochs, best = (plural(PRESETS[name].training.epochs, "epoch") for name in (asked, "best"))
    more = "" if asked == "best" else f" only; with “best”, {best}, it may do better"
    return f"GRU4Rec was trained “{asked}”, for {epochs}{more}. "
