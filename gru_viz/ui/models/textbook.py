"""Do the textbook's claims hold on this data?"""

from __future__ import annotations

from html import escape

import streamlit as st

from gru_viz.explain.claims import Claim, claims, not_measured
from gru_viz.explain.words import Sentence, plain
from gru_viz.ui.charts import theme
from gru_viz.ui.kept import kept
from gru_viz.ui.models.elsewhere import on_cells
from gru_viz.ui.models.service import Shown

VERDICTS = {"holds": "Holds here", "does not hold": "Does not hold here", "cannot tell": "Cannot tell"}
NOTHING = "None of the claims is about the models that were compared here."
STILL = {"staticPlot": True, "displayModeBar": False, "responsive": True}


def textbook(on: Shown) -> None:
    """A card for each claim that this comparison can speak of, and what the others would need."""
    found = on.comparison
    made = claims(found)
    if not made:
        st.caption(NOTHING)
    else:
        _tally(made)
        other = on_cells() if on.shared else {}  # the Cells page is about the shop alone
        with st.container(key="gru_viz_claims"):
            for number, one in enumerate(made):
                with st.container(key=f"gru_viz_claim_{number}"):
                    _card(one, other.get(one.claim, ()))
        st.caption(
            "Computed, never written by hand, on the leaderboard’s clicks; where a card says so, GRU4Rec was "
            "trained again. One training of each: another seed may come out otherwise."
        )
    missing = not_measured(found)
    if missing:
        st.caption(missing_words(missing))


def _tally(made: tuple[Claim, ...]) -> None:
    """How many hold, in one line above the cards."""
    counts = {verdict: sum(one.verdict == verdict for one in made) for verdict in VERDICTS}
    said = ", ".join(
        f"<b>{count}</b> {words}"
        for count, words in (
            (counts["holds"], "hold" + "s" * (counts["holds"] == 1)),
            (counts["does not hold"], "do" + "es" * (counts["does not hold"] == 1) + " not"),
            (counts["cannot tell"], "cannot be told"),
        )
        if count
    )
    of = "sentence" if len(made) == 1 else "sentences"
    st.html(f'<p class="gv-said">Of {len(made)} {of} that textbooks say, on this data {said}.</p>')


def _card(one: Claim, other: Sentence) -> None:
    st.html(head(one))
    if one.chart is not None:
        from gru_viz.figures.claim import claim_figure

        chart, shown = one.chart, theme()
        figure = kept(False, ("claim", one.claim, repr(chart), shown), lambda: claim_figure(chart, shown))
        st.plotly_chart(figure, theme=None, config=STILL, alt=plain(one.figures))
    st.html(below(one, other))


def head(one: Claim) -> str:
    """HTML of the claim and its verdict; every text in it is ours."""
    return (
        f'<div class="gm-claim"><h4>{escape(one.claim)}</h4>'
        f'<span class="gm-verdict" data-verdict="{one.verdict}">{VERDICTS[one.verdict]}</span></div>'
    )


def below(one: Claim, other: Sentence = ()) -> str:
    """HTML of what came out, how it was measured and what decides; ours or computed.

    other: what another training came to, elsewhere
    """
    more = f'<p class="gm-other">{_marked(other)}</p>' if other else ""
    return (
        f'<div class="gm-claim"><p>{_marked(one.figures)}</p>{more}'
        f'<p class="gm-how">{escape(one.experiment)} {escape(one.rule)}</p></div>'
    )


def missing_words(missing: dict[str, tuple[str, ...]]) -> str:
    """Which sentences are not among the cards, and what `compare` would have to be asked for."""
    said = " · ".join(
        f"{' '.join(f'“{name}”' for name in names)} needs {needs}" for needs, names in missing.items()
    )
    return f"Not measured here: {said} (`python -m gru_viz compare`)."


def _marked(sentence: Sentence) -> str:
    return "".join(
        f"<b>{escape(part.text)}</b>" if part.kind == "number" else escape(part.text) for part in sentence
    )
