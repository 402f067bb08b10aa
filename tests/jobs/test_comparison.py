"""Oracle: the same comparison made in this process. The children are real."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gru_viz.compare.about import about
from gru_viz.compare.document import read_comparison
from gru_viz.compare.run import compare
from gru_viz.compare.values import Comparison
from gru_viz.errors import InputError
from gru_viz.jobs import ComparisonRequest, Comparisons, ComparisonStatus, child, process, telling
from gru_viz.jobs import folder as files
from gru_viz.jobs.comparison_status import At
from gru_viz.jobs.folder import write_job
from gru_viz.jobs.kinds import COMPARISON
from gru_viz.jobs.request import CLICKS, SETTINGS, read_comparison_request, write_request
from tests.jobs.conftest import request_of, until

CHEAP = ("popularity", "markov", "item_knn")


def comparison_of(sessions: int = 60, **asked: Any) -> ComparisonRequest:
    """Of cheap models, on the log of `request_of`."""
    parts = request_of(sessions).parts
    return ComparisonRequest(parts, **{"models": CHEAP, "preset": "quick", **asked})


def straight(request: ComparisonRequest) -> Comparison:
    parts = request.parts
    assert parts.test is not None
    on = about(parts, request.seed, request.preset)
    last = None
    for event in compare(parts.train, parts.test, on, request.models, request.shares, request.claims):
        last = event if isinstance(event, Comparison) else last
    assert last is not None
    return last


def without_times(found: Comparison) -> Comparison:
    """Times differ, and a result file has the models of a round best first."""
    rounds = tuple(
        replace(
            part,
            models=tuple(
                replace(model, cost=replace(model.cost, fit_seconds=0.0, predict_seconds=0.0))
                for model in part.ranked
            ),
        )
        for part in found.rounds
    )
    tried = found.experiments
    if tried is not None:
        tried = replace(tried, sizes=tuple(replace(one, seconds=0.0) for one in tried.sizes))
    return replace(found, rounds=rounds, experiments=tried)


def found(status: ComparisonStatus) -> Comparison:
    assert status.result is not None
    return read_comparison(status.result.read_bytes())


@pytest.fixture
def comparisons(jobs: Any) -> Comparisons:
    """In the same folder as `jobs`; none of its children outlives the test."""
    return Comparisons(jobs.root)


def ended(comparisons: Comparisons, job: str) -> ComparisonStatus:
    until(lambda: not comparisons.status(job, "me").active)
    return comparisons.status(job, "me")


def test_what_a_child_finds_is_what_compare_finds(comparisons: Comparisons) -> None:
    request = comparison_of(shares=(1.0, 0.5), models=(*CHEAP, "gru"), seed=3, claims=True)
    job = comparisons.submit(request, "me")
    assert comparisons.status(job, "me").state in ("starting", "running")
    done = ended(comparisons, job)
    assert (done.state, done.message, done.models) == ("finished", "", request.models)
    assert done.name == request.parts.name
    assert found(done).complete
    assert found(done).experiments is not None
    assert without_times(found(done)) == without_times(straight(request))


def test_cancelled_it_keeps_what_is_finished_and_starts_again_from_the_beginning(
    comparisons: Comparisons,
) -> None:
    """The last model learns for minutes."""
    job = comparisons.submit(comparison_of(20_000, models=("markov", "popularity", "bert4rec")), "me")

    def at_the_last() -> bool:
        status = comparisons.status(job, "me")
        assert status.active, status.message
        at = status.at
        return at is not None and at.name == "bert4rec" and at.done > 0 and at.seconds_left is not None

    until(at_the_last)
    at = comparisons.status(job, "me").at
    assert at is not None
    assert 0 < at.done < 1
    assert at.seconds_left is not None
    assert at.seconds_left > 0
    comparisons.cancel(job, "me")
    status = comparisons.status(job, "me")
    assert (status.state, status.message, status.resumable) == ("cancelled", "", True)
    assert not process.alive(status.folder)
    so_far = found(status)
    assert not so_far.complete
    assert {model.name for model in so_far.whole.models} == {"markov", "popularity"}

    comparisons.resume(job, "me")
    assert comparisons.status(job, "me").result is None
    until(lambda: comparisons.status(job, "me").state == "running")
    until(lambda: (at := comparisons.status(job, "me").at) is not None and at.name == "bert4rec")
    began = files.read(status.folder, files.PROCESS)
    assert began is not None
    os.kill(began["pid"], signal.SIGKILL)
    lost = ended(comparisons, job)
    assert lost.state == "lost"
    assert lost.message == (
        "the process of this comparison ended at BERT4Rec; what was finished is kept, and it can only be "
        "started again from the beginning"
    )
    assert len(found(lost).whole.models) == 2


# --- in this process


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(os, "nice", lambda _: 0)  # of the tests that come after
    write_job(tmp_path, COMPARISON, "someone", "clicks.csv", 0.0)
    return tmp_path


def in_a_job(folder: Path) -> Path:
    """The folder under a job's name, without which it is none."""
    job = folder / ("a" * 32)
    job.mkdir()
    (folder / files.JOB).rename(job / files.JOB)
    return job


def test_what_an_earlier_process_found_is_not_shown_as_what_this_one_finds(
    comparisons: Comparisons, sleepers: list[str]
) -> None:
    """Also while it waits for its turn."""
    job = comparisons.submit(comparison_of(), "me")
    (comparisons.root / job / "models.json").write_text("of before")
    comparisons.cancel(job, "me")
    assert comparisons.status(job, "me").result is not None
    comparisons.at_once = 0
    comparisons.resume(job, "me")
    waits = comparisons.status(job, "me")
    assert (waits.state, waits.result) == ("waiting", None)


def test_every_model_is_told_of_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: by hand, of three models with two words on each, all within an instant."""
    told: list[str] = []
    monkeypatch.setattr(telling, "BETWEEN", 1e9)
    monkeypatch.setattr(files, "write", lambda folder, name, values: told.append(values["progress"]["name"]))
    teller = telling.Teller(folder)
    for name in ("gru", "gru", "markov", "markov", "gru"):
        teller.by_and_by("comparing", {"name": name})
    assert told == ["gru", "markov", "gru"]


def test_what_goes_wrong_is_said_of_a_comparison(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    job = in_a_job(folder)

    def no_memory(*_: object) -> None:
        raise MemoryError

    monkeypatch.setitem(child.WORK, COMPARISON, no_memory)
    assert child.main(job) == 1
    end = files.read(job, files.END)
    assert end is not None
    assert (
        end["message"]
        == "there is not enough memory for this comparison; leave models out, or use a smaller log"
    )
    capsys.readouterr()


# --- the request


def test_a_request_comes_back(tmp_path: Path) -> None:
    request = comparison_of(shares=(1.0, 0.3), seed=7)
    write_request(request, tmp_path)
    back = read_comparison_request(tmp_path)
    told = ("models", "shares", "preset", "seed")
    assert [getattr(back, name) for name in told] == [getattr(request, name) for name in told]
    assert back.parts.train.fingerprint == request.parts.train.fingerprint
    assert back.parts.test is not None
    assert request.parts.test is not None
    assert back.parts.test.fingerprint == request.parts.test.fingerprint


@pytest.mark.parametrize(
    "asked",
    [
        {"models": ()},
        {"models": ("markov", "oracle")},
        {"shares": ()},
        {"shares": (0.5, 1.0)},
        {"shares": (1.0, 0.0)},
        {"shares": (1.0, float("nan"))},
        {"preset": "perfect"},
        {"seed": -1},
    ],
)
def test_what_cannot_be_compared_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        comparison_of(**asked)


def test_nothing_to_measure_on_is_refused() -> None:
    request = comparison_of()
    with pytest.raises(InputError, match="held-out"):
        replace(request, parts=replace(request.parts, test=None))


@pytest.mark.parametrize("name", [SETTINGS, CLICKS])
@pytest.mark.parametrize("content", [None, b"", b"{}", b'{"models": 7}'])
def test_a_damaged_request(tmp_path: Path, name: str, content: bytes | None) -> None:
    write_request(comparison_of(), tmp_path)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match="asked of this comparison"):
        read_comparison_request(tmp_path)


@pytest.mark.parametrize(
    "progress",
    [
        None,
        [],
        {},
        {"name": "oracle", "share": 1, "done": 0.5, "seconds_left": 1},
        {"name": "gru", "share": 1, "done": "much", "seconds_left": 1},
        {"name": "gru", "share": 1, "done": 0.5, "seconds_left": ""},
        {"name": ["gru"], "share": 1, "done": 0.5, "seconds_left": 1},
    ],
)
def test_odd_progress_is_none(comparisons: Comparisons, sleepers: list[str], progress: object) -> None:
    job = comparisons.submit(comparison_of(), "me")
    files.write(comparisons.root / job, files.PROGRESS, {"doing": "comparing", "progress": progress, "at": 1})
    status = comparisons.status(job, "me")
    assert (status.state, status.at, status.result) == ("running", None, None)


def test_how_long_it_takes_may_not_be_known(comparisons: Comparisons, sleepers: list[str]) -> None:
    job = comparisons.submit(comparison_of(), "me")
    progress = {"name": "gru", "share": 1.0, "done": 0.1, "events_per_s": 0.0, "seconds_left": None}
    files.write(comparisons.root / job, files.PROGRESS, {"doing": "comparing", "progress": progress, "at": 1})
    assert comparisons.status(job, "me").at == At("gru", 1.0, 0.1, None)
