"""How is each answer of the Memory page worked out? One click deeper than the page itself."""

from __future__ import annotations

# Markdown with TeX, by the name of the panel in view.PANELS.
MATHS = {
    "carried": r"""
Of click $k$ the share $A_{k,t} = (1-\mathrm{keep}_k)\prod_{j=k+1}^{t}\mathrm{keep}_j$ of the memory
after click $t$ was written there; with what is left of the empty start a row sums to 1, for every unit.
For a GRU keep is $1-z$. Only the direct path counts: what later clicks copy from memory through their
candidate is booked to them.

A unit's half-life is $\ln 2 / -\ln(\overline{\mathrm{keep}})$, as if it kept at its mean rate over this
session.
""",
    "remembers": r"""
The model is run again on the last 1, 2, 3, … clicks alone, from an empty memory, and what it recommends
is compared with what it recommends after the whole session. Where one click gives the same list, the
earlier ones are not used here.
""",
    "forgets": r"""
*Foretold by the gates*: the share of what the click wrote that the update gates let through, $\prod_j
\mathrm{keep}_j$, weighted by what was written.

*Measured*: other items are put in the place of the click, the session is run again, and what differs is
counted: in the state as Euclidean distance, relative to that at the click itself; in the recommendations
as total variation, the share of the probability that is somewhere else. A measured curve above the
foretold one says that the click lives on through the candidates of later clicks, too.
""",
    "lens": r"""
The state before the click $h_{t-1}$, the candidate $\tilde h_t$ and the state after it $h_t$ are each
put through the output layer as if they were the state. The candidate has already looked at the memory,
and each of its units may be let in or kept out: “the click alone” is what it proposes, not what it does.
""",
    "reset": r"""
At each click by itself the reset gate is held open, $r \equiv 1$: the candidate is computed again,
blended with the same update gate, and put through the output layer. What came before stays as recorded.
""",
    "gradient": r"""
$\partial h_T/\partial h_t$ is a product of one Jacobian a click, each the sum of a direct path
$\mathrm{diag}(1-z)$, a path through the update gate, and one through the candidate, the reset gate
included. Norms are Frobenius norms over $\sqrt H$: 1 is “passed on unchanged”. The direct share is the
norm of the direct product against the sum of that norm and the norm of all the rest.
""",
    "log": r"""
Every click with at least two before it is predicted twice: from the whole session so far, and from its
last 1, 2, 3, 5 clicks alone. Ranks are among the whole catalogue and conservative: ties count against
the prediction. If the model was trained on these sessions, the figures flatter it.
""",
}
