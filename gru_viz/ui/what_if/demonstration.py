"""What does a forced gate do during a detour? The sample shop's own stories, one click away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from gru_viz.data.shop import Scenario
from gru_viz.interventions import keep_everything, no_memory, to_text
from gru_viz.ui import state
from gru_viz.ui.current import Current
from gru_viz.ui.view import STORY, SessionRef, Variant, View, choose_session

# Stories in which the last detour click alone decides, by the click that ends the detour. In the
# first detour it does not: tests/test_what_if_shop.py has what the shop's model does in each.
CUES = {"long-detour": "tripod", "detour-twin": "memory-card"}

WATCH = (
    "Variant 1 writes nothing during the detour (z ≡ {shut}), variant 2 writes all anew at its last click "
    "(z ≡ {open}). Watch which of them keeps the camera's lens first; a variant's name shows it."
)


def demonstration(view: View, story: Scenario) -> View:
    """The story up to its cue, beside nothing written during the detour, and all written anew at its end."""
    cue = story.items.index(CUES[story.key])
    items = story.items[: cue + 1]
    variants = (
        Variant(items, to_text([keep_everything(clicks=(1, cue - 1))])),
        Variant(items, to_text([no_memory(clicks=(cue - 1, cue - 1))])),
    )
    chosen = choose_session(view, SessionRef(STORY, story.key, len(items)))
    return replace(chosen, step=len(items), variants=variants, shown=1)


def demonstrations(now: Current) -> None:
    """A button for each story that this model knows."""
    told = [now.stories[key] for key in CUES if key in now.stories]
    if not told:
        return
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        st.caption("Demonstration", width="content")
        for story in told:
            st.button(
                {"long-detour": "Long detour", "detour-twin": "Detour's twin"}[story.key],
                key=f"gru_viz.what_if.demonstration.{story.key}",
                on_click=lambda story=story: state.jump(demonstration(state.held(), story)),
                help="The clicks twice more: with nothing written during the detour, with all at its end",
            )


def watching(view: View, stories: Mapping[str, Scenario]) -> None:
    """What to look at while a demonstration is on the page as it was opened, whichever variant is shown.

    Its place is there even when there is nothing to say: what stands below must not move in the page.
    """
    with st.container():
        for key in CUES:
            if key in stories and _on_view(view, demonstration(view, stories[key])):
                st.caption(WATCH.format(shut=int(view.keeps), open=int(not view.keeps)))


def _on_view(view: View, opened: View) -> bool:
    return (view.session, view.variants) == (opened.session, opened.variants)
