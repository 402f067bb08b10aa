"""The further questions of the What-if page, one open at a time and only that one computed."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

import streamlit as st

from gru_viz.edits import apply
from gru_viz.explain.ablation import Ablation, ablation, ablation_sentence
from gru_viz.explain.flip import (
    Flip,
    flip_sentence,
    smallest_ablation,
    smallest_deletion,
    smallest_replacement,
    smallest_swap,
)
from gru_viz.explain.words import plain
from gru_viz.interventions import ablate
from gru_viz.trace import Trace
from gru_viz.ui import state, variants
from gru_viz.ui.charts import chart, theme
from gru_viz.ui.current import Current
from gru_viz.ui.editor.scene import Scene, items_of
from gru_viz.ui.kept import kept
from gru_viz.ui.said import said
from gru_viz.ui.sources import Source, is_shared
from gru_viz.ui.text import cut
from gru_viz.ui.view import View, explain
from gru_viz.ui.what_if.history import keep

CANDIDATES = 50  # items tried in the place of a click: those that the model expects most
_QUESTION, _AGAINST = (f"gru_viz.what_if.{name}" for name in ("question", "against"))


def questions(now: Current, scene: Scene, view: View) -> None:
    """The switch between the questions, and the one that is open."""
    st.session_state[_QUESTION] = view.question
    st.segmented_control(
        "Look deeper",
        list(QUESTIONS),
        key=_QUESTION,
        format_func=lambda name: QUESTIONS[name][0],
        on_change=lambda: state.put(replace(state.held(), question=st.session_state[_QUESTION])),
    )
    if view.question is not None:
        QUESTIONS[view.question][1](now, scene, view)


# --- which units matter


def _units(now: Current, scene: Scene, view: View) -> None:
    from gru_viz.figures.units_effect import units_effect_figure

    trace, layer = scene.variant, now.view.layer
    assert layer is not None
    against = _against(scene, view)
    about = _about(now, trace)
    item, step = scene.changes.item, scene.steps[1]
    key = (about, item, against, step, layer)
    found = kept(is_shared(now.source), ("units", *key), lambda: _ablation(now, trace, *key[1:]))
    words = ablation_sentence(trace, found)
    said(words)
    shown = theme()
    drawn = ("units figure", shown, *key)
    chart(kept(is_shared(now.source), drawn, lambda: units_effect_figure(found, shown)), words)


def _against(scene: Scene, view: View) -> int | None:
    """The item that is subtracted, if one is chosen."""
    catalog, item = scene.variant.catalog, scene.changes.item
    best = [i for i in scene.changes.items.tolist() if i != item]
    chosen = None if view.against is None else catalog.index(view.against)
    if chosen == item:
        chosen = None
    if chosen is not None and chosen not in best:
        best.append(chosen)
    st.session_state[_AGAINST] = chosen
    st.selectbox(
        "against",
        best,
        key=_AGAINST,
        index=None,
        placeholder="its score alone, or minus another item's",
        format_func=lambda i: f"minus {cut(catalog.titles[i])}",
        on_change=lambda: state.put(_compared(scene, st.session_state[_AGAINST])),
        width=360,
        label_visibility="collapsed",
    )
    return chosen


def _compared(scene: Scene, against: int | None) -> View:
    ids = scene.variant.catalog.ids
    return explain(state.held(), ids[scene.changes.item], None if against is None else ids[against])


def _ablation(now: Current, trace: Trace, item: int, against: int | None, step: int, layer: int) -> Ablation:
    return ablation(trace, item, now.source.last_clicks_forced, against, step, layer, now.source.weights)


# --- the smallest change


def _flips(now: Current, scene: Scene, view: View) -> None:
    trace, layer = scene.variant, now.view.layer
    assert layer is not None
    if trace.interventions:
        st.caption("Where something is forced only units are tried: what to force after an edit is not said.")
    about = ("flips", _about(now, trace), scene.steps[1], layer)
    with st.spinner("Trying every smallest change …"):
        flips = kept(
            is_shared(now.source), about, lambda: _smallest(now.source, trace, scene.steps[1], layer)
        )
    for flip in flips:
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(width="content"):
                said(flip_sentence(trace, flip))
            if flip.after is not None:
                st.button(
                    "Show it",
                    key=f"gru_viz.what_if.flip.{flip.kind}",
                    on_click=lambda flip=flip: _show(scene, flip, now.source.model.config.units),
                    help=f"Make a variant with it: {plain(flip_sentence(trace, flip))}",
                )


def _smallest(source: Source, trace: Trace, step: int, layer: int) -> tuple[Flip, ...]:
    units = smallest_ablation(trace, source.last_clicks_forced, step, layer)
    if trace.interventions:
        return (units,)
    candidates = trace.ranking(step, CANDIDATES).tolist()
    return (
        smallest_deletion(trace, source.last_clicks, step),
        smallest_swap(trace, source.last_clicks, step),
        smallest_replacement(trace, source.last_clicks, candidates, step),
        units,
    )


def _show(scene: Scene, flip: Flip, units: tuple[int, ...]) -> None:
    """The flip as a variant of its own, compared with the one it was found in."""
    from gru_viz.errors import InputError

    held = state.held()
    own, catalog = items_of(scene.traces[0]), scene.variant.catalog
    try:
        shown = variants.duplicated(held, own, held.shown)
        if flip.units:
            layer = -1 if flip.layer == len(units) - 1 else flip.layer
            after = variants.forced(
                shown, own, (*scene.variant.interventions, ablate(flip.units, layer=layer))
            )
        else:
            items = apply(flip.edits, scene.variant.items)
            after = variants.edited(shown, own, tuple(catalog.ids[i] for i in items))
        after = variants.pin(after, held.shown)
    except InputError as error:
        state.remark(f"{error}.")
        return
    keep(held, after)
    state.put(replace(after, at=None if len(scene.variant) == flip.step + 1 else flip.step + 1))


def _about(now: Current, trace: Trace) -> Hashable:
    """The key of what is worked out from this trace."""
    return (now.source.digest, items_of(trace), trace.interventions)


QUESTIONS = {
    "units": ("Which units matter here?", _units),
    "flip": ("What is the smallest change that flips it?", _flips),
}
