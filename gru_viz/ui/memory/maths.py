"""How is each answer of the Memory page worked out? One click deeper than the page itself."""

from __future__ import annotations

# Markdown with TeX: by the panel's name in view.PANELS, or by it and the kind of cell where they differ.
MATHS: dict[str, str | dict[str, str]] = {
    "carried": {
        "gru": r"""
Of click $k$ the share $A_{k,t} = z_k\prod_{j=k+1}^{t}(1-z_j)$ of the memory after click $t$ was written
there; with what is left of the empty start a row sums to 1, for every unit. Only the direct path counts:
what later clicks copy from memory through their candidate is booked to them.

A unit's half-life is $\ln 2 / -\ln(\overline{1-z})$, as if it kept at its mean rate over this session.
""",
        "lstm": r"""
The memory is $c_t = f_t \odot c_{t-1} + i_t \odot \tilde c_t$, of which $h_t = o_t \odot \tanh c_t$ is
shown. Of click $k$ the share $A_{k,t} = (1-f_k)\prod_{j=k+1}^{t} f_j$ of the memory after click $t$ counts
as written there, the room that its forget gate made; with what is left of the empty start a row sums to
1, for every unit. An LSTM may write more or less than that: its input gate is a gate of its own. Only the
direct path counts: what later clicks copy from memory through $h$ is booked to them.

A unit's half-life is $\ln 2 / -\ln(\overline{f})$, as if it kept at its mean rate over this session.
""",
        "rnn": r"""
$h_t = \tanh(W x_t + U h_{t-1} + b)$: there is no gate, and nothing of $h_{t-1}$ stays as it was. With
$\mathrm{keep} = 0$ the share of the memory after click $t$ that was written at it is 1, whatever the
session. What is remembered is written again at every click, through $U$.
""",
    },
    "remembers": r"""
The model is run again on the last 1, 2, 3, … clicks alone, from an empty memory, and what it recommends
is compared with what it recommends after the whole session. Where one click gives the same list, the
earlier ones are not used here.
""",
    "forgets": {
        "gru": r"""
*Foretold by the gates*: the share of what the click wrote that the update gates let through,
$\prod_j (1-z_j)$, weighted by what was written.

*Measured*: other items are put in the place of the click, the session is run again, and what differs is
counted: in the state as Euclidean distance, relative to that at the click itself; in the recommendations
as total variation, the share of the probability that is somewhere else. A measured curve above the
foretold one says that the click lives on through the candidates of later clicks, too.
""",
        "lstm": r"""
*Foretold by the gates*: the share of what the click wrote that the forget gates let through,
$\prod_j f_j$, weighted by what was written.

*Measured*: other items are put in the place of the click, the session is run again, and what differs is
counted: in the memory $c$ as Euclidean distance, relative to that at the click itself; in the
recommendations, which see $h = o \odot \tanh c$, as total variation, the share of the probability that is
somewhere else. A measured curve above the foretold one says that the click lives on in what later clicks
write, too.
""",
        "rnn": r"""
*By the gates* nothing would be left: $h_t = \tanh(W x_t + U h_{t-1} + b)$ keeps nothing of $h_{t-1}$ as it
was.

*Measured*: other items are put in the place of the click, the session is run again, and what differs is
counted: in the state as Euclidean distance, relative to that at the click itself; in the recommendations
as total variation, the share of the probability that is somewhere else. All that is left has been written
again at every click between.
""",
    },
    "lens": {
        "gru": r"""
The state before the click $h_{t-1}$, the candidate $\tilde h_t$ and the state after it $h_t$ are each
put through the output layer as if they were the state. The candidate has already looked at the memory,
and each of its units may be let in or kept out: “the click alone” is what it proposes, not what it does.
""",
        "lstm": r"""
What was shown before the click, $h_{t-1}$, what the click would show of its candidate if it forgot all
and wrote all of it, $o_t \odot \tanh \tilde c_t$, and what is shown after it, $h_t = o_t \odot \tanh c_t$,
are each put through the output layer. Candidate and output gate have already looked at what was shown:
“the click alone” is what it proposes, not what it does.
""",
        "rnn": r"""
The state before the click $h_{t-1}$ and the state after it $h_t = \tanh(W x_t + U h_{t-1} + b)$ are each put
through the output layer. What a GRU calls the candidate is here the whole state: nothing is blended, and
there is no list of the click alone.
""",
    },
    "reset": {
        "gru": r"""
At each click by itself the reset gate is held open, $r \equiv 1$: the candidate is computed again,
blended with the same update gate, and put through the output layer. What came before stays as recorded.
""",
    },
    "gradient": {
        "gru": r"""
$\partial h_T/\partial h_t$ is a product of one Jacobian a click, each the sum of a direct path
$\mathrm{diag}(1-z)$, a path through the update gate, and one through the candidate, the reset gate
included. Norms are Frobenius norms over $\sqrt H$: 1 is “passed on unchanged”. The direct share is the
norm of the direct product against the sum of that norm and the norm of all the rest.
""",
        "lstm": r"""
$\partial c_T/\partial c_t$ is from memory to memory, where $h_t = o_t \odot \tanh c_t$ moves along with
$c_t$. A click passes it on directly, $\mathrm{diag}(f)$, and through the forget gate, the input gate and
the candidate, which look at $h$; the next click's output gate looks at it, too. Norms are Frobenius norms
over $\sqrt H$: 1 is “passed on unchanged”. The direct share is the norm of the direct product $\prod f$
against the sum of that norm and the norm of all the rest.
""",
        "rnn": r"""
$\partial h_T/\partial h_t$ is the product of one Jacobian a click, $\mathrm{diag}(1-h^2)\,U$: every click
multiplies by the same $U$ and by slopes of at most 1, so the product tends to vanish or to explode. There
is no direct path round it. Norms are Frobenius norms over $\sqrt H$: 1 is “passed on unchanged”.
""",
    },
    "log": r"""
Every click with at least two before it is predicted twice: from the whole session so far, and from its
last 1, 2, 3, 5 clicks alone. Ranks are among the whole catalogue and conservative: ties count against
the prediction. If the model was trained on these sessions, the figures flatter it.
""",
}


def maths(panel: str, cell: str) -> str | None:
    """How a panel's answer is worked out for a model of such cells; None where it has no answer."""
    said = MATHS[panel]
    return said if isinstance(said, str) else said.get(cell)
