"""Do the textbook's claims hold on this data?"""

from __future__ import annotations

from html import escape

import streamlit as st

from gru_viz.compare.values import Comparison
from gru_viz.compare.words import share
from gru_viz.explain.claims import AS_WELL, TIMING, Claim, claims
from gru_viz.explain.words import NBSP

VERDICTS = {"holds": "Holds here", "does not hold": "Does not hold here", "cannot tell": "Cannot tell"}
NOTHING = "None of the claims is about the models that were compared here."


def textbook(found: Comparison) -> None:
    """A card for each claim that these models can speak of."""
    made = claims(found)
    if not made:
        st.caption(NOTHING)
        return
    st.html(cards(made))
    st.caption(
        "Computed from the same results as the leaderboard. Quality decides by the interval of a difference "
        f"over resampled sessions (as well: {share(AS_WELL)} less at most), time by more than "
        f"{100 * TIMING:.0f}{NBSP}%. "
        "One training of each: another seed may come out otherwise."
    )


def cards(made: tuple[Claim, ...]) -> str:
    """HTML; every text in it is ours or computed."""
    return f'<div class="gm-claims">{"".join(map(_card, made))}</div>'


def _card(one: Claim) -> str:
    figures = "".join(
        f"<b>{escape(part.text)}</b>" if part.kind == "number" else escape(part.text) for part in one.figures
    )
    return (
        f'<section class="gm-claim"><h4>{escape(one.claim)}</h4>'
        f'<p class="gm-verdict" data-verdict="{one.verdict}">{VERDICTS[one.verdict]}</p>'
        f'<p>{figures}</p><p class="gm-how">{escape(one.experiment)}</p></section>'
    )
