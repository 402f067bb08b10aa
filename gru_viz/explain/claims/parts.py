"""Which words and looks-up do several claims share?"""

from __future__ import annotations

from math import inf

from gru_viz.compare.experiments.values import Estimate
from gru_viz.compare.values import Comparison, Difference, Round
from gru_viz.compare.words import interval, share
from gru_viz.explain.claims.claim import Bar, Claim
from gru_viz.explain.words import NBSP, Part, Sentence, power_of_ten

CLAIMS = "--claims"  # of `python -m gru_viz compare`: makes the experiments


def both(found: Comparison, first: str, second: str) -> list[Round]:
    """The rounds in which both were measured."""
    return [part for part in found.rounds if part.find(first) is not None and part.find(second) is not None]


def all_seconds(found: Comparison, first: str, second: str) -> tuple[float, float]:
    """Of both, over all shares of the data that both learned from: more timings than one."""
    rounds = both(found, first, second)
    own, other = (
        sum(one.cost.fit_seconds for part in rounds if (one := part.find(name)) is not None)
        for name in (first, second)
    )
    return own, other


def often(found: Comparison, first: str, second: str) -> str:
    rounds = len(both(found, first, second))
    return "" if rounds == 1 else f", {rounds} shares of the data taken together"


def times(own: float, other: float) -> Sentence:
    return (Part(took(own), "number"), Part(" against "), Part(took(other), "number"), Part("."))


def took(seconds: float) -> str:
    """12.3 ms, 136 s, 27.5 min, 1.53 h: three digits, so that two of them show a tenth between them."""
    sizes = ((1.0, 1e-3, "ms"), (1000.0, 1.0, "s"), (5400.0, 60.0, "min"), (inf, 3600.0, "h"))
    unit, name = next((unit, name) for below, unit, name in sizes if seconds < below)
    return f"{float(f'{seconds / unit:.3g}'):,g}{NBSP}{name}"


def with_interval(value: float, around: tuple[float, float]) -> Sentence:
    """.100 (.080 to .120)"""
    return (Part(share(value), "number"), Part(" ("), Part(interval(around), "number"), Part(")"))


def difference(words: str, one: Difference) -> Sentence:
    return (Part(words), *with_interval(one.recall, one.recall_interval), Part("."))


def estimated(one: Estimate) -> Sentence:
    return with_interval(one.value, one.interval)


def bar(who: str, name: str, one: Estimate) -> Bar:
    """Of a figure in Recall."""
    return Bar(who, name, one.value, share(one.value), one.interval)


def left_out(claim: str, experiment: str, rule: str, reason: str) -> Claim:
    """It was tried, and the log is too small for it."""
    return Claim(claim, experiment, rule, (Part(reason),), "cannot tell")


def small(value: float) -> str:
    """.56, 20, or 2 × 10⁻⁷ where that says more."""
    if value == 0 or 10 <= value < 1000:
        return f"{value:.0f}"
    if 0.01 <= value < 10:
        return f"{value:.2f}".removeprefix("0")
    return power_of_ten(value)
