"""How does a variant leave the page: to the Step and the Memory page, or as a file?"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from gru_viz.ui import state
from gru_viz.ui.current import Current
from gru_viz.ui.editor.scene import Scene, items_of
from gru_viz.ui.navigation import PAGES
from gru_viz.ui.variants import carried_on, name
from gru_viz.ui.view import View, choose_session
from gru_viz.ui.what_if.exporting import exporting


def leaving(now: Current, scene: Scene, view: View) -> None:
    """Two buttons, and the downloads; what is forced goes to no other page, and that is said."""
    with st.container(horizontal=True, vertical_alignment="center"):
        shown = name(scene.shown).lower() if scene.shown else "the session"
        st.caption(f"Open {shown} in", width="content")
        for page in ("step", "memory"):
            if st.button(page.capitalize(), key=f"gru_viz.what_if.open.{page}"):
                state.jump(opened_elsewhere(view, scene))
                st.switch_page(PAGES / f"{page}.py")
        if scene.variant.interventions:
            st.caption("Its clicks go along; what is forced does not.", width="content")
        st.space("stretch")
        exporting(now, scene)


def opened_elsewhere(view: View, scene: Scene) -> View:
    """The clicks of the one shown as a session with added items, at the compared click."""
    own, items = (items_of(trace) for trace in (scene.traces[0], scene.variant))
    step = scene.steps[1] + 1
    if own == items:
        return replace(view, step=step)
    session = choose_session(view, carried_on(view.session, own, items))
    return replace(session, step=step, item=view.item, against=view.against)
