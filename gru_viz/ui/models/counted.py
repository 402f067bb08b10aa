"""Which models only count, and in which sessions, so that the one shown is not among them?"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np

from gru_viz.baselines import ALL, Baseline
from gru_viz.errors import InputError
from gru_viz.explain.words import NBSP, plural
from gru_viz.plain_text import shorten
from gru_viz.sessions import ClickLog
from gru_viz.ui.current import Current
from gru_viz.ui.kept import kept
from gru_viz.ui.models.clicks import is_its_own, place_in_log, trained_on
from gru_viz.ui.sources import LoadedLog, is_shared

MOST_CLICKS = 1_000_000  # that are counted while somebody waits, some seconds
HELD_OUT = 0.1  # of the loaded log, as `compare` has it: counted in the sessions before
LONGEST = 40  # characters of a log's name
ITEM_BY_ITEM = "The others only count which items were clicked, together and one after another: "


@dataclass(frozen=True, eq=False)
class Counting:
    """What is counted.

    names: of the models; none where there is nothing to count
    words: in which sessions, or why in none; plain text
    of:    a fitted model by its name
    """

    names: tuple[str, ...]
    words: str
    of: Callable[[str], Baseline]


def counting(now: Current) -> Counting:
    """For the session in view: the sessions its model learned from, or else the earlier ones of the log."""
    loaded = now.loaded
    if loaded is None:
        return _nothing(
            f"Without a log there is nothing to count; load one to see {len(ALL)} simple models, too."
        )
    if loaded.log.n_clicks > MOST_CLICKS:
        return _nothing(
            f"The simple models are not counted on a page: the log has more than {MOST_CLICKS:,} clicks."
        )
    if is_its_own(now):
        return _of_training(now)
    return _of_log(now, loaded)


def _nothing(why: str) -> Counting:
    none: dict[str, Baseline] = {}
    return Counting((), why, none.__getitem__)


def _of_training(now: Current) -> Counting:
    """The sessions in view are those that were held out of the training."""
    try:
        parts = kept(False, ("trained on", now.source.key), lambda: trained_on(now.source))
    except InputError as error:
        return _nothing(f"The simple models are not there: {error}.")
    train = parts.train
    held = "; the one shown was held out" if place_in_log(now) is not None else ""
    words = f"here in the {plural(len(train), 'session')} that the model learned from{held}."
    return _counted(now, (now.source.key,), lambda: train, words)


def _of_log(now: Current, loaded: LoadedLog) -> Counting:
    """Of the log's earlier sessions all but the one in view."""
    log = loaded.log
    earlier = max(1, round(len(log) * (1 - HELD_OUT)))
    place = place_in_log(now)
    left_out = [] if place is None or place >= earlier else [place]
    if earlier == len(left_out):
        return _nothing("The simple models need other sessions than the one shown, and the log has none.")
    without = ""
    if place is not None:
        without = ", without the one shown" if left_out else "; the one shown is a later one"
    name = shorten(loaded.name, LONGEST) or "the log"
    words = (
        f"here in the earlier {100 * (1 - HELD_OUT):.0f}{NBSP}% of the {plural(len(log), 'session')} in "
        f"{name}{without}."
    )

    def sessions() -> ClickLog:
        return log.select(np.delete(np.arange(earlier), left_out))

    return _counted(now, (now.source.digest, log.fingerprint, *left_out), sessions, words)


def _counted(now: Current, about: tuple[Hashable, ...], log: Callable[[], ClickLog], words: str) -> Counting:
    models = {model.name: model for model in ALL}

    def of(name: str) -> Baseline:
        return kept(is_shared(now.source), ("counted", name, *about), lambda: models[name]().fit(log()))

    return Counting(tuple(models), ITEM_BY_ITEM + words, of)
