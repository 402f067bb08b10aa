"""Values of explanations made of plain numbers, and every figure of a page drawn from them."""

from __future__ import annotations

import json
import re
from html import unescape

import numpy as np

from gru_viz import figures
from gru_viz.explain.ablation import Ablation
from gru_viz.explain.changes import Changes, changes, held_differences
from gru_viz.explain.deletion import Deletion
from gru_viz.explain.forgetting import Forgetting
from gru_viz.explain.gradient import GradientFlow
from gru_viz.explain.ledger import Ledger
from gru_viz.explain.lens import Lens
from gru_viz.explain.log_memory import LogMemory
from gru_viz.explain.remembering import Remembering
from gru_viz.explain.reset import ResetEffect
from gru_viz.explain.retention import Retention, half_lives
from gru_viz.explain.split import Split
from gru_viz.explain.why import Why
from gru_viz.learn.breakdown import STARTS, Bin, Breakdown
from gru_viz.learn.intervals import Intervals, Measured
from gru_viz.learn.quality import Quality
from tests.figures.conftest import HOSTILE_TITLES, build_trace

TRACES = {
    "plain": {},
    "one click": {"clicks": 1},
    "200 clicks": {"clicks": 200},
    "repeated item": {"items": [3] * 6},
    "one unit": {"units": 1},
    "one item": {"n_items": 1},
    "saturated gate": {"z": 1.0},
    "closed gate": {"z": 0.0},
    "hostile titles": {"titles": HOSTILE_TITLES, "clicks": 8, "items": range(8)},
    "wide titles": {"titles": ["汉" * 60, "한" * 30], "clicks": 3, "items": [0, 1, 0]},
}


def build_split(trace, k=10, seed=0):
    items = trace.ranking(-1, k)
    memory, click, bias = np.random.default_rng(seed).normal(size=(3, len(items)))
    ranks = np.arange(1.0, len(items) + 1)
    return Split(items, memory, click, bias, memory + click + bias, ranks)


def build_ledger(clicks, h0=0.0, candidate_bias=0.0):
    clicks = np.asarray(clicks, dtype=float)
    return Ledger(clicks, h0, -0.5, float(clicks.sum()) + h0 - 0.5 + candidate_bias, candidate_bias)


def build_why(
    trace, against=None, ledgers=True, seed=0, h0=0.0, drops=None, write=None, click=None, ranks=None
):
    """What `why` gives for the best item of the trace, with numbers of our own."""
    clicks = len(trace)
    rng = np.random.default_rng(seed)
    if drops is None:
        drops = rng.normal(size=clicks) if clicks > 1 else np.full(1, np.nan)
    drops = np.asarray(drops, dtype=float)
    if ranks is None:
        ranks = np.where(np.isnan(drops), np.nan, rng.integers(1, trace.n_scored + 1, clicks))
    write = rng.normal(size=clicks) if write is None else write
    click = rng.normal(size=clicks) if click is None else click
    return Why(
        int(trace.ranking(-1, 1)[0]),
        against,
        build_ledger(write, h0) if ledgers else None,
        build_ledger(click, h0, candidate_bias=0.25) if ledgers else None,
        Deletion(
            1.5,
            2 * drops,
            drops,
            0.4,
            np.clip(0.4 * np.exp(-np.clip(drops, -9, 9)), 0, 0.995),
            1,
            np.asarray(ranks),
        ),
        (),
    )


def build_retention(trace, unit=None):
    keep = trace.layers[-1].keep.astype(float)
    shares = np.zeros((len(trace), len(trace) + 1))
    now = np.zeros((len(trace) + 1, keep.shape[1]))
    now[0] = 1
    for t in range(len(trace)):
        now[: t + 1] *= keep[t]
        now[t + 1] = 1 - keep[t]
        shares[t] = now.mean(axis=1)
    return Retention(shares, unit)


def build_remembering(trace, step, clicked=True, seed=0):
    last = np.arange(1, step + 2)
    rng = np.random.default_rng(seed)
    return Remembering(
        last,
        rng.random(len(last)),
        rng.random(len(last)),
        rng.integers(1, 1000, len(last)),
        rng.random(len(last)),
        int(trace.items[-1]),
        clicked,
        10,
    )


def build_forgetting(trace, click=0, moved=None, seed=0):
    lags = len(trace) - click
    rng = np.random.default_rng(seed)
    fading = 0.8 ** np.arange(lags)
    state = fading * (1 + rng.random(lags))
    moved = 0.4 * fading if moved is None else np.asarray(moved, dtype=float)
    return Forgetting(click, fading, state / state[0], moved, moved * 2, 8)


def build_reset(trace, seed=0):
    rng = np.random.default_rng(seed)
    relative = rng.random(len(trace))
    ranks = rng.integers(1, 20, len(trace))
    return ResetEffect(3 * relative, relative, ranks, 1 - relative, relative / 4, 1 - relative / 2, 10)


def build_gradient(clicks, norm=None, seed=0):
    norm = np.linspace(0.4, 1, clicks) if norm is None else np.asarray(norm, dtype=float)
    rng = np.random.default_rng(seed)
    share = np.append(rng.random(clicks - 1), 1.0)
    return GradientFlow(norm, norm * share, share, rng.random((clicks, 3)))


def build_lens(trace, k=5, seed=0):
    k = min(k, len(trace.catalog))
    rng = np.random.default_rng(seed)
    items = np.array([rng.permutation(len(trace.catalog))[:k] for _ in range(3)])
    return Lens(items, -np.sort(-rng.dirichlet(np.ones(k + 1), size=3)[:, :k]), len(trace) - 1)


def build_log_memory():
    last, recall = np.array([1, 2, 3, 5]), np.array([0.31, 0.42, 0.5, 0.57])
    return LogMemory(last, recall, 1 - recall, recall, recall / 2, 0.702, 0.351, 12345, 2000, 10, 20)


def build_variant(trace, seed=1):
    """The same session over the same catalogue, its first click deleted if there are more; other numbers."""
    items = trace.items[1:] if len(trace) > 1 else trace.items
    layer = trace.layers[-1]
    return build_trace(
        clicks=len(items), units=layer.units, titles=trace.catalog.titles, items=items, seed=seed
    )


def build_changes(rank, k=2, item=0, course=((0.1, 0.2), (0.1, 0.3, 0.4)), items=None):
    """Ranks (2, K) of our own; an item's probability falls with its rank."""
    rank = np.asarray(rank, dtype=float)
    items = np.arange(rank.shape[1]) if items is None else np.asarray(items)
    course = tuple(np.asarray(one, dtype=float) for one in course)
    steps = tuple(len(one) - 1 for one in course)
    return Changes(items, rank, 0.5 / rank, 0.5, 0.1, item, course, k, steps)


def build_ablation(drop, units=None, rank=2, rank_without=None, against=None, seed=0):
    drops = np.asarray(drop, dtype=float)
    rng = np.random.default_rng(seed)
    units = np.arange(len(drops)) if units is None else np.asarray(units)
    ranks = rng.integers(1, 100, len(drops)) if rank_without is None else np.asarray(rank_without)
    return Ablation(units, drops, 1.5, drops, 0.4, drops / 10, rank, ranks.astype(float), 0, against, 0, 3)


def build_drops(units, seed=0):
    """Effects of units, largest first."""
    drops = np.random.default_rng(seed).normal(size=units)
    return drops[np.argsort(-np.abs(drops))]


def build_quality(recall=0.6, predictions=1234, k=20):
    return Quality({k: recall}, {k: recall / 2}, predictions)


def build_intervals(recall=0.6, width=0.05, k=20):
    around = {k: (max(recall - width, 0.0), min(recall + width, 1.0))}
    return Intervals(around, {k: tuple(end / 2 for end in around[k])})


def build_measured(names, sure=True):
    """Rows named so, one after another a little worse."""
    recalls = [0.7 * 0.9**row for row in range(len(names))]
    return [
        Measured(name, build_quality(recall), build_intervals(recall) if sure else None)
        for name, recall in zip(names, recalls, strict=True)
    ]


def build_breakdown(by="position", bins=8, recall=0.6):
    """The first bins there are, each half as large as the one before."""
    starts = STARTS[by][:bins]
    shares = 0.5 ** np.arange(1, bins + 1)
    made = [
        Bin(
            first,
            following and following - 1,
            part,
            build_quality(recall * part**0.1),
            build_intervals(recall * part**0.1),
        )
        for first, following, part in zip(
            starts, (*STARTS[by][1:], None)[:bins], (shares / shares.sum()).tolist(), strict=True
        )
    ]
    return Breakdown(by, tuple(made))


# Every figure from a trace, after its last click.
DRAWN = {
    "memory_or_click": lambda trace, theme: figures.memory_or_click(
        build_split(trace), trace.catalog, theme, chosen=int(trace.ranking(-1, 1)[0])
    ),
    "three_ways": lambda trace, theme: figures.three_ways(build_why(trace), trace, theme),
    "three_ways, two items": lambda trace, theme: figures.three_ways(
        build_why(trace, against=0), trace, theme
    ),
    "three_ways, no ledgers": lambda trace, theme: figures.three_ways(
        build_why(trace, ledgers=False), trace, theme
    ),
    "retention_triangle": lambda trace, theme: figures.retention_triangle(
        build_retention(trace), trace, len(trace) - 1, theme
    ),
    "half_lives_figure": lambda trace, theme: figures.half_lives_figure(half_lives(trace.layers[-1]), theme),
    "remembering_figure": lambda trace, theme: figures.remembering_figure(
        build_remembering(trace, len(trace) - 1), trace, len(trace) - 1, theme
    ),
    "log_memory_figure": lambda _, theme: figures.log_memory_figure(build_log_memory(), theme),
    "forgetting_figure": lambda trace, theme: figures.forgetting_figure(
        build_forgetting(trace), trace, theme
    ),
    "quality_bars": lambda trace, theme: figures.quality_bars(build_measured(trace.catalog.titles), theme),
    "quality_bars, no intervals": lambda trace, theme: figures.quality_bars(
        build_measured(trace.catalog.titles, sure=False), theme
    ),
    "quality_by": lambda trace, theme: figures.quality_by(
        build_breakdown("length"), theme, name=trace.catalog.titles[0]
    ),
    "quality_by, a baseline beside": lambda trace, theme: figures.quality_by(
        build_breakdown(),
        theme,
        name=trace.catalog.titles[0],
        beside=(trace.catalog.titles[-1], build_breakdown()),
    ),
    "quality_by, one bin": lambda _, theme: figures.quality_by(build_breakdown(bins=1), theme),
    "lens_figure": lambda trace, theme: figures.lens_figure(build_lens(trace), trace.catalog, theme),
    "reset_figure": lambda trace, theme: figures.reset_figure(
        build_reset(trace), trace, len(trace) - 1, theme
    ),
    "gradient_figure": lambda trace, theme: figures.gradient_figure(build_gradient(len(trace)), trace, theme),
    "ranks_figure": lambda trace, theme: figures.ranks_figure(
        changes(trace, build_variant(trace)), trace.catalog, theme
    ),
    "state_difference_figure": lambda trace, theme: figures.state_difference_figure(
        held_differences(trace, build_variant(trace)), theme
    ),
    "course_figure": lambda trace, theme: figures.course_figure(changes(trace, build_variant(trace)), theme),
    "units_effect_figure": lambda trace, theme: figures.units_effect_figure(
        build_ablation(build_drops(trace.layers[-1].units)), theme
    ),
    "units_effect_figure, two items": lambda trace, theme: figures.units_effect_figure(
        build_ablation(build_drops(30), against=1), theme
    ),
}


def odd_trace(name):
    return build_trace(**TRACES[name])


# --- reading a figure


def named(figure, name):
    """The only trace of that name."""
    (found,) = (trace for trace in figure.data if trace.name == name)
    return found


def notes_of(figure):
    """(x, y, text, size, color) of all its words beside bars: its annotations, and the texts of `written`."""
    notes = [(a.x, a.y, a.text, a.font.size, a.font.color) for a in figure.layout.annotations]
    for one in (trace for trace in figure.data if trace.name == "words"):
        notes += zip(one.x, one.y, one.text, one.textfont.size, one.textfont.color, strict=True)
    return notes


def words_of(figure):
    """These words as a reader sees them."""
    return [seen(text) for _, _, text, *_ in notes_of(figure)]


def seen(text):
    return unescape(re.sub("<[^>]*>", "", text.replace("<br>", " ")))


def strings_of(figure):
    """Every text anywhere in the figure."""

    def walk(value):
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for name, inner in value.items():
                if name not in ("template", "bdata", "dtype", "constraintext"):
                    yield from walk(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner)

    return list(walk(json.loads(figure.to_json())))
