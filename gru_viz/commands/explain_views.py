"""What else can be shown of a session, beside why an item is recommended? One view a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np

from gru_viz.commands.output import printable, table
from gru_viz.errors import InputError
from gru_viz.explain.forgetting import forgetting, forgetting_sentence
from gru_viz.explain.gradient import gradient_flow, gradient_sentence
from gru_viz.explain.jacobian import paths
from gru_viz.explain.lens import lens, lens_sentence
from gru_viz.explain.remembering import remembering, remembering_sentence
from gru_viz.explain.reset import reset_effect, reset_sentence
from gru_viz.explain.retention import half_life_sentence, half_lives, retention, retention_sentence
from gru_viz.explain.split import split, split_sentence
from gru_viz.explain.trust import trust, trust_sentence
from gru_viz.explain.why import Why, top_click
from gru_viz.explain.words import NBSP, Part, Sentence, a_cell, plain
from gru_viz.model import GRU4Rec
from gru_viz.rerun import last_clicks, states_of_every_click
from gru_viz.trace import Trace
from gru_viz.weights import Weights


@dataclass(frozen=True)
class Asked:
    """What a view is of: a recorded session, the click it is looked at after (0-based), and why."""

    model: GRU4Rec
    weights: Weights
    trace: Trace
    step: int
    why: Why

    def name(self, item: int) -> str:
        return printable(self.trace.catalog.titles[item])

    def clicks(self, last: int) -> list[str]:
        """The clicks up to `last` (0-based), each by its number and title."""
        return [f"{place} {self.name(item)}" for place, item in enumerate(self.trace.items[: last + 1], 1)]

    def ids(self, items: np.ndarray) -> list[str]:
        return [self.trace.catalog.ids[item] for item in items]


@dataclass(frozen=True)
class View:
    """A sentence, a small table, and all numbers as JSON has them."""

    sentence: Sentence
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    document: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        return {**self.document, "sentence": plain(self.sentence).replace(NBSP, " ")}

    def to_text(self) -> str:
        return f"{table(self.header, self.rows)}\n\n{said(self.sentence)}"


def said(sentence: Sentence) -> str:
    """A sentence as a terminal may show it."""
    return printable(plain(sentence).replace(NBSP, " "))


def show_split(asked: Asked) -> View:
    if not asked.weights.linear_top:
        raise InputError(
            "the model's feed-forward top is not linear, so no score splits into memory and click; "
            "leave split out of --show"
        )
    chosen = (asked.why.item,) if asked.why.against is None else (asked.why.item, asked.why.against)
    value = split(asked.trace, asked.weights, step=asked.step, also=chosen)
    parts = {name: getattr(value, name) for name in ("memory", "click", "bias", "score")}
    rows = [
        (_rank(value.rank[row]), asked.name(item), *(_signed(column[row]) for column in parts.values()))
        for row, item in enumerate(value.items)
    ]
    document = {"items": asked.ids(value.items), **_numbers({**parts, "rank": value.rank})}
    return View(split_sentence(asked.trace, value), ("rank", "item", *parts), rows, document)


def show_retention(asked: Asked) -> View:
    top = asked.trace.layers[-1]
    value = retention(top)
    shares = value.shares[asked.step, : asked.step + 2]
    names = ["before the first click", *asked.clicks(asked.step)]
    rows = [(name, f"{share:.3f}") for name, share in zip(names, shares, strict=True)]
    lasts = half_life_sentence(top, len(asked.trace.layers))
    sentence = (*retention_sentence(asked.trace, value, asked.step), Part(" "), *lasts)
    document = _numbers({"h0": shares[0], "clicks": shares[1:], "half_lives": half_lives(top)})
    return View(sentence, ("written at", "share of memory"), rows, document)


def show_remember(asked: Asked) -> View:
    value = remembering(asked.trace, partial(last_clicks, asked.model), asked.step)
    columns = {name: getattr(value, name) for name in ("last", "overlap", "kl", "rank", "probability")}
    rows = [
        (str(n), f"{overlap:.0%}", f"{kl:.3f}", f"{rank:,}", f"{probability:.1%}")
        for n, overlap, kl, rank, probability in zip(*columns.values(), strict=True)
    ]
    header = ("last clicks shown", f"of the {value.k} best", "KL", "rank", "probability")
    (item,) = asked.ids(np.array([value.item]))
    document = {**_numbers(columns), "item": item, "clicked": value.clicked, "k": value.k}
    return View(remembering_sentence(asked.trace, value, asked.step), header, rows, document)


def show_forgetting(asked: Asked) -> View:
    """Of the click before the last that matters most, or of the first."""
    earlier = top_click(asked.why.deletion.drop[:-1]) if asked.step > 0 else None
    rerun = partial(states_of_every_click, asked.model)
    value = forgetting(asked.trace, rerun, earlier or 0, step=asked.step, weights=asked.weights)
    columns = {name: getattr(value, name) for name in ("predicted", "state", "moved", "kl")}
    rows = [
        (name, *(_plain(column[lag]) for column in columns.values()))
        for lag, name in enumerate(asked.clicks(asked.step)[value.click :])
    ]
    document = {"click": value.click + 1, **_numbers(columns), "replacements": value.replacements}
    return View(forgetting_sentence(asked.trace, value), ("after click", *columns), rows, document)


def show_lens(asked: Asked) -> View:
    value = lens(asked.trace, asked.weights, step=asked.step)
    rows = [
        (str(place), *(f"{asked.name(i)} {p:.0%}" for i, p in zip(items, chances, strict=True)))
        for place, (items, chances) in enumerate(zip(value.items.T, value.probability.T, strict=True), 1)
    ]
    document = {
        state: {"items": asked.ids(value.items[row]), **_numbers({"probability": value.probability[row]})}
        for row, state in enumerate(value.states)
    }
    return View(lens_sentence(asked.trace, value), ("rank", *value.states), rows, document)


def show_reset(asked: Asked) -> View:
    if asked.model.config.cell != "gru":
        cell = a_cell(asked.model.config.cell)
        raise InputError(f"the model is {cell}, which has no reset gate; leave reset out of --show")
    value = reset_effect(asked.trace, asked.weights)
    names = ("openness", "distance", "relative", "rank", "overlap", "moved")
    columns = {name: getattr(value, name)[: asked.step + 1] for name in names}
    rows = [
        (name, *(str(c[row]) if c.dtype.kind == "i" else f"{c[row]:.3f}" for c in columns.values()))
        for row, name in enumerate(asked.clicks(asked.step))
    ]
    sentence = reset_sentence(asked.trace, value, asked.step)
    return View(sentence, ("click", *names), rows, {**_numbers(columns), "k": value.k})


def show_gradient(asked: Asked) -> View:
    value = gradient_flow(asked.trace, asked.weights, step=asked.step)
    columns = {"norm": value.norm, "direct": value.direct, "share": value.share}
    alone = dict(zip(paths(value.cell), value.paths.T, strict=True))
    rows = [
        (name, *(f"{column[row]:.3g}" for column in (*columns.values(), *alone.values())))
        for row, name in enumerate(asked.clicks(asked.step))
    ]
    header = ("click", *columns, *(f"{path} path" for path in alone))
    document = {**_numbers(columns), "paths": _numbers(alone)}
    return View(gradient_sentence(asked.trace, value), header, rows, document)


def show_trust(asked: Asked) -> View:
    value = trust(asked.trace, asked.weights, asked.why)
    off = {"error": value.error, "scores": value.scores, "write": value.write, "click": value.click}
    names = (
        "gates and states, recomputed",
        "scores, decoded again",
        "the write ledger's sum from the score",
        "the click ledger's sum from the score",
    )
    rows = [(name, "-" if by is None else f"{by:.1e}") for name, by in zip(names, off.values(), strict=True)]
    rows.append(("largest score", f"{value.largest_score:.3f}"))
    document = {**asdict(value), **_numbers({name: by for name, by in off.items() if by is not None})}
    return View(trust_sentence(value), ("largest difference", ""), rows, {**document, "holds": value.holds})


VIEWS: dict[str, Callable[[Asked], View]] = {
    "split": show_split,
    "retention": show_retention,
    "remember": show_remember,
    "forgetting": show_forgetting,
    "lens": show_lens,
    "reset": show_reset,
    "gradient": show_gradient,
    "trust": show_trust,
}


def _numbers(columns: dict[str, Any]) -> dict[str, Any]:
    """Arrays as lists; None for what is not a finite number, which JSON has no word for."""

    def listed(value: Any) -> Any:
        if isinstance(value, list):
            return [listed(inner) for inner in value]
        return value if np.isfinite(value) else None

    return {name: listed(np.asarray(column).tolist()) for name, column in columns.items()}


def _signed(value: float) -> str:
    return f"{value:+.3f}"


def _rank(value: float) -> str:
    return "-" if np.isnan(value) else f"{int(value):,}"


def _plain(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.3f}"
