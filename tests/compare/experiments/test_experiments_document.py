"""Do experiments come back as they were written, and is every other content refused with its place?

Oracle: HOSTILE_INPUT.md; the experiments that were written.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.compare.document import read_comparison, to_document
from gru_viz.compare.experiments.values import Experiments
from gru_viz.errors import InputError
from tests.compare.experiments.values import EVERY, gradients
from tests.compare.test_document import JSON
from tests.compare.values import comparison


def written(found: Experiments | None) -> dict:
    document = to_document(replace(comparison(), experiments=found))
    return json.loads(json.dumps(document, allow_nan=False))


def read(document: dict):
    return read_comparison(json.dumps(document).encode()).experiments


@pytest.mark.parametrize(
    "found",
    [None, Experiments(), EVERY, Experiments(gradients(), left_out=("long", "reset"))],
    ids=["none", "nothing yet", "every", "some"],
)
def test_what_is_written_is_read_again(found):
    assert read(written(found)) == found


def test_a_file_without_experiments_is_read():
    """As `compare` wrote it before there were any: schema 1, and no word of them."""
    document = written(None)
    del document["experiments"]
    assert document["schema"] == 2
    with pytest.raises(InputError, match="has no 'experiments'"):
        read(document)
    assert read(document | {"schema": 1}) is None


WRONG = [
    ((), 5, "experiments must be an object"),
    (("reset",), ..., "experiments has no 'reset'"),
    (("left_out",), ["all"], "experiments.left_out[0] must be one of"),
    (("gradients", "sessions"), 0, "gradients.sessions must be a whole number from 1"),
    (("gradients", "cells"), [], "gradients.cells must be a list of 1 to 3"),
    (("gradients", "cells", 0, "cell"), "<b>", "cells[0].cell must be one of gru, lstm, rnn"),
    (("gradients", "cells", 0, "cell"), "lstm", "each once"),
    (("gradients", "cells", 0, "median"), [1.0], "cells[0].median must be a list of 3 to 3"),
    (("gradients", "cells", 0, "low", 1), -1, "cells[0].low[1] must be a number at least 0"),
    (("gradients", "cells", 0, "furthest", "low"), 7, "furthest must be a figure with an interval"),
    (("gradients", "cells", 0, "before"), None, "cells[0].before must be a number"),
    (("reset", "clicks"), [], "reset.clicks must be a list"),
    (("reset", "clicks", 0, "asked"), 0.5, "clicks[0].asked must be a whole number"),
    (("reset", "clicks", 0, "low"), 1, "clicks[0] must be an interval"),
    (("reset", "fresh"), 2, "reset.fresh must be a number from 0 to 1"),
    (("reset", "loss", "high"), -1, "reset.loss must be a figure"),
    (("clipping",), None, "experiments.clipping must be a list"),
    (("clipping", 0, "cell"), "sasrec", "clipping[0].cell must be one of"),
    (("clipping", 0, "loss"), None, "clipping[0] must be with both, or neither"),
    (("clipping", 0, "shortened"), 1.5, "clipping[0].shortened must be a number"),
    (("sizes", 0, "units"), 16, "experiments.sizes must be in rising order"),
    (("sizes", 0, "interval"), [1, 0], "sizes[0].interval must be two numbers"),
    (("sizes", 0, "seconds"), True, "sizes[0].seconds must be a number"),
    (("long", "late"), 7, "long.late must be one of"),
    (("long", "leads", 0, "other"), "lstm", "leads[0].other must be one of"),
    (("long", "leads", 0, "other"), "fpmc", "each once"),
    (("long", "leads", 0, "early", "value"), 3, "early.value must be a number from -1 to 1"),
    (("waiting", "lengths"), [128, 8], "waiting.lengths must be in rising order"),
    (("waiting", "paces", 0, "name"), "rnn", "paces[0].name must be one of gru, sasrec"),
    (("waiting", "paces", 0, "name"), "sasrec", "each once"),
    (("waiting", "paces", 0, "slower"), [], "slower must be a list of 2 to 2"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "message"), WRONG, ids=lambda part: str(part)[:40])
def test_what_does_not_hold_is_said_with_its_place(path, value, message):
    document = written(EVERY)
    at, steps = document, ("experiments", *path)
    for step in steps[:-1]:
        at = at[step]
    if value is ...:
        del at[steps[-1]]
    else:
        at[steps[-1]] = value
    with pytest.raises(InputError) as error:
        read(document)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@given(st.data(), JSON)
def test_anything_anywhere_is_read_or_refused(data, value):
    """Whatever stands at whichever place: experiments or an InputError, nothing else."""
    document = written(EVERY)
    at, key = document, "experiments"
    while isinstance(at[key], dict | list) and at[key] and data.draw(st.integers(0, 4)):
        at = at[key]
        key = data.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
    at[key] = value
    with suppress(InputError):
        read(document)
