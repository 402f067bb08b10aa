"""Do the sentences about memory hold: vanishing gradients, and a state that is not reset?"""

from __future__ import annotations

from gru_viz.anatomy import CELLS
from gru_viz.compare.experiments.values import CellGradient, Gradients, Reset
from gru_viz.compare.values import Comparison
from gru_viz.compare.words import share
from gru_viz.cutoffs import CUTOFF
from gru_viz.explain.claims.claim import Claim, Line, Lines, Probe
from gru_viz.explain.claims.parts import CLAIMS, estimated, left_out, trained_so
from gru_viz.explain.claims.rules import AS_WELL, by_cure, by_loss, gradient_is
from gru_viz.explain.gradient_distance import LOST, size
from gru_viz.explain.words import Part, Sentence, plural

CURE = "GRUs cure vanishing gradients."
RESET = "Reset the state between sessions."
ILL_FIRST = ("rnn", "gru", "lstm")


def cures_vanishing(found: Comparison) -> Claim | None:
    """Of the trained cells; what an untrained one passes back is told beside it, and decides nothing."""
    if found.experiments is None:
        return None
    experiment = (
        "How much gradient the trained cells pass back from click to click in held-out sessions; 1 is all."
    )
    rule = (
        f"Lost: a median surely below {size(LOST)}. Holds where the vanilla RNN's is lost and the GRU's is "
        "not; does not hold where the RNN's is not (nothing to cure) or the GRU's is, too."
    )
    if "gradients" in found.experiments.left_out:
        reason = "Too few held-out sessions are long enough: fewer than 30 have more than 5 clicks."
        return left_out(CURE, experiment, rule, reason)
    measured = found.experiments.gradients
    if measured is None:
        return None
    cells = {one.cell: one for one in measured.cells}
    if not {"rnn", "gru"} <= set(cells):
        return None
    shown = [cells[cell] for cell in ILL_FIRST if cell in cells]
    return Claim(
        CURE,
        f"{experiment} {plural(measured.sessions, 'session')}; band: half of them.{trained_so(found)}",
        rule,
        _over(measured, shown),
        by_cure(cells["rnn"].furthest, cells["gru"].furthest),
        Lines(
            "gradient left, logarithmic",
            "clicks back",
            tuple(_line(one) for one in shown),
            tuple((d, str(d)) for d in _spread(measured.distance)),
            powers=True,
            mark=LOST,
        ),
    )


def _over(measured: Gradients, shown: list[CellGradient]) -> Sentence:
    parts = [Part(f"Over {plural(measured.distance, 'click')} the median is ")]
    for place, one in enumerate(shown):
        parts += [
            Part(", " if place else ""),
            Part(size(one.furthest.value), "number"),
            Part(f" ({size(one.furthest.low)} to {size(one.furthest.high)}) in the {CELLS[one.cell].name}"),
            Part(": lost" if gradient_is(one.furthest) == "lost" else ""),
        ]
    untrained = ", ".join(f"{CELLS[one.cell].name} {size(one.before)}" for one in shown)
    return (*parts, Part(f". Before training: {untrained}."))


def _line(one: CellGradient) -> Line:
    back = tuple(range(len(one.median)))
    return Line(one.cell, CELLS[one.cell].name, back, one.median, one.low, one.high)


def _spread(last: int) -> tuple[int, ...]:
    """0, the middle and the last one."""
    return tuple(sorted({0, last // 2, last}))


def reset_between_sessions(found: Comparison) -> Claim | None:
    """All predictions decide, as for the other advice; those after a session's first click are told, too."""
    if found.experiments is None:
        return None
    experiment = (
        "GRU4Rec, trained with a reset, predicts each held-out session once more, going on from the state "
        "that the session before left, which itself began with a reset."
    )
    rule = (
        f"Holds where surely something is lost over all predictions, and more than {share(AS_WELL)}; does "
        "not hold where surely less is."
    )
    if "reset" in found.experiments.left_out:
        return left_out(RESET, experiment, rule, "Only one session is held out: none came before it.")
    measured = found.experiments.reset
    if measured is None:
        return None
    first = measured.clicks[0]
    return Claim(
        RESET,
        experiment,
        rule,
        (
            *(Part(f"Recall@{CUTOFF} "), Part(share(measured.left), "number"), Part(" instead of ")),
            *(Part(share(measured.fresh), "number"), Part(": ")),
            *(*estimated(measured.loss), Part(" is lost. After a session's first click: ")),
            *(Part(share(first.left), "number"), Part(" instead of "), Part(share(first.fresh), "number")),
            Part("."),
        ),
        by_loss(measured.loss),
        _after_clicks(measured),
    )


def _after_clicks(measured: Reset) -> Lines:
    clicks = tuple(range(1, len(measured.clicks) + 1))
    line = Line(
        "gru",
        "GRU4Rec",
        clicks,
        tuple(one.left - one.fresh for one in measured.clicks),
        tuple(one.low for one in measured.clicks),
        tuple(one.high for one in measured.clicks),
    )
    shown = sorted({1, (clicks[-1] + 1) // 2, clicks[-1]})
    ticks = tuple((click, str(click)) for click in shown)
    return Lines("Recall, not reset less reset", "after click", (line,), ticks, mark=0.0)


TESTS = (
    Probe(CURE, f"gru and rnn among its models, and {CLAIMS}", cures_vanishing),
    Probe(RESET, f"gru among its models, and {CLAIMS}", reset_between_sessions),
)
