"""How is a comparison kept as JSON, and read again from a file that anyone may have written?

{"schema": 2, "complete": .., "log": .., "test": .., "items": n, "test_sessions": n, "predictions": n,
 "ranks": "conservative", "seed": n, "settings": .., "level": .95, "resamples": n,
 "limit": {"recall@20": .., "mrr@20": ..} or null,
 "sessions": n, "models": [{"name", "recall@20", "mrr@20", "intervals": {..: [low, high]},
   "parameters": n or null, "fit_seconds": .., "predict_seconds": .., "by_position": [bins],
   "by_length": [bins]}, ..], best first
 "differences": [{"first", "second", "recall@20", "mrr@20", "intervals"}, ..],
 "shares": [{"share": .., "sessions", "models", "differences"}, ..],
 "experiments": as `gru_viz.compare.experiments.document` has them, or null}

Schema 1 has no experiments; it is read, too.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from gru_viz.compare.experiments import document as experiments
from gru_viz.compare.names import LEAST_SHARE, MOST_SHARE, MOST_SHARES, NAMES
from gru_viz.compare.strict import Json
from gru_viz.compare.values import About, Compared, Comparison, Cost, Difference, Round
from gru_viz.cutoffs import CUTOFF
from gru_viz.errors import InputError, quote
from gru_viz.learn.breakdown import STARTS, Bin, Breakdown, By
from gru_viz.learn.intervals import Intervals
from gru_viz.learn.quality import Quality
from gru_viz.safetensors_header import strict_json

FILE_NAME = "models.json"
SCHEMA, WITHOUT_EXPERIMENTS = 2, 1
MAX_BYTES = 4_000_000  # twelve models with ten shares of the data are half of it
RECALL, MRR = f"recall@{CUTOFF}", f"mrr@{CUTOFF}"
MAKE_ONE = "make one with: python -m gru_viz compare LOG --out models.json"
BYS: tuple[By, ...] = ("position", "length")


# --- to JSON


def to_document(found: Comparison) -> dict[str, Any]:
    """As the module's docstring has it; no NaN in it."""
    about, sure = found.about, found.whole.models[0].intervals
    return {
        "schema": SCHEMA,
        "complete": found.complete,
        "log": about.log,
        "test": about.test,
        "items": about.items,
        "test_sessions": about.test_sessions,
        "predictions": about.predictions,
        "ranks": "conservative",
        "seed": about.seed,
        "settings": about.settings,
        "level": sure.level,
        "resamples": sure.resamples,
        "limit": None if about.limit is None else about.limit.to_dict(CUTOFF),
        **_of_round(found.whole),
        "shares": [{"share": smaller.share, **_of_round(smaller)} for smaller in found.rounds[1:]],
        "experiments": None if found.experiments is None else experiments.to_document(found.experiments),
    }


def _of_round(part: Round) -> dict[str, Any]:
    return {
        "sessions": part.sessions,
        "models": [_of_model(model) for model in part.ranked],
        "differences": [_of_difference(one) for one in part.differences],
    }


def _of_model(model: Compared) -> dict[str, Any]:
    return {
        "name": model.name,
        **model.quality.to_dict(CUTOFF),
        "intervals": model.intervals.to_dict(CUTOFF),
        "parameters": model.cost.parameters,
        "fit_seconds": model.cost.fit_seconds,
        "predict_seconds": model.cost.predict_seconds,
        **{f"by_{one.by}": [part.to_dict(CUTOFF) for part in one.bins] for one in model.breakdowns},
    }


def _of_difference(one: Difference) -> dict[str, Any]:
    return {
        "first": one.first,
        "second": one.second,
        RECALL: one.recall,
        MRR: one.mrr,
        "intervals": {RECALL: list(one.recall_interval), MRR: list(one.mrr_interval)},
    }


# --- from JSON


def read_bytes(path: Path) -> bytes:
    """What is in a result file, read no further than one may be long. Raises InputError."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot read {quote(path.name)}: {error.strerror}; {MAKE_ONE}") from None


def read_comparison(content: bytes, name: str = FILE_NAME) -> Comparison:
    """From a result file's bytes. Raises InputError, one line, for anything else. name: what to call it"""
    file = quote(name)
    if len(content) > MAX_BYTES:
        raise InputError(f"{file} is no result of a comparison: larger than {MAX_BYTES:,} bytes; {MAKE_ONE}")
    try:
        return _comparison(Json(strict_json(content)))
    except InputError as error:
        raise InputError(f"{file} is no result of a comparison: {error}; {MAKE_ONE}") from None
    except ValueError as error:
        raise InputError(f"{file} is no JSON: {quote(error)}; {MAKE_ONE}") from None


def _comparison(document: Json) -> Comparison:
    schema = document["schema"].one_of(WITHOUT_EXPERIMENTS, SCHEMA)
    document["ranks"].one_of("conservative")
    sure = (document["level"].number(0.5, 1), document["resamples"].whole(1))
    predictions = document["predictions"].whole(1)
    limit = document["limit"]
    about = About(
        log=document["log"].text(),
        test=document["test"].text(),
        items=document["items"].whole(1),
        test_sessions=document["test_sessions"].whole(1),
        predictions=predictions,
        seed=document["seed"].whole(0, 2**63),
        settings=document["settings"].text(40),
        limit=None if limit.value is None else _quality(limit, predictions),
    )
    whole = _round(document, 1.0, predictions, sure, BYS)
    shares = document["shares"].each(0, MOST_SHARES)
    rounds = [
        _round(one, one["share"].number(LEAST_SHARE, MOST_SHARE), predictions, sure, ()) for one in shares
    ]
    if any(earlier.share <= later.share for earlier, later in pairwise(rounds)):
        raise document["shares"].wrong("in falling order")
    more = None if schema == WITHOUT_EXPERIMENTS else document["experiments"]
    return Comparison(
        about,
        (whole, *rounds),
        document["complete"].one_of(True, False),
        None if more is None or more.value is None else experiments.read(more),
    )


def _round(part: Json, share: float, predictions: int, sure: tuple[float, int], bys: tuple[By, ...]) -> Round:
    models = tuple(_model(one, predictions, sure, bys) for one in part["models"].each(1, len(NAMES)))
    names = [model.name for model in models]
    if len(set(names)) < len(names):
        raise part["models"].wrong("each model once")
    pairs = len(names) * (len(names) - 1) // 2
    differences = tuple(_difference(one, names) for one in part["differences"].each(pairs, pairs))
    if len({frozenset((one.first, one.second)) for one in differences}) < pairs:
        raise part["differences"].wrong("every two models once")
    return Round(share, part["sessions"].whole(1), models, differences)


def _model(one: Json, predictions: int, sure: tuple[float, int], bys: tuple[By, ...]) -> Compared:
    parameters = one["parameters"]
    cost = Cost(
        None if parameters.value is None else parameters.whole(),
        one["fit_seconds"].number(0, 1e9),
        one["predict_seconds"].number(0, 1e6),
    )
    return Compared(
        one["name"].one_of(*NAMES),
        _quality(one, predictions),
        _intervals(one["intervals"], sure),
        cost,
        tuple(_breakdown(one[f"by_{by}"], by, predictions, sure) for by in bys),
    )


def _quality(of: Json, predictions: int) -> Quality:
    return Quality({CUTOFF: of[RECALL].number(0, 1)}, {CUTOFF: of[MRR].number(0, 1)}, predictions)


def _intervals(of: Json, sure: tuple[float, int]) -> Intervals:
    return Intervals({CUTOFF: of[RECALL].interval()}, {CUTOFF: of[MRR].interval()}, *sure)


def _breakdown(bins: Json, by: By, predictions: int, sure: tuple[float, int]) -> Breakdown:
    starts = STARTS[by]
    found = tuple(_bin(one, by, predictions, sure) for one in bins.each(1, len(starts)))
    if any(one.first >= other.first for one, other in pairwise(found)):
        raise bins.wrong("in rising order")
    return Breakdown(by, found)


def _bin(one: Json, by: By, predictions: int, sure: tuple[float, int]) -> Bin:
    starts = STARTS[by]
    first = one["from"].one_of(*starts)
    following = (*starts[1:], None)[starts.index(first)]
    last = one["to"].one_of(None if following is None else following - 1)
    counted = one["predictions"].whole(1, predictions)
    return Bin(
        first, last, one["share"].number(0, 1), _quality(one, counted), _intervals(one["intervals"], sure)
    )


def _difference(one: Json, names: list[str]) -> Difference:
    intervals = one["intervals"]
    first, second = (one[name].one_of(*names) for name in ("first", "second"))
    if first == second:
        raise one.wrong("about two models")
    return Difference(
        first,
        second,
        one[RECALL].number(-1, 1),
        intervals[RECALL].interval(-1, 1),
        one[MRR].number(-1, 1),
        intervals[MRR].interval(-1, 1),
    )
