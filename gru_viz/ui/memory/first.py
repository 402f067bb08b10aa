"""The first two views of the Memory page: memory or click, and which click is behind an item."""

from __future__ import annotations

import streamlit as st

from gru_viz.catalog import Catalog
from gru_viz.data.shop import Scenario
from gru_viz.explain.split import split, split_sentence
from gru_viz.explain.trust import trust_sentence
from gru_viz.explain.words import Part
from gru_viz.ui import state
from gru_viz.ui.charts import chart
from gru_viz.ui.memory.answer import Answer
from gru_viz.ui.said import said
from gru_viz.ui.text import cut, escape_markdown
from gru_viz.ui.view import explain, look

SPLIT_ITEMS = 8
CHOICES = 30  # recommended items offered by name; any other is found by typing
_ITEM, _AGAINST = "gru_viz.memory.item", "gru_viz.memory.against"


def memory_or_click(answer: Answer) -> None:
    """How much of each recommendation was carried, and how much is this click's?"""
    st.subheader("Memory or click?", anchor=False)
    weights = answer.now.source.weights
    if not weights.linear_top:
        st.caption("This model's top is not linear, so a score is no sum of memory and click.")
        return
    from gru_viz.figures.memory_or_click import memory_or_click as figure

    parts = split(answer.trace, weights, SPLIT_ITEMS, answer.step)
    words = split_sentence(answer.trace, parts)
    said(words)
    if answer.step > 0:
        st.caption(
            "What a click writes has already looked at the memory, through the reset gate: a short blue bar "
            "does not say that memory is unused. Which clicks it takes is seen by deleting them."
        )
    catalog, chosen = answer.trace.catalog, answer.why.item
    chart(lambda theme: figure(parts, catalog, theme, chosen), answer.about("split"), words)


def which_click(answer: Answer) -> None:
    """Which click is behind the item: deletion and the two ledgers, side by side."""
    from gru_viz.figures.three_ways import three_ways

    st.subheader("Which click is behind it?", anchor=False)
    _choices(answer)
    said(answer.why.sentence)
    chart(lambda theme: three_ways(answer.why, answer.trace, theme), answer.about("why"), answer.why.sentence)
    said((Part("✓ "), *trust_sentence(answer.trust)), kind="trust")


def _choices(answer: Answer) -> None:
    """Two fields, the item and what it is compared with; and a story's own question."""
    catalog, why = answer.trace.catalog, answer.why
    ranking = answer.trace.ranking(answer.step, CHOICES).tolist()
    more = [i for i in (_clicked_next(answer), why.item, why.against) if i is not None and i not in ranking]
    ids = [catalog.ids[i] for i in (*ranking, *dict.fromkeys(more))]
    st.session_state[_ITEM] = catalog.ids[why.item]
    st.session_state[_AGAINST] = None if why.against is None else catalog.ids[why.against]
    left, right = st.columns(2)
    left.selectbox(
        "Why this item",
        ids,
        key=_ITEM,
        format_func=lambda item_id: _label(answer, item_id),
        accept_new_options=True,
        on_change=lambda: _chosen(catalog),
        help="Any of the first recommended, or type the title or id of another item.",
    )
    right.selectbox(
        "and not that one",
        [item_id for item_id in ids if item_id != catalog.ids[why.item]],
        key=_AGAINST,
        index=None,
        placeholder="no other item",
        format_func=lambda item_id: _label(answer, item_id),
        accept_new_options=True,
        on_change=lambda: _chosen(catalog),
        help="Explains by how much the first scores above the second.",
    )
    story = answer.now.stories.get(answer.now.view.session.name)
    if story is not None and story.ask is not None:
        _suggestion(story, catalog)


def _suggestion(story: Scenario, catalog: Catalog) -> None:
    assert story.ask is not None
    step, item, against = story.ask
    view = state.held()
    asked = explain(look(view, {"step": step}), item, against)
    if asked == view or item not in catalog or against not in catalog:
        return
    titles = [escape_markdown(catalog.titles[catalog.index(name)]) for name in (item, against)]
    st.button(
        f"Ask at click {step}: why {titles[0]} and not {titles[1]}?",
        type="tertiary",
        on_click=lambda: state.jump(asked),
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


def _chosen(catalog: Catalog) -> None:
    item, against = (_found(st.session_state[key], catalog) for key in (_ITEM, _AGAINST))
    state.put(explain(state.held(), item, against))


def _found(text: str | None, catalog: Catalog) -> str | None:
    """The id chosen, or that of the first item that what was typed finds."""
    if text is None or text in catalog:
        return text
    matches = catalog.search(text, 1)
    if not matches:
        state.remark(f"No item's title, department or id has “{cut(text)}” in it.")
        return None
    return catalog.ids[matches[0]]
