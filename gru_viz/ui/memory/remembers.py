"""Does it remember: the whole session against its last clicks alone."""

from __future__ import annotations

from gru_viz.explain.remembering import remembering, remembering_sentence
from gru_viz.ui.memory.answer import Answer
from gru_viz.ui.said import said


def remembers(answer: Answer) -> None:
    """How alike the lists are, and where the item clicked next would stand."""
    from gru_viz.figures.remembering import remembering_figure

    trace, step, rerun = answer.trace, answer.step, answer.now.source.last_clicks
    value = answer.value("remembering", lambda: remembering(trace, rerun, step))
    words = remembering_sentence(trace, value, step)
    said(words)
    answer.draw("remembering", lambda theme: remembering_figure(value, trace, step, theme), words)
