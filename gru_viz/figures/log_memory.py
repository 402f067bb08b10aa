"""Over a whole log, how much better is the next click predicted from all clicks than from the last ones?"""

from __future__ import annotations

import plotly.graph_objects as go

from gru_viz.explain.log_memory import LogMemory
from gru_viz.figures.palette import MUTED, QUANTITIES, Theme
from gru_viz.figures.style import (
    LABEL,
    LIGHTER,
    SMALL,
    axis,
    bars,
    bold,
    exact,
    hover_rows,
    layout,
    row_axis,
    row_label,
    row_value,
    share,
    words,
    zero_line,
)

ROW, BAR = 36, 9
TOP = 42


def log_memory_figure(value: LogMemory, theme: Theme = "light") -> go.Figure:
    """Recall from the last 1, 2, … clicks alone, and last and strongest from the whole session."""
    recall = [*map(float, value.recall), value.full_recall]
    names = ["the last click" if n == 1 else f"the last {n:,} clicks" for n in map(int, value.last)]
    names.append("the whole session")
    high = max(recall) or 1.0
    last = len(recall) - 1
    opacity = [LIGHTER] * last + [1.0]
    drawn = bars(recall, QUANTITIES["h"].color(theme), LABEL + 2, BAR, ROW, "recall", opacity=opacity)
    labels = [row_label(row, bold(name, row == last), theme) for row, name in enumerate(names)]
    numbers = [row_value(row, bold(share(one), row == last), theme) for row, one in enumerate(recall)]
    predicted = f"{value.predictions:,} next clicks of {value.sessions:,} sessions"
    return go.Figure(
        [drawn, hover_rows(_hover(value, names), 0, high)],
        {
            **layout(theme, TOP + ROW * len(recall), TOP),
            "xaxis": axis(0, high),
            "yaxis": row_axis(len(recall)),
            "shapes": [zero_line(range(len(recall)), LABEL, LABEL + BAR + 4, ROW, theme)],
            "annotations": [
                words(bold(f"Recall@{value.cutoff} from"), 0, 1, theme, yshift=TOP - 2, xshift=-2),
                words(predicted, 0, 1, theme, yshift=TOP - 19, xshift=-2, size=SMALL, color=MUTED[theme]),
                *labels,
                *numbers,
            ],
        },
    )


def _hover(value: LogMemory, names: list[str]) -> list[str]:
    alone = [
        f"{bold(name)}<br>Recall@{value.cutoff} {share(recall)}, MRR@{value.cutoff} {exact(mrr)}"
        f"<br>overlap of the {value.k} best {share(overlap)}, KL {exact(kl)} nats"
        for name, recall, mrr, overlap, kl in zip(
            names, value.recall, value.mrr, value.overlap, value.kl, strict=False
        )
    ]
    whole = (
        f"{bold(names[-1])}<br>Recall@{value.cutoff} {share(value.full_recall)}, "
        f"MRR@{value.cutoff} {exact(value.full_mrr)}"
    )
    return [*alone, whole]
