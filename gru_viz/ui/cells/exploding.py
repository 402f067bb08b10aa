"""What if the gradient explodes, and what does clipping do about it?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from gru_viz.errors import InputError
from gru_viz.explain.claims.elsewhere import clipping_on_models
from gru_viz.explain.explosion import FILE, Explosion, read
from gru_viz.explain.explosion_words import comparison_sentence, longest_step, run_sentence, setting_words
from gru_viz.ui import state
from gru_viz.ui.cells.asked import asked
from gru_viz.ui.changed import changed
from gru_viz.ui.charts import chart, theme
from gru_viz.ui.fields import follow
from gru_viz.ui.models.elsewhere import of_the_leaderboard
from gru_viz.ui.said import said
from gru_viz.ui.sources import SAMPLE_DATA
from gru_viz.ui.text import escape_markdown

_CLIP = "gru_viz.cells.clip"
OFF, ON = "off", "on"
_MATHS = r"""
Learning goes back through the clicks, and each one multiplies the gradient by a matrix. In a vanilla RNN,
$h_t = \tanh(W x_t + U h_{t-1} + b)$,

$$
\frac{\partial h_T}{\partial h_t} = \prod_{k=T}^{t+1} \mathrm{diag}(1-h_k^2)\,U,
$$

$$
\left\|\frac{\partial h_T}{\partial h_t}\right\| \le \sigma_{\max}(U)^{\,T-t}
$$

because $1-h_k^2 \le 1$. Where the largest singular value $\sigma_{\max}(U)$ is below 1 the product must
vanish. Above 1 it *may* grow with every click, where the tanh is not saturated. At this start
$\sigma_{\max}(U)$ is STRETCH and the spectral radius of $U$ is RADIUS. A GRU's factor is
$\mathrm{diag}(1-z_k)$ plus what goes through the gates and the candidate: what a gate keeps is passed on as
it is, however large $U$ is.

**Clipping** (Pascanu, Mikolov and Bengio 2013, arXiv 1211.5063): where the gradient $g$ of an update is
longer than $c$,

$$
g \leftarrow g\,\frac{c}{\|g\|}
$$

Its direction stays, its length becomes $c$, and with the rate $\eta$ no update moves the weights further than
$\eta\,c = LARGEST$. Without clipping the longest of these steps had a length of STEP: far beyond the place
whose slope the gradient had measured.

**Why plain gradient descent?** Adam and Adagrad divide every gradient by its usual size. One that explodes
makes hardly a longer step with them, and those that follow are shorter: that would hide what this is to
show, and is one reason why they are used.
"""


def exploding() -> None:
    """The question, what came out, the switch, the chart, how it was done; the equations one click deeper."""
    st.markdown("### What if the gradient explodes?")
    file = SAMPLE_DATA / FILE
    try:
        found = _read(file, changed(file))
    except InputError as error:
        st.info(escape_markdown(str(error)))
        return
    said(comparison_sentence(found))
    clipped = _switch()
    words = run_sentence(found, clipped)
    said(words)
    from gru_viz.figures.explosion import explosion_figure

    chart(explosion_figure(found, clipped, theme()), words)
    other = of_the_leaderboard(clipping_on_models)
    if other:
        said(other, "trust")
    st.caption(f"{setting_words(found)} `python -m gru_viz cells` trains and measures it again.")
    question = "Why does it explode, and what does clipping do?"
    asked(question, "exploding", lambda: _maths(found))


@st.cache_resource(max_entries=2, show_spinner=False)
def _read(file: Path, when: int) -> Explosion:
    del when  # part of the cache's key only
    return read(file)


def _switch() -> bool:
    """Is the run with clipping the one to show?"""
    clipped = state.get().clip
    follow(_CLIP, ON if clipped else OFF)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("Clip the gradient", width="content")
        st.segmented_control(
            "Clip the gradient",
            (OFF, ON),
            key=_CLIP,
            on_change=lambda: state.put(replace(state.held(), clip=st.session_state[_CLIP] == ON)),
            label_visibility="collapsed",
            required=True,
        )
    return clipped


def _maths(found: Explosion) -> None:
    setting = found.setting
    numbers = {
        "STRETCH": f"{found.stretch:.1f}",
        "RADIUS": f"{found.radius:.1f}",
        "LARGEST": f"{setting.rate * setting.clip:g}",
        "STEP": longest_step(found),
    }
    text = _MATHS
    for name, value in numbers.items():
        text = text.replace(name, value)
    st.markdown(text)
