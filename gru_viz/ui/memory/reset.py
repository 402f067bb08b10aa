"""Does the reset gate matter here?"""

from __future__ import annotations

from gru_viz.explain.reset import no_reset_sentence, reset_effect, reset_sentence
from gru_viz.ui.memory.answer import Answer
from gru_viz.ui.said import said


def reset(answer: Answer) -> None:
    """What holding it open would change, click by click up to the one in view; only a GRU has one."""
    if answer.cell != "gru":
        said(no_reset_sentence(answer.cell), kind="trust")
        return
    from gru_viz.figures.reset import reset_figure

    trace, step = answer.trace, answer.step
    effect = answer.value("reset", lambda: reset_effect(trace.prefix(step + 1), answer.weights))
    words = reset_sentence(trace, effect, step)
    said(words)
    answer.draw("reset", lambda theme: reset_figure(effect, trace, step, theme), words)
