"""How does a sentence stand on a page, hostile titles and all?"""

from __future__ import annotations

from html import escape
from typing import Literal

import streamlit as st

from gru_viz.explain.words import Part, Sentence
from gru_viz.figures.palette import QUANTITIES
from gru_viz.ui.charts import theme


def said(sentence: Sentence, kind: Literal["lead", "said", "trust"] = "said") -> None:
    """One sentence, numbers and titles strong, quantities in their colour.

    kind: the page's first sentence is its "lead"; "trust" is small print
    """
    st.html(f'<p class="gv-{kind}">{"".join(map(_marked, sentence))}</p>')


def _marked(part: Part) -> str:
    text = escape(part.text)
    if part.kind == "text":
        return text
    if part.kind == "number":
        return f"<b>{text}</b>"
    if part.kind in QUANTITIES:
        return f'<strong style="color:{QUANTITIES[part.kind].color(theme())}">{text}</strong>'
    return f"<strong>{text}</strong>"
