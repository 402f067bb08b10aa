"""What did another hidden size, or another reset gate, change after the longest detour?"""

from __future__ import annotations

from gru_viz.explain.cell_studies import SIZES, CellStudies
from gru_viz.explain.cell_words import named
from gru_viz.explain.detours import Detours, is_chance
from gru_viz.explain.words import NBSP, Part, Sentence, plural, share

Chosen = tuple[int, str]  # hidden units and a cell


def switched_sentence(studies: CellStudies, chosen: Chosen) -> Sentence:
    """What the chosen GRU gets right there, against the shop's own of SIZES[0] units with reset before.

    Where the two intervals overlap it says so instead of calling one of them better.
    """
    own: Chosen = (SIZES[0], "gru")
    here, there = _longest(studies, chosen), _longest(studies, own)
    length = int(here.lengths[-1])
    opening = (
        Part(f"After the longest detour, {plural(length, 'click')}, {named(chosen[1])}, {chosen[0]} units, "),
        Part("puts the lens that fits first in "),
        _right(here),
    )
    if chosen == own:
        return (*opening, Part("."))
    instead = (*opening, Part(" instead of "), _right(there), Part(f" ({_against(chosen)})"))
    return (*instead, Part(_judged(here, there, studies.by_size[chosen[0]].chance)))


def _longest(studies: CellStudies, chosen: Chosen) -> Detours:
    units, cell = chosen
    every = studies.by_size[units].detours[cell]
    return Detours(every.lengths[-1:], every.right[-1:], every.asked[-1:])


def _right(one: Detours) -> Part:
    return share(float(one.shares[0]))


def _against(chosen: Chosen) -> str:
    """What the shop's own has otherwise."""
    units = f"{SIZES[0]} units" if chosen[0] != SIZES[0] else ""
    reset = "reset before" if chosen[1] != "gru" else ""
    return ", ".join(filter(None, (units, reset)))


def _judged(here: Detours, there: Detours, chance: float) -> str:
    if is_chance(here, chance)[0]:
        return f": no better than guessing, {round(100 * chance, 1):g}{NBSP}%."
    low, high = here.intervals
    own_low, own_high = there.intervals
    return ": too close to call." if low[0] <= own_high[0] and own_low[0] <= high[0] else "."
