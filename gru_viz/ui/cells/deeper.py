"""What stands behind the boards, one click deeper: equations, conventions, and what cannot be done live?

Which of these questions are open is in the link.
"""

from __future__ import annotations

import streamlit as st

from gru_viz.ui.cells.asked import asked
from gru_viz.ui.cells.both_ways import both_ways
from gru_viz.ui.cells.loaded import Cells
from gru_viz.ui.current import Current
from gru_viz.ui.sources import SAMPLE

EQUATIONS = {
    "Vanilla RNN": r"""
$$
h_t = \tanh(W x_t + U h_{t-1} + b)
$$

Every click writes the whole state anew. What is remembered must pass through $U$ and the tanh at every
click: $\partial h_t/\partial h_{t-1} = \mathrm{diag}(1-h_t^2)\,U$. (Elman 1990)
""",
    "LSTM": r"""
$$
\begin{aligned}
f_t &= \sigma(W_f x_t + U_f h_{t-1} + b_f)\\
i_t &= \sigma(W_i x_t + U_i h_{t-1} + b_i)\\
o_t &= \sigma(W_o x_t + U_o h_{t-1} + b_o)\\
\tilde c_t &= \tanh(W_c x_t + U_c h_{t-1} + b_c)\\
c_t &= f_t \odot c_{t-1} + i_t \odot \tilde c_t\\
h_t &= o_t \odot \tanh(c_t)
\end{aligned}
$$

Keeping and writing have a gate each, and a third decides what is shown.
(Hochreiter and Schmidhuber 1997; forget gate: Gers et al. 2000)
""",
    "GRU": r"""
$$
\begin{aligned}
z_t &= \sigma(W_z x_t + U_z h_{t-1} + b_z)\\
r_t &= \sigma(W_r x_t + U_r h_{t-1} + b_r)\\
CANDIDATE\\
h_t &= (1-z_t) \odot h_{t-1} + z_t \odot \tilde h_t
\end{aligned}
$$

One gate both keeps and writes: what is written makes room for itself. (Cho et al. 2014)
""",
}

# of a GRU, by where its reset gate acts
CANDIDATE = {
    "before": r"\tilde h_t &= \tanh(W_h x_t + U_h (r_t \odot h_{t-1}) + b_h)",
    "after": r"\tilde h_t &= \tanh(W_h x_t + r_t \odot (U_h h_{t-1} + c_h) + b_h)",
}

COMMON_FORM = r"""
All three have one form, and every picture in this app is drawn from it:
$\mathrm{state}_t = \mathrm{keep}_t \odot \mathrm{state}_{t-1} + \mathrm{write}_t$. The RNN keeps $0$, the
LSTM $f$ (its state is $c$), the GRU $1-z$.
"""

CONVENTIONS = r"""
**What z means.** In the GRU4Rec paper and here *z writes*: $h = (1-z)\,h + z\,\tilde h$. In PyTorch and
Keras *z keeps*: $h = z\,h + (1-z)\,\tilde h$. That is a name only:
$z_\mathrm{keeps} = 1 - z_\mathrm{writes}$, and the switch beside the steps turns it round.

**Where r acts.** *Reset before*: $U_h (r \odot h)$, as in Cho et al. 2014 and in GRU4Rec. *Reset after*:
$r \odot (U_h h + c)$, as in cuDNN, PyTorch and Keras, because one product $U h$ then serves all gates. That
is no name but another function. With reset before, unit $j$'s gate decides how much of unit $j$ *every*
candidate sees; with reset after, unit $i$'s gate decides how much of *all* of memory its *own* candidate
sees. In the first $\partial \tilde h_i/\partial h_j$ goes with $r_j$, in the second with $r_i$. So, except
for special cases such as a single unit or gates that are all alike, no weights of one give the other, and
a model keeps the one it was trained with.
"""
SHOP_RESET = (
    "The shop's own GRU has reset before. The switch above the boards sets another model in its place, "
    "trained the same way with reset after."
)


def deeper(now: Current, compared: Cells) -> None:
    """Three questions, closed at first."""
    asked("The equations of the three cells", "equations", lambda: _equations(compared))
    conventions = "z writes or keeps, reset before or after: does it matter?"
    asked(conventions, "conventions", lambda: _conventions(compared))
    asked("Why not read the session from both ends?", "both_ways", lambda: both_ways(now))


def _equations(compared: Cells) -> None:
    candidate = CANDIDATE[_reset(compared) or "before"]
    for column, (name, text) in zip(st.columns(len(EQUATIONS), gap="large"), EQUATIONS.items(), strict=True):
        column.markdown(f"**{name}**\n{text.replace('CANDIDATE', candidate)}")
    st.markdown(COMMON_FORM)


def _conventions(compared: Cells) -> None:
    st.markdown(CONVENTIONS)
    reset = _reset(compared)
    if all(source.key == SAMPLE for source in compared.sources.values()):
        st.markdown(SHOP_RESET)
    elif reset is not None:
        st.markdown(f"The GRU above has reset {reset}.")


def _reset(compared: Cells) -> str | None:
    """Where the reset of the GRU acts that is there."""
    gru = compared.sources.get("gru")
    return None if gru is None else gru.model.config.reset
