"""How long will a training take, and how much memory, on this machine?

A trial of half a second, for one epoch, says so. It comes last in a run of the page, when everything
else is drawn; what was found is kept, and the page is drawn once more with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Any

import streamlit as st

from gru_viz.errors import InputError
from gru_viz.explain.words import NBSP
from gru_viz.learn.config import TrainingConfig
from gru_viz.ui.kept import kept
from gru_viz.ui.train.split import Prepared
from gru_viz.ui.train.words import duration

if TYPE_CHECKING:
    from gru_viz.learn.estimate import Estimate

KNOWN = 64  # estimates kept for one person
BUSY = 1.25  # times as long as undisturbed; below this there is one figure
_KNOWN = "gru_viz.train.estimates"

Settings = tuple[Mapping[str, Any], TrainingConfig]
_Key = tuple[tuple[str, int], str]


def estimated(prepared: Prepared, settings: Settings) -> Estimate | None:
    """What is known of it; None where that is still to be measured. Raises InputError where it cannot be."""
    found = _known().get(_key(prepared, settings))
    if isinstance(found, str):
        raise InputError(found)
    if found is None:
        return None
    alike = [one for (about, _), one in _known().items() if about == prepared.about]
    return replace(for_epochs(found, settings[1].epochs), busy=busy_of(alike))


def busy_of(tried: Iterable[Estimate | str]) -> float:
    """How busy the machine is: one for all of them, so that settings differ by what they cost alone."""
    return median(one.busy for one in tried if not isinstance(one, str))


def for_epochs(one: Estimate, epochs: int) -> Estimate:
    """From an estimate of one epoch that of several; so two that differ in nothing else never disagree."""
    return replace(one, seconds=one.seconds + (epochs - 1) * one.seconds_an_epoch)


def measure(prepared: Prepared, wanted: Iterable[Settings]) -> bool:
    """Measure what is not known yet; was there anything, so that the page is to be drawn again with it?"""
    missing = {key: settings for settings in wanted if (key := _key(prepared, settings)) not in _known()}
    for key, settings in missing.items():
        found = kept(prepared.shared, ("estimate", *key), lambda s=settings: _measured(prepared, s))  # type: ignore[misc]
        known = _known()
        known[key] = found
        for old in list(known)[:-KNOWN]:
            del known[old]
    return bool(missing)


def _known() -> dict[_Key, Estimate | str]:
    return st.session_state.setdefault(_KNOWN, {})


def _key(prepared: Prepared, settings: Settings) -> _Key:
    model, training = settings
    # neither changes what an epoch takes
    alike = replace(training, epochs=1, patience=0)
    return prepared.about, repr((sorted(model.items()), alike))


def _measured(prepared: Prepared, settings: Settings) -> Estimate | str:
    from gru_viz.learn.estimate import estimate, memory_bytes
    from gru_viz.model import ModelConfig

    model, training = settings
    try:
        config, one = ModelConfig.from_dict(dict(model)), replace(training, epochs=1)
        needed, free = memory_bytes(prepared.parts, config, one), free_memory()
        if free is not None and needed > free:  # the trial itself would take most of it, from everyone
            return (
                f"this training needs about {size(needed)} of memory, and {size(free)} are left here; "
                "use fewer units, a smaller batch or a smaller log"
            )
        return estimate(prepared.parts, config, one)
    except InputError as error:
        return str(error)


def time_words(found: Estimate | None) -> str:
    """ "about 40 s" or, on a busy machine, "40 to 75 s"; or that it is being measured."""
    if found is None:
        return "…"
    between = _between(found)
    return between if _is_busy(found) else f"about {between}"


def _is_busy(found: Estimate) -> bool:
    return found.busy >= BUSY and duration(found.seconds) != duration(found.seconds * found.busy)


def _between(found: Estimate) -> str:
    """Where the machine is busy, from what it takes undisturbed to what it takes now."""
    least, most = (duration(seconds) for seconds in (found.seconds, found.seconds * found.busy))
    if not _is_busy(found):
        return least
    number, unit = least.split(NBSP)
    return f"{number if most.endswith(NBSP + unit) else least} to {most}"


def estimate_words(found: Estimate | None, patience: int, free: int | None) -> str:
    """Time and memory in one line.

    patience: epochs without a better value until it stops; 0: never
    free:     bytes of memory that this machine has left, if known
    """
    if found is None:
        return "How long it takes is being tried …"
    words = time_words(found)
    words = f"At most {_between(found)}" if patience else f"{words[0].upper()}{words[1:]}"
    text = f"{words} and {size(found.memory_bytes)} of memory on this machine"
    text += ", the longer the busier it stays." if _is_busy(found) else "."
    if free is not None and found.memory_bytes > free:
        text += f" It has only {size(free)} left: fewer units, a smaller batch or a smaller log would fit."
    return text


def size(count: int) -> str:
    """Bytes in gigabytes, at least a tenth of one."""
    return f"{max(count / 1e9, 0.1):.1f}{NBSP}GB"


def free_memory() -> int | None:
    """Bytes that can be had without swapping; None where the system does not tell."""
    try:
        with open("/proc/meminfo", encoding="ascii") as told:
            lines = dict(line.split(":", 1) for line in told)
        return int(lines["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError, IndexError):
        return None
