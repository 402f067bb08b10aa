"""Do the textbook's two pieces of advice on training hold: clip gradients, and tune the hidden size?"""

from __future__ import annotations

from dataclasses import replace
from math import comb

from gru_viz.anatomy import CELLS
from gru_viz.compare.experiments.values import Size, Unclipped
from gru_viz.compare.values import Comparison
from gru_viz.compare.words import share
from gru_viz.cutoffs import CUTOFF
from gru_viz.explain.claims.claim import Bar, Bars, Claim, Line, Lines, Probe, Verdict
from gru_viz.explain.claims.parts import CLAIMS, bar, estimated, trained_so
from gru_viz.explain.claims.rules import AS_WELL, by_loss, widened
from gru_viz.explain.gradient_distance import size
from gru_viz.explain.words import Part, Sentence, percent, plural

CLIP = "Clip gradients."
TUNE = "Tune the hidden size."
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
        f"GRU4Rec trained again with nothing clipped, all else equal{beside}; the clip: {own.clip:g}."
        f"{trained_so(found)}",
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
    name = CELLS[one.cell].name
    who = Part(f"{name[:1].upper()}{name[1:]}: ")
    if one.loss is None:
        return (who, Part("its training broke down without clipping"), *_met(one, "before it broke down"))
    return (who, *estimated(one.loss), Part(f" of Recall@{CUTOFF} lost"), *_met(one, "without it"))


def _met(one: Unclipped, when: str) -> Sentence:
    """Which gradients it met with the clip, before shortening, and without."""
    return (
        *(Part("; its median gradient is "), Part(size(one.usual), "number"), Part(" long, ")),
        *(Part(size(one.usual_without), "number"), Part(" without the clip, which shortened ")),
        Part(f"{percent(one.shortened)} of the updates; the longest {when} is "),
        *(Part(size(one.largest_without), "number"), Part(".")),
    )


def _clip_row(one: Unclipped) -> Bar:
    if one.loss is None:
        return Bar(one.cell, CELLS[one.cell].name, one.recall, "all")
    return bar(one.cell, CELLS[one.cell].name, one.loss)


def tune_size(found: Comparison) -> Claim | None:
    """Which two sizes are the best and the worst is picked by the clicks that tell how far apart they are."""
    measured = found.experiments.sizes if found.experiments else ()
    if len(measured) < 2:
        return None
    pairs = comb(len(measured), 2)
    sizes = tuple(replace(one, loss=widened(one.loss, pairs)) for one in measured)
    best = max(sizes, key=lambda one: one.recall)
    worst = max(sizes, key=lambda one: one.loss.value)
    return Claim(
        TUNE,
        "GRU4Rec trained with each number of units, the embedding as wide, all else equal. These same "
        "clicks pick the best and the worst, so the intervals in the sentence are widened to hold for "
        f"{'all ' if pairs > 1 else ''}{plural(pairs, 'pair')} of sizes at once (Bonferroni, as for a "
        "normal distribution).",
        RULE.format(" with the worst against the best"),
        _sizes(sizes, best, worst),
        by_loss(worst.loss),
        _recalls(sizes),
    )


def _sizes(sizes: tuple[Size, ...], best: Size, worst: Size) -> Sentence:
    enough = next((one for one in sizes if one.loss.high < AS_WELL), best)
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
