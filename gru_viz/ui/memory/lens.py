"""What would be recommended from memory alone, from the click alone, from the blend?"""

from __future__ import annotations

from gru_viz.explain.lens import lens, lens_sentence
from gru_viz.ui.memory.answer import Answer
from gru_viz.ui.said import said


def lens_panel(answer: Answer) -> None:
    """Three lists side by side."""
    from gru_viz.figures.lens import lens_figure

    trace, step = answer.trace, answer.step
    value = answer.value("lens", lambda: lens(trace, answer.weights, step=step))
    words = lens_sentence(trace, value)
    said(words)
    answer.draw("lens", lambda theme: lens_figure(value, trace.catalog, theme), words)
