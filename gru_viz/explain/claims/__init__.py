"""Do the textbook's sentences about GRUs and their rivals hold on this data?

Computed from a comparison of models, never written by hand.
"""

from __future__ import annotations

from gru_viz.compare.values import Comparison
from gru_viz.explain.claims import cost, memory, quality, training
from gru_viz.explain.claims.claim import Bar as Bar
from gru_viz.explain.claims.claim import Bars as Bars
from gru_viz.explain.claims.claim import Claim as Claim
from gru_viz.explain.claims.claim import Line as Line
from gru_viz.explain.claims.claim import Lines as Lines
from gru_viz.explain.claims.claim import Probe
from gru_viz.explain.claims.claim import Verdict as Verdict
from gru_viz.explain.claims.rules import AS_WELL as AS_WELL
from gru_viz.explain.claims.rules import TIMING as TIMING

# As a textbook would say them: what a GRU is for, against an LSTM, against others, how to train one.
ORDER = (
    *(memory.CURE, cost.FEWER, cost.FASTER, quality.AS_WELL_AS),
    *(quality.PLENTY, quality.SPARSE, cost.SLOWER, cost.LESS_PARALLEL, quality.LONG),
    *(training.CLIP, training.TUNE, memory.RESET),
)
TESTS: dict[str, Probe] = {
    test.claim: test for family in (cost, memory, quality, training) for test in family.TESTS
}


def claims(found: Comparison) -> tuple[Claim, ...]:
    """Those that this comparison can speak of: what they are about was measured, or tried."""
    return tuple(claim for name in ORDER if (claim := TESTS[name].find(found)) is not None)


def not_measured(found: Comparison) -> dict[str, tuple[str, ...]]:
    """The other sentences, by what the command would have to be asked for."""
    needs: dict[str, list[str]] = {}
    for name in ORDER:
        if TESTS[name].find(found) is None:
            needs.setdefault(TESTS[name].needs, []).append(name)
    return {need: tuple(names) for need, names in needs.items()}
