"""Where do gradients flow, and how far do gates alone tell the story?"""

from __future__ import annotations

from gru_viz.explain.gradient import gradient_flow, gradient_sentence
from gru_viz.ui.memory.answer import Answer
from gru_viz.ui.said import said


def gradient(answer: Answer) -> None:
    """Norms back to every click, and the share of the direct path."""
    from gru_viz.figures.gradient import gradient_figure

    trace, step = answer.trace, answer.step
    flow = answer.value("gradient", lambda: gradient_flow(trace, answer.weights, step=step))
    words = gradient_sentence(trace, flow)
    said(words)
    answer.draw("gradient", lambda theme: gradient_figure(flow, trace, theme), words)
