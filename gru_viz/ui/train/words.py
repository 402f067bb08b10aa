"""How does a training stand, in plain sentences?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from gru_viz.cutoffs import CUTOFF
from gru_viz.errors import InputError
from gru_viz.explain.claims.rules import AS_WELL
from gru_viz.explain.exploding import TIMES, always_clipped, exploded, explodes, stuck
from gru_viz.explain.words import NBSP, Part, Sentence, percent, plural
from gru_viz.jobs.keeping import ALL_BYTES, AN_OWNER, DAYS
from gru_viz.learn.paired import Margin
from gru_viz.learn.paired import standing as standing_of

if TYPE_CHECKING:
    from gru_viz.jobs import JobStatus
    from gru_viz.learn.figures_file import EpochFigures
    from gru_viz.learn.progress import Progress
    from gru_viz.learn.quality import Quality

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
BASELINES = {
    "markov": "the Markov chain",
    "popularity": "popularity",
    "item_knn": "item-kNN",
}


NOT_HERE = "The training that the address names is not here: it was removed, or it is another browser's."


def sentence(said: InputError | str) -> str:
    """What went wrong, as a sentence of its own."""
    text = str(said)
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def baseline_name(name: str) -> str:
    """A baseline as a sentence calls it."""
    return BASELINES.get(name, name.replace("_", " "))


def short_baseline_name(name: str) -> str:
    """The same where there is little room."""
    return baseline_name(name).removeprefix("the ").removesuffix(" chain")


def duration(seconds: float) -> str:
    """About how long: 40 s, 3 min, 2 h."""
    if not math.isfinite(seconds):
        return "an unknown time"
    seconds = max(seconds, 0)
    if seconds < 90:
        return f"{max(1, round(seconds)) if seconds < 10 else 5 * round(seconds / 5)}{NBSP}s"
    if seconds < 5400:
        return f"{round(seconds / 60)}{NBSP}min"
    return f"{seconds / 3600:.1f}{NBSP}h"


def queue_words(place: int) -> str:
    """ "second in line" for whom one other waits before."""
    return f"{ORDINALS[place]} in line" if place < len(ORDINALS) else f"number {place + 1} in line"


def waiting_words(place: int) -> str:
    """Of whom so many others wait before."""
    return f"Waits: {queue_words(place)}. It starts by itself as soon as a place is free."


def busy_words(kind: str) -> str:
    """Why no other job can be started. kind: of the one that is active, on whatever page"""
    return f"One at a time: your {kind} still runs or waits."


def kept_words(with_what: str) -> str:
    """How long a job's copy of the clicks stays on the server."""
    return (
        f"A copy of the clicks is kept with {with_what}, on this server, until you remove it, at most "
        f"{DAYS} days. Beyond {AN_OWNER} trainings and comparisons of yours, or "
        f"{ALL_BYTES // 1024**3}{NBSP}GB of everybody’s, the first to go are those without a result, then "
        "stopped ones, then the oldest."
    )


def going_words(label: str, has_model: bool) -> str:
    """What a further job makes room by. label: of the one that goes, as the page calls it"""
    save = " Download its model first if you want to keep it." if has_model else ""
    return f"The next one removes {label}: {AN_OWNER} of your trainings and comparisons are kept.{save}"


def status_words(status: JobStatus, epochs: int) -> str:
    """What the training does now, in one line. epochs: as many as were asked for."""
    if status.state == "waiting":
        return waiting_words(status.place)
    if status.state == "starting":
        return "Starts …"
    progress = status.progress
    if progress is None or (status.doing and not status.doing.startswith("train")):
        done = f"after epoch {len(status.epochs)} of {epochs}" if status.epochs else "before the first epoch"
        return f"{(status.doing or 'prepares').capitalize()}, {done}"
    return (
        f"Epoch {progress.epoch} of {epochs} · {progress.events_per_s:,.0f} clicks a second · "
        f"about {duration(progress.seconds_left)} left"
    )


def share_done(status: JobStatus, epochs: int) -> float:
    """Of all epochs asked for, in [0, 1]."""
    done, progress = float(len(status.epochs)), status.progress
    if progress is not None:  # it may be older than the last epoch
        done = max(done, progress.epoch - 1 + progress.batch / max(progress.batches, 1))
    return min(max(done / max(epochs, 1), 0.0), 1.0)


def standing(epoch: EpochFigures | None, baselines: Mapping[str, Quality]) -> Sentence:
    """How good it is after an epoch, against the best baseline, and which others it has passed."""
    if epoch is None:
        return (Part("The first figures come after the first epoch."),)
    if epoch.quality is None:
        return (Part(f"After epoch {epoch.epoch}: nothing was held out, so nothing is measured."),)
    opening = (Part("After epoch "), Part(str(epoch.epoch), "number"), Part(" it "))
    return (*opening, *_against(epoch, epoch.quality, baselines))


def verdict(epoch: EpochFigures, baselines: Mapping[str, Quality], finished: bool = True) -> Sentence:
    """The same of the epoch that was kept."""
    if epoch.quality is None:
        done = "It is trained" if finished else "It is trained in part"
        return (Part(f"{done}. Nothing was held out, so how good it is was not measured."),)
    best = "Trained. The best epoch, number " if finished else "The best epoch so far, number "
    chosen = Part(", was kept; these clicks chose it, which flatters it a little. It ")
    return (Part(best), Part(str(epoch.epoch), "number"), chosen, *_against(epoch, epoch.quality, baselines))


def kept_epoch(epochs: Sequence[EpochFigures], kept: int) -> Sentence:
    """How good the kept epoch is, where that is another than the last; from 1, 0 for none."""
    quality = epochs[kept - 1].quality if 0 < kept < len(epochs) else None
    if quality is None:
        return ()
    found = Part(percent(quality.recall[CUTOFF]), "number")
    return (Part(" Kept is epoch "), Part(str(kept), "number"), Part(", which finds "), found, Part("."))


def _against(epoch: EpochFigures, quality: Quality, baselines: Mapping[str, Quality]) -> Sentence:
    """Above, level or below as the paired interval says; where a run kept none, the figures alone."""
    finds = (
        Part("finds "),
        Part(percent(quality.recall[CUTOFF]), "number"),
        Part(f" of the held-out next clicks among its first {CUTOFF}"),
    )
    ordered = best_first(baselines)
    if not ordered:
        return (*finds, Part("."))
    name, best = ordered[0], Part(percent(baselines[ordered[0]].recall[CUTOFF]), "number")
    stands = {other: standing_of(margin.recall_interval) for other, margin in epoch.margins.items()}
    if name not in stands:
        beside = Part(f"; {baseline_name(name)}, the best baseline, finds ")
        return (*finds, beside, best, Part("."))
    stand = _compared(epoch.margins[name])
    compared = Part(f": {stand} {baseline_name(name)}, the best baseline (")
    passed = [baseline_name(other) for other in ordered[1:] if stands.get(other) == "above"]
    above = f", above {listed(passed)}" if passed and stands[name] != "above" else ""
    return (*finds, compared, best, Part(f"){above}."))


def _compared(margin: Margin) -> str:
    """Level only where the whole interval is as good as 0: few clicks alone make nobody equal."""
    stands = standing_of(margin.recall_interval)
    if stands != "level":
        return stands
    low, high = margin.recall_interval
    return "about level with" if low >= -AS_WELL and high <= AS_WELL else "not told apart from"


def best_first(baselines: Mapping[str, Quality]) -> list[str]:
    return sorted(baselines, key=lambda name: -baselines[name].recall[CUTOFF])


def margin_words(epoch: EpochFigures, baselines: Mapping[str, Quality]) -> str:
    """By how much it is above or below the best baseline, and how sure that is; "" where that is unknown."""
    name = next(iter(best_first(baselines)), "")
    margin, sure = epoch.margins.get(name), epoch.intervals
    if margin is None or sure is None:
        return ""
    if margin.recall_interval == (-1.0, 1.0):
        return "A single session was held out: how sure this is cannot be told."
    return (
        f"Against {baseline_name(name)}, on the same sessions: {_signed(margin.recall)} points of Recall, "
        f"{_between(margin)} in {percent(sure.level)} of {sure.resamples:,} resamples of the sessions."
    )


def _between(margin: Margin) -> str:
    low, high = margin.recall_interval
    return f"between {_signed(low)} and {_signed(high)}"


def _signed(share: float) -> str:
    """+1.2, in points of a hundred."""
    text = f"{100 * share:+.1f}"
    return "0.0" if float(text) == 0 else text.replace("-", "−")


def listed(words: Sequence[str]) -> str:
    """ "a, b and c" """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def alarm(epochs: Sequence[EpochFigures], progress: Progress | None = None) -> str | None:
    """What goes wrong with gradient or gates, or None.

    progress: of the last batch, while a further epoch runs
    """
    norms = [epoch.gradient_norm for epoch in epochs]
    if progress is not None and progress.epoch > len(epochs) and _explodes_now(progress, norms):
        return f"The gradient explodes in epoch {progress.epoch}: {_norm(progress.gradient_norm)}. {_REMEDY}"
    burst = [place + 1 for place, did in enumerate(exploded(norms)) if did]
    if burst:
        which = f"epoch {burst[0]}" if len(burst) == 1 else f"epochs {listed([str(n) for n in burst])}"
        return f"The gradient exploded in {which}: {_norm(norms[burst[-1] - 1])}. {_REMEDY}"
    if epochs and always_clipped(epochs[-1].clipped):
        return (
            f"{percent(epochs[-1].clipped)} of the updates in epoch {epochs[-1].epoch} were clipped: their "
            "length is the clip's, not the gradient's. A larger clip or a smaller learning rate would let "
            "the gradient speak."
        )
    if epochs and stuck(epochs[-1].saturated):
        return (
            f"{percent(epochs[-1].saturated)} of the gates stand open or shut after epoch "
            f"{epochs[-1].epoch}, where they hardly learn any more. A smaller learning rate helps."
        )
    return None


def _explodes_now(progress: Progress, norms: Sequence[float]) -> bool:
    """Against the epochs before, or against the updates before in its own epoch."""
    usual = [] if progress.usual_norm is None else [progress.usual_norm]
    return any(explodes(progress.gradient_norm, before) for before in (norms, usual))


_REMEDY = "A smaller learning rate or a tighter clip helps."


def _norm(norm: float) -> str:
    if not math.isfinite(norm):
        return "its norm is no number any more"
    return f"its norm is {norm:,.3g}, more than {TIMES:.0f} times the usual"


def ended_words(status: JobStatus) -> str:
    """What became of a training that did not finish; one line."""
    if status.state == "cancelled":
        finished = len(status.epochs)
        stay = f"{plural(finished, 'finished epoch')} {'is' if finished == 1 else 'are'} kept"
        return f"Cancelled; {stay if finished else 'no epoch was finished'}."
    return sentence(status.message)
