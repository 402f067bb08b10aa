"""Which units matter for the followed item, here?"""

from __future__ import annotations

import numpy as np
import streamlit as st

from gru_viz.errors import InputError
from gru_viz.explain.ablation import Ablation, ablation, ablation_sentence
from gru_viz.ui import state
from gru_viz.ui.charts import chart, theme
from gru_viz.ui.current import Current
from gru_viz.ui.editor.scene import Scene, items_of
from gru_viz.ui.kept import kept
from gru_viz.ui.said import said
from gru_viz.ui.sources import is_shared
from gru_viz.ui.text import cut
from gru_viz.ui.view import View, explain

_AGAINST = "gru_viz.what_if.against"


def units(now: Current, scene: Scene, view: View) -> None:
    """The field for a second item, one sentence, and a bar a unit."""
    from gru_viz.figures.units_effect import units_effect_figure

    layer = now.view.layer
    assert layer is not None
    against = _against(scene, view)
    _choice(scene, against)
    found = _ablated(now, scene, against, layer)
    words = ablation_sentence(scene.variant, found)
    said(words)
    shown = theme()
    drawn = ("units figure", shown, *_key(now, scene, against, layer))
    chart(kept(is_shared(now.source), drawn, lambda: units_effect_figure(found, shown)), words)


def mattering(now: Current, scene: Scene, view: View, layer: int, most: int) -> tuple[int, ...]:
    """The `most` units of `layer` that matter most, rising, as the question's answer has them.

    Raises InputError where the scores were not kept.
    """
    found = _ablated(now, scene, _against(scene, view), layer)
    if np.isnan(found.drop[:most]).any():
        raise InputError("which units matter is not known: the scores of the followed item were not kept")
    return tuple(sorted(found.units[:most].tolist()))


def _ablated(now: Current, scene: Scene, against: int | None, layer: int) -> Ablation:
    def run() -> Ablation:
        rerun, weights = now.source.last_clicks_forced, now.source.weights
        return ablation(scene.variant, scene.changes.item, rerun, against, scene.steps[1], layer, weights)

    return kept(is_shared(now.source), ("units", *_key(now, scene, against, layer)), run)


def _key(now: Current, scene: Scene, against: int | None, layer: int) -> tuple[object, ...]:
    """All that the answer depends on."""
    trace = scene.variant
    about = (now.source.digest, items_of(trace), trace.interventions)
    return (about, scene.changes.item, against, scene.steps[1], layer)


def _against(scene: Scene, view: View) -> int | None:
    """The item that is subtracted, if one is chosen."""
    chosen = None if view.against is None else scene.variant.catalog.index(view.against)
    return None if chosen == scene.changes.item else chosen


def _choice(scene: Scene, against: int | None) -> None:
    """The field for it: any of the two lists."""
    catalog, item = scene.variant.catalog, scene.changes.item
    best = [i for i in scene.changes.items.tolist() if i != item]
    if against is not None and against not in best:
        best.append(against)
    st.session_state[_AGAINST] = against
    st.selectbox(
        "against",
        best,
        key=_AGAINST,
        index=None,
        placeholder=f"{cut(catalog.titles[item], 24)} alone, or against …",
        format_func=lambda i: f"against {cut(catalog.titles[i])}",
        on_change=lambda: state.put(_compared(scene, st.session_state[_AGAINST])),
        width=400,
        label_visibility="collapsed",
    )


def _compared(scene: Scene, against: int | None) -> View:
    ids = scene.variant.catalog.ids
    return explain(state.held(), ids[scene.changes.item], None if against is None else ids[against])
