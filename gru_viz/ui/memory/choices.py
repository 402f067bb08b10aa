"""Which item should be explained, and against which other one?"""

from __future__ import annotations

import streamlit as st

from gru_viz.catalog import Catalog
from gru_viz.data.shop import Scenario
from gru_viz.ui import state
from gru_viz.ui.lookup import lookup, nothing_found
from gru_viz.ui.memory.answer import Answer
from gru_viz.ui.text import cut, escape_markdown
from gru_viz.ui.view import explain, look

CHOICES = 30  # recommended items offered by name; any other is found by typing
_KEYS = {"item": "gru_viz.memory.item", "against": "gru_viz.memory.against"}


def choices(answer: Answer) -> None:
    """Two fields, the item and what it is compared with; and the story's own question."""
    catalog, view = answer.trace.catalog, answer.now.view
    ranking = answer.trace.ranking(answer.step, CHOICES).tolist()
    more = [
        i for i in (_clicked_next(answer), answer.item, answer.against) if i is not None and i not in ranking
    ]
    ids = [catalog.ids[i] for i in (*ranking, *dict.fromkeys(more))]
    st.session_state[_KEYS["item"]] = view.item
    st.session_state[_KEYS["against"]] = None if answer.against is None else catalog.ids[answer.against]
    left, right = st.columns(2)
    left.selectbox(
        "Why this item",
        ids,
        key=_KEYS["item"],
        index=None,
        placeholder=f"the first: {cut(catalog.titles[answer.item], 28)}",
        format_func=lambda item_id: _label(answer, item_id),
        accept_new_options=True,
        on_change=lambda: _chosen("item", catalog),
        help="Any of the first recommended, or type the title or id of another item. Emptied, it is always "
        "the one recommended first.",
    )
    right.selectbox(
        "and not that one",
        [item_id for item_id in ids if item_id != catalog.ids[answer.item]],
        key=_KEYS["against"],
        index=None,
        placeholder="no other item",
        format_func=lambda item_id: _label(answer, item_id),
        accept_new_options=True,
        on_change=lambda: _chosen("against", catalog),
        help="Explains how far the first is ahead of the second.",
    )
    session = view.session
    story = answer.now.stories.get(session.name) if session.kind == "story" else None
    if story is not None and story.ask is not None:
        _suggestion(answer, story, story.ask)


def _suggestion(answer: Answer, story: Scenario, ask: tuple[int, str, str]) -> None:
    step, item, against = ask
    catalog = answer.trace.catalog
    if step > len(answer.trace) or answer.trace.catalog.ids[answer.trace.items[0]] != story.items[0]:
        return  # the person has made another session of it
    asked = explain(look(state.held(), {"step": step}), item, against)
    if asked == look(state.held(), {"step": answer.step + 1}):
        return
    titles = [escape_markdown(catalog.titles[catalog.index(name)]) for name in (item, against)]
    st.button(
        f"Ask at click {step}: why {titles[0]} and not {titles[1]}?",
        on_click=lambda: state.jump(asked),
        wrap=True,
    )


def _clicked_next(answer: Answer) -> int | None:
    after = answer.trace.items[answer.step + 1 :]
    return int(after[0]) if len(after) else None


def _label(answer: Answer, item_id: str) -> str:
    catalog = answer.trace.catalog
    if item_id not in catalog:
        return item_id  # being typed
    item = catalog.index(item_id)
    rank = answer.trace.rank(item, answer.step)
    mark = " ✓ clicked next" if item == _clicked_next(answer) else ""
    return f"{rank if rank is not None else '–'} · {cut(catalog.titles[item], 36)}{mark}"


def _chosen(which: str, catalog: Catalog) -> None:
    """What was chosen, or the item that what was typed finds; a search that finds nothing changes nothing."""
    text = st.session_state[_KEYS[which]]
    found = None if text is None else lookup(text, catalog)
    if text is not None and found is None:
        state.remark(nothing_found(text))
        return
    view = state.held()
    item, against = (found, view.against) if which == "item" else (view.item, found)
    state.put(explain(view, item, against))
