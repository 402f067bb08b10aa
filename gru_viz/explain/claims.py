"""Do the textbook's sentences about GRUs and their rivals hold on this data?

Computed from a comparison of models, never written by hand. Quality decides by the paired interval
of a difference, time by a ratio beyond what one timing may vary; what lies between cannot be told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from gru_viz.compare.paired import standing
from gru_viz.compare.values import CUTOFF, Compared, Comparison, Difference, Round
from gru_viz.compare.words import interval, seconds, share
from gru_viz.explain.words import NBSP, Part, Sentence, plural

Verdict = Literal["holds", "does not hold", "cannot tell"]

AS_WELL = 0.01  # Recall: a model that loses less than this does as well
TIMING = 0.1  # share by which one timing may differ from the next on the same machine


@dataclass(frozen=True)
class Claim:
    """A textbook's sentence put to the test.

    claim:      the sentence
    experiment: what was done, in one line
    figures:    what came out, with its interval where there is one
    """

    claim: str
    experiment: str
    figures: Sentence
    verdict: Verdict


def claims(found: Comparison) -> tuple[Claim, ...]:
    """Those that this comparison can speak of: the models they are about were measured."""
    return tuple(claim for test in TESTS if (claim := test(found)) is not None)


def by_difference(one: Difference) -> Verdict:
    """Is `first` better? As the whole interval says."""
    stands = standing(one.recall_interval)
    return "cannot tell" if stands == "level" else "holds" if stands == "above" else "does not hold"


def by_margin(one: Difference, margin: float = AS_WELL) -> Verdict:
    """Is `first` no more than `margin` worse (non-inferiority)?"""
    low, high = one.recall_interval
    if low > -margin:
        return "holds"
    return "does not hold" if high < -margin else "cannot tell"


def by_time(faster: float, slower: float) -> Verdict:
    """Is the first time shorter, by more than a timing varies?"""
    if faster < slower * (1 - TIMING):
        return "holds"
    return "does not hold" if faster > slower * (1 + TIMING) else "cannot tell"


def _fewer_parameters(found: Comparison) -> Claim | None:
    pair = _pair(found, "gru", "lstm")
    if pair is None or pair[0].cost.parameters is None or pair[1].cost.parameters is None:
        return None
    own, other = pair[0].cost.parameters, pair[1].cost.parameters
    figures = (
        Part(f"{own:,}", "number"),
        Part(" against "),
        Part(f"{other:,}", "number"),
        Part(", embeddings included."),
    )
    return Claim(
        "A GRU has fewer parameters than an LSTM.",
        "GRU4Rec with each cell, the same number of units and the same embeddings.",
        figures,
        "holds" if own < other else "does not hold",
    )


def _trains_faster(found: Comparison) -> Claim | None:
    if _pair(found, "gru", "lstm") is None:
        return None
    own, other = _all_seconds(found, "gru", "lstm")
    return Claim(
        "A GRU trains faster than an LSTM.",
        f"Both learned from the same sessions, equally often{_often(found, 'gru', 'lstm')}; processor time.",
        (*_times(own, other), Part(".")),
        by_time(own, other),
    )


def _does_as_well(found: Comparison) -> Claim | None:
    one = found.whole.difference("gru", "lstm")
    if one is None:
        return None
    return Claim(
        "A GRU often does as well as an LSTM.",
        f"On the same {plural(found.about.predictions, 'held-out click')}; losing less than "
        f"{share(AS_WELL)} in Recall@{CUTOFF} counts as well.",
        _difference("The GRU's Recall less the LSTM's: ", one),
        by_margin(one),
    )


def _beats_fpmc(found: Comparison) -> Claim | None:
    one = found.whole.difference("gru", "fpmc")
    if one is None:
        return None
    return Claim(
        "With plenty of data GRU4Rec beats FPMC.",
        f"Both learned from all {found.whole.sessions:,} training sessions.",
        _difference("GRU4Rec's Recall less FPMC's: ", one),
        by_difference(one),
    )


def _fpmc_wins_when_sparse(found: Comparison) -> Claim | None:
    least = min(found.rounds, key=lambda part: part.sessions)
    one = least.difference("fpmc", "gru")
    if one is None or least is found.whole:
        return None
    return Claim(
        "With little data FPMC can win against GRU4Rec.",
        f"Both learned from {plural(least.sessions, 'session')}, {100 * least.share:.3g}{NBSP}% of them.",
        _difference("FPMC's Recall less GRU4Rec's: ", one),
        by_difference(one),
    )


def _slower_than_sasrec(found: Comparison) -> Claim | None:
    if _pair(found, "gru", "sasrec") is None:
        return None
    own, other = _all_seconds(found, "gru", "sasrec")
    return Claim(
        "GRU4Rec is slower to train than SASRec.",
        f"Each learned as often as it needs{_often(found, 'gru', 'sasrec')}; processor time, where "
        "little runs side by side: a graphics card may tell otherwise.",
        (*_times(own, other), Part(".")),
        by_time(other, own),
    )


TESTS: tuple[Callable[[Comparison], Claim | None], ...] = (
    _fewer_parameters,
    _trains_faster,
    _does_as_well,
    _beats_fpmc,
    _fpmc_wins_when_sparse,
    _slower_than_sasrec,
)


def _pair(found: Comparison, first: str, second: str) -> tuple[Compared, Compared] | None:
    own, other = found.whole.find(first), found.whole.find(second)
    return None if own is None or other is None else (own, other)


def _both(found: Comparison, first: str, second: str) -> list[Round]:
    """The rounds in which both were measured."""
    return [part for part in found.rounds if part.find(first) is not None and part.find(second) is not None]


def _all_seconds(found: Comparison, first: str, second: str) -> tuple[float, float]:
    """Of both, over all shares of the data that both learned from: more timings than one."""
    rounds = _both(found, first, second)
    own, other = (
        sum(one.cost.fit_seconds for part in rounds if (one := part.find(name)) is not None)
        for name in (first, second)
    )
    return own, other


def _often(found: Comparison, first: str, second: str) -> str:
    rounds = len(_both(found, first, second))
    return "" if rounds == 1 else f", {rounds} shares of the data taken together"


def _times(own: float, other: float) -> Sentence:
    return (Part(seconds(own), "number"), Part(" against "), Part(seconds(other), "number"))


def _difference(words: str, one: Difference) -> Sentence:
    return (
        Part(words),
        Part(share(one.recall), "number"),
        Part(" ("),
        Part(interval(one.recall_interval), "number"),
        Part(")."),
    )
