"""The further questions of the Memory page, one open at a time and only that one computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from gru_viz.explain.forgetting import forgetting, forgetting_sentence
from gru_viz.explain.gradient import gradient_flow, gradient_sentence
from gru_viz.explain.lens import lens, lens_sentence
from gru_viz.explain.remembering import remembering, remembering_sentence
from gru_viz.explain.reset import reset_effect, reset_sentence
from gru_viz.explain.retention import half_life_sentence, half_lives, retention, retention_sentence
from gru_viz.explain.why import top_click
from gru_viz.ui import state
from gru_viz.ui.charts import chart
from gru_viz.ui.memory.answer import Answer
from gru_viz.ui.memory.maths import MATHS
from gru_viz.ui.memory.whole_log import whole_log
from gru_viz.ui.said import said
from gru_viz.ui.text import cut

_PANEL, _UNIT, _CLICK = (f"gru_viz.memory.{name}" for name in ("panel", "unit", "click"))


@dataclass(frozen=True)
class Panel:
    """One question as the switch names it, and how its answer is drawn."""

    label: str
    draw: Callable[[Answer], None]


def panels(answer: Answer) -> None:
    """The switch between the questions, and the one that is open: at first none, the page is full enough."""
    st.session_state[_PANEL] = answer.now.view.panel
    st.segmented_control(
        "Look deeper",
        list(PANELS),
        key=_PANEL,
        format_func=lambda name: PANELS[name].label,
        on_change=lambda: state.put(replace(state.held(), panel=st.session_state[_PANEL])),
    )
    name = answer.now.view.panel
    if name is None:
        return
    PANELS[name].draw(answer)
    # closed it is empty: typesetting formulas takes the browser as long as drawing a chart
    maths = st.expander("How this is worked out", key="gru_viz.memory.maths", on_change="rerun")
    if maths.open:
        maths.markdown(MATHS[name])


def _carried(answer: Answer) -> None:
    from gru_viz.figures.half_lives import half_lives_figure
    from gru_viz.figures.retention_triangle import retention_triangle

    top = answer.trace.layers[-1]
    lives = half_lives(top)
    left, right = st.columns([7, 5], gap="large")
    with left:
        unit = _unit(answer, lives)
        shares = retention(top, unit)
        words = retention_sentence(answer.trace, shares, answer.step)
        said(words)
        chart(
            lambda theme: retention_triangle(shares, answer.trace, answer.step, theme),
            answer.about("carried", unit),
            words,
        )
    with right:
        words = half_life_sentence(top)
        said(words)
        chart(lambda theme: half_lives_figure(lives, theme), answer.about("half-lives"), words)


def _unit(answer: Answer, lives: np.ndarray) -> int | None:
    """Whose memory: the mean over units, or one of them, those that keep longest first."""
    order = np.argsort(-lives, kind="stable").tolist()
    top = len(answer.trace.layers) - 1
    chosen = answer.now.view.unit if answer.now.view.layer == top else None
    st.session_state[_UNIT] = chosen
    st.selectbox(
        "Units",
        order,
        key=_UNIT,
        index=None,
        placeholder="all units, on average",
        format_func=lambda unit: f"unit {unit}",
        on_change=lambda: state.put(replace(state.held(), unit=st.session_state[_UNIT], layer=None)),
        width=280,
        label_visibility="collapsed",
    )
    return chosen


def _remembers(answer: Answer) -> None:
    from gru_viz.figures.remembering import remembering_figure

    value = remembering(answer.trace, answer.now.source.last_clicks, answer.step)
    words = remembering_sentence(answer.trace, value, answer.step)
    said(words)
    chart(
        lambda theme: remembering_figure(value, answer.trace, answer.step, theme),
        answer.about("remembers"),
        words,
    )


def _forgets(answer: Answer) -> None:
    from gru_viz.figures.forgetting import forgetting_figure

    value = forgetting(answer.trace, answer.now.source.record_all, _click(answer))
    words = forgetting_sentence(answer.trace, value)
    said(words)
    chart(
        lambda theme: forgetting_figure(value, answer.trace, theme),
        answer.about("forgets", value.click),
        words,
    )


def _click(answer: Answer) -> int:
    """The click whose forgetting is shown: the one chosen, else the one that matters most before this one."""
    earlier = top_click(answer.why.deletion.score_drop[:-1]) if answer.step > 0 else None
    clicks = range(len(answer.trace))
    asked = answer.now.view.click
    chosen = (earlier or 0) if asked is None or asked > len(clicks) else asked - 1
    titles = [answer.trace.catalog.titles[item] for item in answer.trace.items]
    st.session_state[_CLICK] = chosen
    st.selectbox(
        "Click",
        clicks,
        key=_CLICK,
        format_func=lambda click: f"click {click + 1} · {cut(titles[click])}",
        on_change=lambda: state.put(replace(state.held(), click=st.session_state[_CLICK] + 1)),
        width=360,
        label_visibility="collapsed",
    )
    return chosen


def _lens(answer: Answer) -> None:
    from gru_viz.figures.lens import lens_figure

    value = lens(answer.trace, answer.now.source.weights, step=answer.step)
    words = lens_sentence(answer.trace, value)
    said(words)
    catalog = answer.trace.catalog
    chart(lambda theme: lens_figure(value, catalog, theme), answer.about("lens"), words)


def _reset(answer: Answer) -> None:
    from gru_viz.figures.reset import reset_figure

    effect = reset_effect(answer.trace, answer.now.source.weights)
    words = reset_sentence(answer.trace, effect, answer.step)
    said(words)
    chart(lambda theme: reset_figure(effect, answer.trace, answer.step, theme), answer.about("reset"), words)


def _gradient(answer: Answer) -> None:
    from gru_viz.figures.gradient import gradient_figure

    flow = gradient_flow(answer.trace, answer.now.source.weights, step=answer.step)
    words = gradient_sentence(answer.trace, flow)
    said(words)
    chart(lambda theme: gradient_figure(flow, answer.trace, theme), answer.about("gradient"), words)


PANELS = {
    "carried": Panel("What is carried?", _carried),
    "remembers": Panel("Does it remember?", _remembers),
    "forgets": Panel("How fast does it forget?", _forgets),
    "lens": Panel("Memory alone, click alone?", _lens),
    "reset": Panel("Does the reset gate matter?", _reset),
    "gradient": Panel("Where do gradients flow?", _gradient),
    "log": Panel("And over the whole log?", whole_log),
}
