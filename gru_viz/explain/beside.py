"""What do several models, which read the same session, say at the same click?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gru_viz.explain.words import Part, Sentence, click, share, title
from gru_viz.trace import Trace


def beside_sentence(traces: Mapping[str, Trace], step: int) -> Sentence:
    """Where each puts the item really clicked next, after click `step` (0-based), best first.

    traces: of the same clicks, by how the sentence shall call the model ("the GRU"); at least one.
    After the last click there is no next item: then, what each puts first.
    """
    first = next(iter(traces.values()))
    opening = (Part("At "), *click(first, step), Part(", "))
    if step + 1 == len(first):
        return (*opening, *_firsts(traces, step))
    item = int(first.items[step + 1])
    by_rank: dict[int | None, list[str]] = {}
    for name, trace in traces.items():
        by_rank.setdefault(trace.rank(item, step), []).append(name)
    ranks = sorted(by_rank, key=lambda rank: (rank is None, rank or 0))
    placed = [_placed(rank, by_rank[rank], traces, step, found=ranks[0] == 1) for rank in ranks]
    named = (Part("what is really clicked next, "), title(first, item), Part(", is "))
    return (*opening, *named, *_listed(placed, ", "), Part("."))


def _placed(
    rank: int | None, names: list[str], traces: Mapping[str, Trace], step: int, found: bool
) -> Sentence:
    """found: does another one put it first? Then what these put there is worth a word."""
    place = Part("far back") if rank is None else Part(ordinal(rank), "number")
    parts: list[Part] = [place, Part(" for ")]
    for number, name in enumerate(names):
        joint = "" if number == 0 else " and " if number == len(names) - 1 else ", "
        parts += [Part(joint + name)]
        if found and rank != 1:
            parts += [
                Part(" (first there: "),
                title(traces[name], int(traces[name].ranking(step, 1)[0])),
                Part(")"),
            ]
    return tuple(parts)


def _firsts(traces: Mapping[str, Trace], step: int) -> Sentence:
    """What each puts first, those that agree together."""
    by_item: dict[int, list[str]] = {}
    for name, trace in traces.items():
        by_item.setdefault(int(trace.ranking(step, 1)[0]), []).append(name)
    clauses: list[Sentence] = []
    for item, names in by_item.items():
        told: list[Part] = [title(traces[names[0]], item), Part(" comes first for ")]
        for number, name in enumerate(names):
            chance = share(float(traces[name].probability(np.array([item]), step)[0]))
            joint = "" if number == 0 else " and " if number == len(names) - 1 else ", "
            told += [Part(f"{joint}{name} ("), chance, Part(")")]
        clauses.append(tuple(told))
    return (Part("where the session ends, "), *_listed(clauses, "; "), Part("."))


def _listed(parts: list[Sentence], between: str) -> Sentence:
    return tuple(
        part for number, one in enumerate(parts) for part in (*([Part(between)] * (number > 0)), *one)
    )


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st"""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"
