"""Experiments made of plain numbers."""

from __future__ import annotations

from gru_viz.compare.experiments.values import (
    AfterClick,
    CellGradient,
    Estimate,
    Experiments,
    Gradients,
    Lead,
    Long,
    Pace,
    Reset,
    Size,
    Unclipped,
    Waiting,
)


def sure(value: float, width: float = 0.002) -> Estimate:
    return Estimate(value, value - width, value + width)


def cell_gradient(cell: str, left: float, before: float = 0.5, width: float = 0.1) -> CellGradient:
    """Falls from 1 to `left` over two clicks; the interval reaches `width` of it to either side."""
    values = (1.0, left**0.5, left)
    furthest = Estimate(left, left * (1 - width), left * (1 + width))
    return CellGradient(cell, values, values, values, furthest, before)


def gradients(rnn: float = 1e-6, gru: float = 0.5, lstm: float = 0.6, width: float = 0.1) -> Gradients:
    cells = {"gru": gru, "lstm": lstm, "rnn": rnn}
    return Gradients(40, tuple(cell_gradient(cell, left, width=width) for cell, left in cells.items()))


def reset(loss: Estimate) -> Reset:
    clicks = (AfterClick(50, 0.8, 0.5, -0.32, -0.28), AfterClick(40, 0.8, 0.7, -0.12, -0.08))
    return Reset(clicks, 0.9, 0.9 - loss.value, loss)


def unclipped(cell: str, loss: Estimate | None) -> Unclipped:
    without = None if loss is None else 0.9 - loss.value
    return Unclipped(cell, 1.0, 0.25, 0.5, 20.0, 0.75, 3000.0, 0.9, without, loss)


def sizes(*losses: Estimate) -> tuple[Size, ...]:
    return tuple(
        Size(8 * 2**n, 0.9 - loss.value, (0.88 - loss.value, 0.92 - loss.value), loss, 1000 * (n + 1), 2.0)
        for n, loss in enumerate(losses)
    )


def lead(other: str, early: float, late: float, width: float = 0.002) -> Lead:
    return Lead(other, sure(early), sure(late), sure(early - late, width))


def long(*leads: Lead) -> Long:
    return Long(5, 11, 120, leads)


def waiting(gru: Estimate, sasrec: Estimate) -> Waiting:
    paces = (("gru", gru), ("sasrec", sasrec))
    each = tuple(Pace(name, (Estimate(1.0, 1.0, 1.0), factor), factor) for name, factor in paces)
    return Waiting(1024, (8, 128), each)


NOTHING_LOST = Estimate(0.0, 0.0, 0.0)
EVERY = Experiments(
    gradients(),
    reset(sure(0.05)),
    (unclipped("gru", sure(0.02)), unclipped("rnn", None)),
    sizes(sure(0.05), sure(0.004), NOTHING_LOST),
    long(lead("markov", 0.1, 0.2), lead("fpmc", 0.05, 0.01)),
    waiting(Estimate(3.0, 2.8, 3.2), Estimate(1.1, 1.0, 1.2)),
)
