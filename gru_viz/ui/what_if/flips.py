"""What is the least that would have to change for another item to come first?"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from gru_viz.edits import apply
from gru_viz.errors import InputError
from gru_viz.explain.flip import (
    Flip,
    smallest_ablation,
    smallest_deletion,
    smallest_replacement,
    smallest_swap,
)
from gru_viz.explain.flip_words import flip_sentence
from gru_viz.explain.words import plain
from gru_viz.interventions import ablate
from gru_viz.trace import Trace
from gru_viz.ui import state, variants
from gru_viz.ui.current import Current
from gru_viz.ui.editor.scene import Scene, items_of
from gru_viz.ui.kept import kept
from gru_viz.ui.said import said
from gru_viz.ui.sources import Source, is_shared
from gru_viz.ui.text import escape_markdown
from gru_viz.ui.view import View
from gru_viz.ui.what_if.history import keep

CANDIDATES = 50  # items tried in the place of a click: those that the model expects most


def flips(now: Current, scene: Scene, view: View) -> None:
    """One sentence a kind of change, and a button that makes a variant of it."""
    trace, layer = scene.variant, now.view.layer
    assert layer is not None
    if trace.interventions:
        st.caption(
            "While a gate or a state is held, only units to hold at 0 are tried. To have clicks deleted, "
            "swapped and replaced, too, take away what is held: the × on its label."
        )
    else:
        st.caption(f"Replacements tried: the {CANDIDATES} items that the model expects most.")
    about = ("flips", now.source.digest, items_of(trace), trace.interventions, scene.steps[1], layer)
    with st.spinner("Trying every smallest change …"):
        found = kept(
            is_shared(now.source), about, lambda: _smallest(now.source, trace, scene.steps[1], layer)
        )
    for flip in found:
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            if flip.after is not None:
                st.button(
                    "Show it",
                    key=f"gru_viz.what_if.flip.{flip.kind}",
                    on_click=lambda flip=flip: _show(scene, flip, now.source.model.config.units),
                    help=f"Make a variant with it: {escape_markdown(plain(flip_sentence(trace, flip)))}",
                )
            with st.container(width="stretch"):
                said(flip_sentence(trace, flip))


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
