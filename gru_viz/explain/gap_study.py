"""How many hidden clicks are found from what came before, from both sides, and live?

Written by `python -m gru_viz cells` as one JSON file, so that nobody has to wait for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gru_viz.compare.strict import Json
from gru_viz.errors import InputError, quote
from gru_viz.explain.study_file import read_study
from gru_viz.explain.words import NBSP, Part, Sentence
from gru_viz.learn.paired import Standing, standing

FILE, MODEL_FILE = "both_ways.json", "cells/both_ways.safetensors"
SCHEMA = 1
CUTOFFS = (10, 1)
PLACES = ("inside", "last")
# of each place: the shop's GRU, the model that reads both ways, and the same with nothing after
WAYS = {"inside": ("before", "both", "live"), "last": ("before", "both")}

Interval = tuple[float, float]


@dataclass(frozen=True)
class Found:
    """Share of hidden clicks whose rank is at most a cutoff, one way of asking.

    share:       in [0, 1], with its 95 % interval over resampled sessions
    more:        that share minus the one of what came before alone, in [-1, 1], with its interval
                 over the same resamples; None of that way itself
    """

    share: float
    interval: Interval
    more: float | None = None
    more_interval: Interval | None = None


@dataclass(frozen=True)
class GapStudy:
    """What was measured on held-out sessions.

    digests:  fingerprints of the weights that were measured: "before" the shop's GRU's, and "both"
    sessions: how many
    clicks:   by place, "inside" a session (neither first nor last) and its "last"
    found:    by place, way and cutoff
    """

    digests: Mapping[str, str]
    sessions: int
    clicks: Mapping[str, int]
    found: Mapping[tuple[str, str, int], Found]

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it; `from_dict` takes it back."""
        rows = [
            {"place": place, "way": way, "cutoff": cutoff, **_lists(one)}
            for (place, way, cutoff), one in self.found.items()
        ]
        return {
            "schema": SCHEMA,
            "digests": dict(self.digests),
            "sessions": self.sessions,
            "clicks": dict(self.clicks),
            "found": rows,
        }

    @staticmethod
    def from_dict(values: Any) -> GapStudy:
        """Raises InputError, with the place, for anything that is no such study."""
        document = Json(values)
        document["schema"].one_of(SCHEMA)
        found = dict(map(_found, document["found"].each(1, 100)))
        needed = [(place, way, cutoff) for place in PLACES for way in WAYS[place] for cutoff in CUTOFFS]
        missing = [one for one in needed if one not in found]
        if missing:
            raise InputError(f"found has nothing of {quote(missing[0])}")
        return GapStudy(
            {name: document["digests"][name].text() for name in ("before", "both")},
            document["sessions"].whole(1),
            {place: document["clicks"][place].whole(1) for place in PLACES},
            found,
        )


def _lists(found: Found) -> dict[str, Any]:
    return {name: list(value) if type(value) is tuple else value for name, value in vars(found).items()}


def _found(row: Json) -> tuple[tuple[str, str, int], Found]:
    place = row["place"].one_of(*PLACES)
    way = row["way"].one_of(*WAYS[place])
    share = row["share"].number(0, 1)
    key = (place, way, row["cutoff"].one_of(*CUTOFFS))
    if way == "before":
        return key, Found(share, row["interval"].interval())
    return key, Found(
        share, row["interval"].interval(), row["more"].number(-1, 1), row["more_interval"].interval(-1)
    )


def read(path: Path) -> GapStudy:
    """The study in this file. Raises InputError where there is none."""
    return read_study(path, "what was measured of hidden clicks", GapStudy.from_dict)


def gap_study_sentence(study: GapStudy) -> Sentence:
    """Both sides against what came before: inside a session, live, and at a session's last click."""
    both, live = (study.found["inside", way, 10] for way in ("both", "live"))
    last = study.found["last", "both", 10]
    before = study.found["inside", "before", 10]
    return (
        Part("Inside a session the hidden item is among the first 10 in "),
        _percent(before.share),
        Part(" from what came before, and in "),
        _percent(both.share),
        Part(" when what came after is read, too: "),
        *_more(both),
        Part(". Asked live, with everything after the click still to come, the same model finds "),
        _percent(live.share),
        Part(": "),
        *_more(live),
        Part(". At a session's last click, where there is nothing to read backwards, it finds "),
        _percent(last.share),
        Part(": "),
        *_more(last),
        *_first_at_the_end(study.found["last", "both", 1]),
        Part("."),
    )


def _first_at_the_end(found: Found) -> Sentence:
    """How often it puts the last item first, and the likely reason where that is clearly more often.

    What is read backwards there are zeros, and in training they stood at the end of a session only.
    """
    if _standing(found) != "above":
        return (Part("; it puts the item first in "), *_more(found))
    because = ", likely because the zeros tell it that the session ends"
    return (Part("; it puts the item first in "), *_more(found), Part(because))


def _more(found: Found) -> Sentence:
    assert found.more is not None
    assert found.more_interval is not None
    low, high = found.more_interval
    way = "more" if found.more >= 0 else "less"
    points = Part(f"{100 * abs(found.more):.1f}", "number")
    if _standing(found) == "level":
        between = f"{100 * low:+.1f} to {100 * high:+.1f}".replace("-", "−")
        return (points, Part(f" points {way}, which these sessions cannot tell from none ({between})"))
    near, far = sorted((abs(low), abs(high)))
    return (points, Part(f" points {way} ({100 * near:.1f} to {100 * far:.1f})"))


def _standing(found: Found) -> Standing:
    assert found.more_interval is not None
    return standing(found.more_interval)


def _percent(share: float) -> Part:
    return Part(f"{100 * share:.1f}{NBSP}%", "number")
