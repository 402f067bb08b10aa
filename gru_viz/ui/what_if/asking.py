"""Which item should be put in the place of a click, or after it, or be followed?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from gru_viz.ui import state
from gru_viz.ui.current import Current
from gru_viz.ui.editor.scene import Scene
from gru_viz.ui.lookup import lookup, nothing_found
from gru_viz.ui.text import cut, escape_markdown

CHOICES = 30  # recommended items offered by name; any other is found by typing
_ASKING, _ITEM = "gru_viz.what_if.asking", "gru_viz-what_if-item"


def ask(event: Mapping[str, Any]) -> None:
    """Open the search for a click of the one shown, or for the item to follow."""
    action, click = event.get("action"), event.get("click")
    if action in ("replace", "insert", "follow") and isinstance(click, int) and click >= 0:
        st.session_state[_ASKING] = {"action": action, "click": click}
        st.session_state[_ITEM] = None


def asking() -> dict[str, Any] | None:
    """What the search is open for: {action, click}."""
    return st.session_state.get(_ASKING)


def stop_asking() -> None:
    st.session_state.pop(_ASKING, None)


def search(now: Current, scene: Scene, do: Callable[[dict[str, Any]], None]) -> None:
    """The field that finds an item, where one is asked for. Its place is there even when it is not."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        asked, trace = asking(), scene.variant
        if asked is None or asked["click"] >= len(trace):
            return
        catalog = trace.catalog
        st.selectbox(
            _question(scene, asked),
            _expected(scene, asked),
            key=_ITEM,
            index=None,
            placeholder="choose an item, or type a title, a department or an id",
            format_func=lambda item: cut(catalog.titles[item]) if isinstance(item, int) else str(item),
            accept_new_options=True,
            on_change=lambda: _chosen(scene, asked, do),
            width=460,
        )
        st.button("Leave it as it is", on_click=stop_asking, type="tertiary")


def _question(scene: Scene, asked: Mapping[str, Any]) -> str:
    if asked["action"] == "follow":
        return "Follow another item"
    trace, click = scene.variant, asked["click"]
    title = escape_markdown(cut(trace.catalog.titles[int(trace.items[click])]))
    return f"{'Replace' if asked['action'] == 'replace' else 'Insert after'} click {click + 1}, {title}"


def _expected(scene: Scene, asked: Mapping[str, Any]) -> list[int]:
    """What the model expected there comes first."""
    action, click = asked["action"], asked["click"]
    step = scene.steps[1] if action == "follow" else max(click - (action == "replace"), 0)
    best: list[int] = scene.variant.ranking(step, CHOICES).tolist()
    return best


def _chosen(scene: Scene, asked: Mapping[str, Any], do: Callable[[dict[str, Any]], None]) -> None:
    catalog, chosen = scene.variant.catalog, st.session_state[_ITEM]
    if chosen is None:
        return
    item = lookup(chosen, catalog) if isinstance(chosen, str) else catalog.ids[chosen]
    if item is None:
        state.remark(nothing_found(chosen))
        st.session_state[_ITEM] = None
    elif asked["action"] == "follow":
        do({"do": "follow", "item": catalog.index(item)})
    else:
        click = asked["click"] + (asked["action"] == "insert")
        do({"do": "edit", "action": asked["action"], "click": click, "item": item})
