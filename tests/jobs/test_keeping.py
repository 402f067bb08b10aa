"""Which jobs make room for others?

Oracle: by hand; what is worth least goes first, among equals the oldest.
"""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from gru_viz.jobs import Comparisons, Jobs, NoSuchJobError, keeping
from gru_viz.jobs import folder as files
from gru_viz.jobs.folder import Job
from gru_viz.jobs.keeping import DAY, DAYS, superfluous, worth
from tests.jobs.conftest import request_of


def ended(number: int, owner: str = "me", at: float | None = None) -> Job:
    return Job(Path(f"{number:032x}"), owner, "log", float(number) if at is None else at)


@pytest.mark.parametrize("finished", range(6))
def test_a_finished_one_outlives_those_without_a_result(finished: int) -> None:
    """Six of which one is finished, however old it is: two of the others go, the oldest."""
    jobs = [ended(n) for n in range(6)]
    gone = superfluous(jobs, "me", 10.0, lambda _: 0, lambda folder: 2 * (folder == jobs[finished].folder))
    others = [job for job in jobs if job != jobs[finished]]
    assert sorted(gone, key=lambda job: job.at) == others[:2]


@pytest.mark.parametrize("worths", list(permutations([0, 1, 2, 2, 1]))[::7])
def test_who_is_worth_least_goes_first_then_who_is_oldest(worths: tuple[int, ...]) -> None:
    jobs = [ended(n) for n in range(5)]
    of = {job.folder: value for job, value in zip(jobs, worths, strict=True)}
    (gone,) = superfluous(jobs, "me", 10.0, lambda _: 0, of.__getitem__)
    assert gone == min(jobs, key=lambda job: (of[job.folder], job.at))


def test_what_is_too_old_goes_whatever_it_is_worth_and_takes_nobodys_place() -> None:
    now = 100 * DAY
    old = ended(1, at=now - DAYS * DAY - 1)
    jobs = [old, *(ended(n, at=now - n) for n in (9, 8, 7, 6))]
    gone = superfluous(jobs, "me", now, lambda _: 0, lambda folder: 2 * (folder == old.folder))
    assert gone == [old]


def test_beyond_the_size_too_a_finished_one_stays_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "ALL_BYTES", 15)
    first, *others = jobs = [ended(n, str(n)) for n in range(3)]
    gone = superfluous(jobs, None, 10.0, lambda _: 10, lambda folder: 2 * (folder == first.folder))
    assert sorted(gone, key=lambda job: job.at) == others


def test_what_a_folder_is_worth(tmp_path: Path) -> None:
    def made(name: str, state: str, *results: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        files.write(folder, files.END, {"state": state, "message": "", "at": 0})
        for result in results:
            (folder / result).touch()
        return folder

    assert worth(made("a", "cancelled")) == 0
    assert worth(made("b", "cancelled", "model.safetensors")) == 1
    assert worth(made("c", "failed", "models.json")) == 1
    assert worth(made("d", "finished", "model.safetensors")) == 2
    assert worth(tmp_path / "gone") == 0


def test_a_trained_one_is_not_lost_to_quickly_cancelled_ones(jobs: Jobs, sleepers: list[str]) -> None:
    """As it was seen: one finished, then five that were cancelled before their first epoch."""
    trained = jobs.submit(request_of(), "a")
    jobs.cancel(trained, "a")
    files.write(jobs.root / trained, files.END, {"state": "finished", "message": "", "at": 0})
    others = []
    for _ in range(keeping.AN_OWNER):
        said = jobs.making_room("a")
        before = {run.id for run in jobs.of("a")}
        others.append(jobs.submit(request_of(), "a"))
        jobs.cancel(others[-1], "a")
        # what was said is what went
        assert {job.folder.name for job in said} == before - {run.id for run in jobs.of("a")}
    assert [run.id for run in jobs.of("a")] == [*reversed(others[1:]), trained]


def test_room_is_made_among_jobs_of_all_kinds_and_ones_own_only(jobs: Jobs, sleepers: list[str]) -> None:
    for _ in range(keeping.AN_OWNER):
        assert jobs.making_room("a") == ()
        jobs.cancel(jobs.submit(request_of(), "a"), "a")
    (going,) = jobs.making_room("a")
    assert going.folder.name == jobs.of("a")[-1].id
    assert Comparisons(jobs.root).making_room("a") == (going,)
    assert jobs.making_room("b") == ()


def test_a_job_that_is_not_there_or_anothers_is_one_and_the_same(jobs: Jobs, sleepers: list[str]) -> None:
    job = jobs.submit(request_of(), "a")
    for name, owner in ((job, "b"), ("f" * 32, "a")):
        with pytest.raises(NoSuchJobError, match="it was removed, or it is another browser's"):
            jobs.status(name, owner)
