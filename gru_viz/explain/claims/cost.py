"""Do the sentences about what a GRU costs hold: parameters, time, waiting?"""

from __future__ import annotations

from gru_viz.compare.experiments.values import Pace
from gru_viz.compare.names import short_name
from gru_viz.compare.values import Comparison
from gru_viz.explain.claims.claim import Bar, Bars, Claim, Line, Lines, Probe
from gru_viz.explain.claims.parts import CLAIMS, all_seconds, often, times, took
from gru_viz.explain.claims.rules import TIMING, by_factor, by_time
from gru_viz.explain.words import NBSP, Part
from gru_viz.learn.config import PRESETS

FEWER = "A GRU has fewer parameters than an LSTM."
FASTER = "A GRU trains faster than an LSTM."
SLOWER = "GRU4Rec is slower to train than SASRec."
LESS_PARALLEL = "GRU4Rec is less parallel than SASRec."
SASREC_EPOCHS = 12  # as `gru_viz.baselines.sasrec` has it, which needs torch
BEYOND = f"by more than {100 * TIMING:.0f}{NBSP}%"


def fewer_parameters(found: Comparison) -> Claim | None:
    own, other = found.whole.find("gru"), found.whole.find("lstm")
    if own is None or other is None or own.cost.parameters is None or other.cost.parameters is None:
        return None
    counts = own.cost.parameters, other.cost.parameters
    names = zip(("gru", "lstm"), ("GRU", "LSTM"), counts, strict=True)
    return Claim(
        FEWER,
        "GRU4Rec with each cell, the same number of units and the same embeddings.",
        "Holds where the GRU's number is the smaller one.",
        (
            Part(f"{counts[0]:,}", "number"),
            Part(" against "),
            Part(f"{counts[1]:,}", "number"),
            Part(", embeddings included."),
        ),
        "holds" if counts[0] < counts[1] else "does not hold",
        Bars("parameters", tuple(Bar(who, name, count, f"{count:,}") for who, name, count in names)),
    )


def trains_faster(found: Comparison) -> Claim | None:
    if found.whole.find("gru") is None or found.whole.find("lstm") is None:
        return None
    own, other = all_seconds(found, "gru", "lstm")
    return Claim(
        FASTER,
        f"Both learned from the same sessions, equally often{often(found, 'gru', 'lstm')}; processor time.",
        f"Holds where the GRU's time is shorter {BEYOND}.",
        times(own, other),
        by_time(own, other),
        _seconds(("gru", "GRU", own), ("lstm", "LSTM", other)),
    )


def slower_than_sasrec(found: Comparison) -> Claim | None:
    if found.whole.find("gru") is None or found.whole.find("sasrec") is None:
        return None
    own, other = all_seconds(found, "gru", "sasrec")
    return Claim(
        SLOWER,
        f"GRU4Rec went through the sessions {_epochs(found)}, SASRec {SASREC_EPOCHS} "
        f"times{often(found, 'gru', 'sasrec')}; processor time, where little runs side by side: a graphics "
        "card may tell otherwise.",
        f"Holds where GRU4Rec's time is longer {BEYOND}, of these two trainings.",
        times(own, other),
        by_time(other, own),
        _seconds(("gru", "GRU4Rec", own), ("sasrec", "SASRec", other)),
    )


def _epochs(found: Comparison) -> str:
    """14 times; a file made with a preset that is unknown here does not tell."""
    preset = PRESETS.get(found.about.settings)
    return "as often as its preset has it" if preset is None else f"{preset.training.epochs} times"


def less_parallel(found: Comparison) -> Claim | None:
    if found.experiments is None or found.experiments.waiting is None:
        return None
    waiting = found.experiments.waiting
    own, other = (next(one for one in waiting.paces if one.name == name) for name in ("gru", "sasrec"))
    shortest, longest = waiting.lengths[0], waiting.lengths[-1]
    return Claim(
        LESS_PARALLEL,
        f"The same {waiting.clicks:,} clicks learned from in sessions of {shortest} and of {longest}: where "
        "a click must wait for the one before, fewer stand side by side in long ones. Processor time of the "
        "layers between items and scores; a graphics card has another factor. Band: half of the rounds.",
        f"Holds where GRU4Rec's factor is surely the larger one {BEYOND}.",
        (
            Part(f"In sessions of {longest} clicks instead of {shortest}, the same clicks take GRU4Rec "),
            *_times_as_long(own),
            Part(" as long, SASRec "),
            *_times_as_long(other),
            Part("."),
        ),
        by_factor(own.factor, other.factor),
        Lines(
            f"time over that at {shortest} clicks",
            "clicks a session",
            tuple(_pace(one) for one in (own, other)),
            tuple((place, str(length)) for place, length in enumerate(waiting.lengths)),
            mark=1.0,
        ),
    )


def _pace(one: Pace) -> Line:
    """By length, whose steps are drawn evenly: each is about so many times the one before."""
    return Line(
        one.name,
        short_name(one.name),
        tuple(range(len(one.slower))),
        tuple(at.value for at in one.slower),
        tuple(at.low for at in one.slower),
        tuple(at.high for at in one.slower),
    )


def _seconds(*rows: tuple[str, str, float]) -> Bars:
    return Bars("processor time", tuple(Bar(who, name, value, took(value)) for who, name, value in rows))


def _times_as_long(one: Pace) -> tuple[Part, ...]:
    low, high = one.factor.interval
    return (
        Part(f"{one.factor.value:.2f} times", "number"),
        Part(" ("),
        Part(f"{low:.2f} to {high:.2f}", "number"),
        Part(")"),
    )


TESTS = (
    Probe(FEWER, "gru and lstm among its models", fewer_parameters),
    Probe(FASTER, "gru and lstm among its models", trains_faster),
    Probe(SLOWER, "gru and sasrec among its models", slower_than_sasrec),
    Probe(LESS_PARALLEL, f"gru and sasrec among its models, and {CLAIMS}", less_parallel),
)
