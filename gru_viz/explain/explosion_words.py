"""What does the experiment with exploding gradients show, in sentences computed from it?"""

from __future__ import annotations

import numpy as np

from gru_viz.explain.explosion import LAST, Explosion, Pair, Run
from gru_viz.explain.words import NBSP, Part, Sentence, number, plural, share

# What came out of the trial that gru_viz.commands.explosion_measures has its setting from.
TRIAL = (
    "The setting was chosen by trial so that the RNN's gradient explodes, as it does from each of the starts "
    "tried (seeds 0 to 4); at a rate of 1 training survives that unclipped, at 6 clipping does not save it."
)


def comparison_sentence(found: Explosion) -> Sentence:
    """What clipping changes in the end, from how many starts, and what the GRU does."""
    pair = found.pairs["rnn"]
    return (
        Part("From the same start and on the same batches, the vanilla RNN reaches "),
        *_of_limit(pair.clipped),
        Part(" of the limit in Recall@10 where its gradient is clipped, and "),
        *_of_limit(pair.free),
        Part(f" where it is not{_verdict(pair)}."),
        *_others(found),
        *_gru(found),
    )


def run_sentence(found: Explosion, clipped: bool) -> Sentence:
    """How the vanilla RNN's training goes: how far its gradient and its loss grow, and where it ends."""
    run, clip = found.pairs["rnn"].run(clipped), found.setting.clip
    over = float(run.over(clip).mean())
    if run.broke == 0:
        return (Part("Training breaks down at the first update: its loss or its gradient is no number."),)
    how: Sentence = (Part("Clipped in "), share(over), Part(" of the updates, ")) if clipped else ()
    loss, when = _peak(run.losses)
    return (
        *(how or (Part("Not clipped, "),)),
        *_gradient(run, clip, clipped),
        number(loss, 1),
        Part(f" (update {when:,}), where guessing among {plural(found.setting.items, 'item')} has "),
        number(found.setting.guessing),
        *_end(run),
    )


def setting_words(found: Explosion) -> str:
    """What has to be known to do it again, and how the setting was found, in one line."""
    to = found.setting
    return (
        f"{plural(to.units, 'unit')}, recurrent weights drawn as always and then multiplied by {to.scale:g} "
        f"(the RNN's: spectral radius {found.radius:.1f}, largest singular value {found.stretch:.1f}), plain "
        f"gradient descent at a rate of {to.rate:g}, {plural(to.batch, 'session')} an update, "
        f"{plural(to.updates, 'update')}, seed {to.seed}, clip {to.clip:g}, no dropout. {TRIAL}"
    )


def longest_step(found: Explosion) -> str:
    """How far the vanilla RNN's longest update without clipping moved its weights: rate times norm."""
    norms = found.pairs["rnn"].free.norms
    known = norms[np.isfinite(norms)]
    return _large(found.setting.rate * float(known.max())) if len(known) else "no number"


def _gradient(run: Run, clip: float, clipped: bool) -> Sentence:
    """How far it grows, and the sentence up to the loss."""
    norm, when = _peak(run.norms)
    if norm <= clip:
        return (Part("the vanilla RNN's gradient never exceeds the clip; its loss is at most "),)
    after = " before it is shortened" if clipped else ""
    return (
        Part("the vanilla RNN's gradient grows to "),
        Part(_large(norm / clip), "number"),
        Part(f"{NBSP}times the clip (update {when:,}){after}, its loss grows to "),
    )


def _end(run: Run) -> Sentence:
    if run.broke is not None:
        return (Part(f". At update {run.broke + 1:,} one of them is no number: training breaks down."),)
    last = plural(min(LAST, len(run.losses)), "update")
    return (Part(f"; over the last {last} it is "), number(run.last), Part("."))


def _peak(values: np.ndarray) -> tuple[float, int]:
    """The largest value, and the update of it, from 1; what is no number is left out."""
    where = int(np.nanargmax(values))
    return float(values[where]), where + 1


def _large(value: float) -> str:
    """5.9, 221, 1,500"""
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _of_limit(run: Run) -> Sentence:
    """91 % (90 to 92)"""
    low, high = (f"{100 * end:.0f}" for end in (run.low, run.high))
    return (share(run.recall), Part(f" ({low} to {high})"))


def _verdict(pair: Pair) -> str:
    """Nothing where clipping is clearly better: the figures say so."""
    if pair.clipped.low > pair.free.high:
        return ""
    return ": clipping does harm here" if pair.clipped.high < pair.free.low else ", no clear difference"


def _others(found: Explosion) -> Sentence:
    if not len(found.others):
        return ()
    starts = f" From {plural(len(found.others), 'start')} that had no part in choosing the setting it is "
    clipped, free = found.others.T
    return (Part(starts), *_each(clipped), Part(" with clipping, and "), *_each(free), Part(" without."))


def _each(shares: np.ndarray) -> Sentence:
    """45 %, 50 % and 87 %: of so few a range would hide the one that is otherwise."""
    parts: list[Part] = []
    for left, value in zip(range(len(shares))[::-1], np.sort(shares).tolist(), strict=True):
        parts += [share(value), Part({0: "", 1: " and "}.get(left, ", "))]
    return tuple(parts[:-1])


def _gru(found: Explosion) -> Sentence:
    """The GRU's clause: where nothing was clipped, the two runs are one."""
    pair = found.pairs["gru"]
    over = float(pair.clipped.over(found.setting.clip).mean())
    if over == 0:
        return (
            Part(" A GRU from a start made alike never comes to the clip: "),
            *_of_limit(pair.clipped),
            Part(" either way."),
        )
    return (
        Part(" A GRU from a start made alike is clipped in "),
        share(over),
        Part(" of its updates: "),
        *_of_limit(pair.clipped),
        Part(" with clipping, "),
        *_of_limit(pair.free),
        Part(" without."),
    )
