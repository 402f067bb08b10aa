"""How is the ratio of two probabilities written?"""

from __future__ import annotations

import math

EQUAL = math.log(1.05)  # up to these log-odds two items are "about as likely"
MOST = 1_000_000  # odds beyond it are said to be over it


def times(gap: float) -> str:
    """e^|gap| with two digits: "2.3", "13", "200"."""
    if abs(gap) > math.log(MOST):
        return f"over {MOST:,}"
    odds = math.exp(abs(gap))
    rounded = round(odds, 1 - math.floor(math.log10(odds)))
    return f"{rounded:.1f}".removesuffix(".0") if rounded < 10 else f"{rounded:,.0f}"
