"""Do the textbook's two pieces of advice on training hold: clip gradients, and tune the hidden size?"""

from __future__ import annotations

from gru_viz.compare.experiments.values import Size, Unclipped
from gru_viz.compare.values import CUTOFF, Comparison
from gru_viz.compare.words import share
from gru_viz.explain.claims.claim import Bar, Bars, Claim, Line, Lines, Probe, Verdict
from gru_viz.explain.claims.parts import CLAIMS, bar, estimated, small
from gru_viz.explain.claims.rules import AS_WELL, by_loss
from gru_viz.explain.words import Part, Sentence, percent

CLIP = "Clip gradients."
TUNE = "Tune the hidden size."
NAMES = {"gru": "GRU", "lstm": "LSTM", "rnn": "vanilla RNN"}
RULE = (
    f"Holds where surely something is lost{{}}, and more than {share(AS_WELL)}; "
    "does not hold where surely less is."
)


def clip_gradients(found: Comparison) -> Claim | None:
    """The GRU decides; the vanilla RNN stands beside it."""
    tried = {one.cell: one for one in found.experiments.clipping} if found.experiments else {}
    if "gru" not in tried:
        return None
    own, others = tried["gru"], [one for cell, one in tried.items() if cell != "gru"]
    beside = ", the vanilla RNN beside it" if others else ""
    return Claim(
        CLIP,
        f"GRU4Rec trained again with nothing clipped, all else equal{beside}; the clip: {own.clip:g}.",
        RULE.format(" without it, with a GRU"),
        (*_without(own), *(part for one in others for part in (Part(" "), *_without(one)))),
        _by_clip(own),
        Bars(
            f"Recall lost without clipping; dotted: {share(AS_WELL)}",
            tuple(_clip_row(one) for one in tried.values()),
            AS_WELL,
        ),
    )


def _by_clip(one: Unclipped) -> Verdict:
    """Where nothing is left to measure, all was lost."""
    return "holds" if one.loss is None else by_loss(one.loss)


def _without(one: Unclipped) -> Sentence:
    who = Part(f"{NAMES[one.cell][:1].upper()}{NAMES[one.cell][1:]}: ")
    met = (
        Part(f"; the clip shortened {percent(one.shortened)} of its updates, and the longest gradient "),
        *(Part("without it is "), Part(small(one.largest_without), "number"), Part(".")),
    )
    if one.loss is None:
        return (who, Part("its training broke down without clipping"), *met)
    return (who, *estimated(one.loss), Part(f" of Recall@{CUTOFF} lost"), *met)


def _clip_row(one: Unclipped) -> Bar:
    if one.loss is None:
        return Bar(one.cell, NAMES[one.cell], one.recall, "all")
    return bar(one.cell, NAMES[one.cell], one.loss)


def tune_size(found: Comparison) -> Claim | None:
    sizes = found.experiments.sizes if found.experiments else ()
    if len(sizes) < 2:
        return None
    best = max(sizes, key=lambda one: one.recall)
    worst = max(sizes, key=lambda one: one.loss.value)
    return Claim(
        TUNE,
        "GRU4Rec trained with each number of units, the embedding as wide, all else equal. The best is "
        "picked by these same clicks, which flatters it a little.",
        RULE.format(" with the worst against the best"),
        _sizes(sizes, best, worst),
        by_loss(worst.loss),
        _recalls(sizes),
    )


def _sizes(sizes: tuple[Size, ...], best: Size, worst: Size) -> Sentence:
    enough = next(one for one in sizes if one.loss.high < AS_WELL)  # the best is, at the latest
    return (
        *(Part(f"Recall@{CUTOFF} "), Part(share(best.recall), "number"), Part(f" with {best.units} units, ")),
        *(Part(share(worst.recall), "number"), Part(f" with {worst.units}: ")),
        *(*estimated(worst.loss), Part(" less. ")),
        *(Part(f"{enough.units} units", "number"), Part(f" ({enough.parameters:,} parameters) are ")),
        Part("the best." if enough is best else f"surely within {share(AS_WELL)} of the best."),
    )


def _recalls(sizes: tuple[Size, ...]) -> Lines:
    """The sizes stand apart evenly: all but one are twice the one before."""
    x = tuple(range(len(sizes)))
    line = Line(
        "gru",
        "GRU4Rec",
        x,
        tuple(one.recall for one in sizes),
        tuple(one.interval[0] for one in sizes),
        tuple(one.interval[1] for one in sizes),
    )
    ticks = tuple((at, str(one.units)) for at, one in zip(x, sizes, strict=True))
    return Lines(f"Recall@{CUTOFF}", "units", (line,), ticks)


TESTS = (
    Probe(CLIP, f"gru among its models, and {CLAIMS}", clip_gradients),
    Probe(TUNE, f"gru among its models, and {CLAIMS}", tune_size),
)
