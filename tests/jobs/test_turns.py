"""Does the next job start with nobody looking, and is nobody kept waiting while files are deleted?

Oracle: by hand; where it says so the children are real.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gru_viz.errors import InputError
from gru_viz.jobs import Comparisons, Jobs, keeping, process
from gru_viz.jobs import folder as files
from gru_viz.jobs import next as next_module
from gru_viz.jobs.turns import LOCK
from tests.jobs.conftest import MODEL, request_of, until
from tests.jobs.test_comparison import comparison_of


def end_of(folder: Path) -> str:
    """Read from the folder alone: to look at the queue would start who waits."""
    return str((files.read(folder, files.END) or {}).get("state", ""))


def test_a_real_child_starts_the_next_one_in_the_end(jobs: Jobs) -> None:
    """One that fails, a comparison and a training, one at a time; asked for, and never looked at again."""
    jobs.at_once = 1
    bad = replace(request_of(), model={**MODEL, "units": [-1]})
    first = jobs.root / jobs.submit(bad, "a")
    second = jobs.root / Comparisons(jobs.root, 1).submit(comparison_of(), "b")
    third = jobs.root / jobs.submit(request_of(epochs=1), "c")
    assert not (second / files.PROCESS).exists()
    until(lambda: (third / files.PROCESS).exists())
    jobs.cancel(third.name, "c")
    assert [end_of(folder) for folder in (first, second, third)] == ["failed", "finished", "cancelled"]
    times = [
        files.read(folder, name) for folder in (first, second, third) for name in (files.PROCESS, files.END)
    ]
    at = [told["at"] for told in times if told is not None]
    assert at == sorted(at)
    assert len(at) == 6
    assert not any(process.alive(folder) for folder in (first, second, third))


def test_the_last_thing_a_process_does_starts_no_more_than_may_run(jobs: Jobs, sleepers: list[str]) -> None:
    jobs.at_once = 0
    ids = [jobs.submit(request_of(), owner) for owner in "abc"]
    next_module.main(2, jobs.root)
    assert sleepers == ids[:2]
    next_module.main(2, jobs.root)
    assert sleepers == ids[:2]


# --- kinds in one line


def test_two_run_over_both_kinds(jobs: Jobs, sleepers: list[str]) -> None:
    comparisons = Comparisons(jobs.root)
    jobs.submit(request_of(), "a")
    compared = comparisons.submit(comparison_of(), "b")
    waits = comparisons.submit(comparison_of(), "c")
    last = jobs.submit(request_of(), "d")
    assert comparisons.status(compared, "b").state == "starting"
    assert (comparisons.status(waits, "c").state, comparisons.status(waits, "c").place) == ("waiting", 0)
    assert (jobs.status(last, "d").state, jobs.status(last, "d").place) == ("waiting", 1)


def test_one_active_job_a_person_over_both_kinds(jobs: Jobs, sleepers: list[str]) -> None:
    comparisons = Comparisons(jobs.root)
    assert jobs.busy("a") is comparisons.busy("a") is None
    training = jobs.submit(request_of(), "a")
    with pytest.raises(InputError, match="you have a training that waits or runs"):
        comparisons.submit(comparison_of(), "a")
    assert jobs.busy("a") == comparisons.busy("a") == "training"
    jobs.cancel(training, "a")
    compared = comparisons.submit(comparison_of(), "a")
    for again in (lambda: jobs.submit(request_of(), "a"), lambda: jobs.resume(training, "a")):
        with pytest.raises(InputError, match="you have a comparison that waits or runs"):
            again()
    comparisons.cancel(compared, "a")
    assert jobs.busy("a") is None


def test_each_kind_is_its_own(jobs: Jobs, sleepers: list[str]) -> None:
    comparisons = Comparisons(jobs.root)
    compared = comparisons.submit(comparison_of(), "a")
    assert jobs.of("a") == ()
    for what in (jobs.status, jobs.cancel, jobs.resume, jobs.remove):
        with pytest.raises(InputError, match="no such training"):
            what(compared, "a")
    comparisons.cancel(compared, "a")
    training = jobs.submit(request_of(), "a")
    assert [status.id for status in comparisons.of("a")] == [compared]
    for what in (comparisons.status, comparisons.cancel, comparisons.resume, comparisons.remove):
        with pytest.raises(InputError, match="no such comparison"):
            what(training, "a")
    comparisons.remove(compared, "a")
    assert [status.id for status in jobs.of("a")] == [training]


def test_a_folder_without_a_kind_is_a_training_and_one_of_an_unknown_kind_nobodys(
    jobs: Jobs, sleepers: list[str]
) -> None:
    job = jobs.submit(request_of(), "a")
    told = files.read(jobs.root / job, files.JOB)
    assert told is not None
    for kind in (None, "dance", 7, ["training"]):
        changed = {name: value for name, value in told.items() if name != "kind"}
        files.write(jobs.root / job, files.JOB, changed if kind is None else {**changed, "kind": kind})
        assert [status.id for status in jobs.of("a")] == ([job] if kind is None else [])
        assert Comparisons(jobs.root).of("a") == ()


# --- deleting


@pytest.fixture
def deleted(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the jobs whose files are deleted; while that goes on the queue must be free."""
    gone: list[str] = []
    real = shutil.rmtree

    def rmtree(folder: Path, **options: Any) -> None:
        if folder.exists():
            with (jobs.root / LOCK).open("wb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises where somebody has it
            gone.append(folder.name.removeprefix("."))
        real(folder, **options)

    monkeypatch.setattr("gru_viz.jobs.keeping.shutil.rmtree", rmtree)
    return gone


def test_nobody_waits_while_jobs_are_deleted(jobs: Jobs, sleepers: list[str], deleted: list[str]) -> None:
    ids = []
    for _ in range(keeping.AN_OWNER + 1):
        ids.append(jobs.submit(request_of(), "a"))
        jobs.cancel(ids[-1], "a")
    assert deleted == ids[:1]
    jobs.remove(ids[1], "a")
    assert deleted == ids[:2]
    assert sorted(path.name for path in jobs.root.iterdir()) == sorted([*ids[2:], LOCK, keeping.TIDIED])


def test_a_look_deletes_what_is_old_once_an_hour(jobs: Jobs, sleepers: list[str], deleted: list[str]) -> None:
    ids = [jobs.submit(request_of(), owner) for owner in "ab"]
    for job, owner in zip(ids, "ab", strict=True):
        jobs.cancel(job, owner)
    long_ago = time.time() - (keeping.DAYS + 1) * keeping.DAY
    for file in (jobs.root / ids[0]).iterdir():
        os.utime(file, (long_ago, long_ago))
    assert [status.id for status in jobs.of("a")] == [ids[0]]
    assert deleted == []
    hour_ago = time.time() - keeping.HOUR - 1
    os.utime(jobs.root / keeping.TIDIED, (hour_ago, hour_ago))
    assert jobs.of("a") == ()
    assert deleted == ids[:1]
    assert [status.id for status in jobs.of("b")] == ids[1:]


def test_who_else_deletes_a_half_made_job_meanwhile_stops_no_tidying(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.root.mkdir()
    here = jobs.root / f".{'a' * 32}"
    here.mkdir()
    os.utime(here, (0, 0))
    listed = [jobs.root / f".{'b' * 32}", here]
    monkeypatch.setattr(Path, "glob", lambda *_: iter(listed))
    gone = keeping.Gone()
    keeping.tidy(jobs.root, [], gone)
    assert gone.folders == [here]
    assert not keeping.due(jobs.root)


def test_a_look_counts_no_new_job(jobs: Jobs, sleepers: list[str], deleted: list[str]) -> None:
    """Oracle: a person may keep AN_OWNER of them; only one more makes the oldest superfluous."""
    for _ in range(keeping.AN_OWNER):
        jobs.cancel(jobs.submit(request_of(), "a"), "a")
    os.utime(jobs.root / keeping.TIDIED, (0, 0))
    assert len(jobs.of("a")) == keeping.AN_OWNER
    assert deleted == []
