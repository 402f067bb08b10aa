"""Which words and looks-up do several claims share?"""

from __future__ import annotations

from math import inf

from gru_viz.compare import words
from gru_viz.compare.experiments.values import Estimate
from gru_viz.compare.values import Comparison, Difference, Round
from gru_viz.explain.claims.claim import Bar, Claim
from gru_viz.explain.words import NBSP, Part, Sentence, plural
from gru_viz.learn.config import PRESETS
from gru_viz.learn.intervals import Interval

CLAIMS = "--claims"  # of `python -m gru_viz compare`: makes the experiments
STARTS = {"markov": "begun as a Markov chain", "random": "begun from random numbers"}


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


def trained(found: Comparison) -> str:
    """How the three GRU4Recs were: "“best”: 100 units, 14 epochs, Adam, begun as a Markov chain".

    "" where the file names a preset that is unknown here.
    """
    preset = PRESETS.get(found.about.settings)
    if preset is None:
        return ""
    asked = preset.training
    units = " + ".join(map(str, preset.model["units"]))
    return (
        f"“{found.about.settings}”: {units} units, {plural(asked.epochs, 'epoch')}, "
        f"{asked.optimizer.capitalize()}, {STARTS[asked.start]}"
    )


def trained_so(found: Comparison) -> str:
    """A sentence more, where it is known."""
    how = trained(found)
    return f" Trained {how}." if how else ""


def times(own: float, other: float) -> Sentence:
    return (Part(took(own), "number"), Part(" against "), Part(took(other), "number"), Part("."))


def took(seconds: float) -> str:
    """12.3 ms, 136 s, 27.5 min, 1.53 h: three digits, so that two of them show a tenth between them."""
    sizes = ((1.0, 1e-3, "ms"), (1000.0, 1.0, "s"), (5400.0, 60.0, "min"), (inf, 3600.0, "h"))
    unit, name = next((unit, name) for below, unit, name in sizes if seconds < below)
    return f"{float(f'{seconds / unit:.3g}'):,g}{NBSP}{name}"


def with_interval(value: float, around: tuple[float, float]) -> Sentence:
    """.100 (.080 to .120)"""
    figure, interval = words.with_interval(value, around)
    return (Part(figure, "number"), Part(" ("), Part(interval, "number"), Part(")"))


def difference(what: str, one: Difference) -> Sentence:
    return (Part(what), *with_interval(one.recall, one.recall_interval), Part("."))


def estimated(one: Estimate) -> Sentence:
    return with_interval(one.value, one.interval)


def bar(who: str, name: str, one: Estimate) -> Bar:
    """Of a figure in Recall."""
    return row(who, name, one.value, one.interval)


def row(who: str, name: str, value: float, around: Interval) -> Bar:
    """Of a figure in Recall, its number written as the sentence has it."""
    return Bar(who, name, value, words.with_interval(value, around)[0], around)


def left_out(claim: str, experiment: str, rule: str, reason: str) -> Claim:
    """It was tried, and the log is too small for it."""
    return Claim(claim, experiment, rule, (Part(reason),), "cannot tell")
