"""Oracle: by hand; the children only sleep, but are real processes with real locks."""

from __future__ import annotations

import json
import os
import signal
import threading
from pathlib import Path

import pytest

from gru_viz.errors import InputError
from gru_viz.jobs import Jobs, keeping, process, turns
from gru_viz.jobs import folder as files
from gru_viz.jobs import queue as queue_module
from gru_viz.jobs.folder import Job, job_in
from gru_viz.jobs.keeping import superfluous
from tests.jobs.conftest import request_of, until


def test_two_run_and_the_others_wait_in_the_order_they_came(jobs: Jobs, sleepers: list[str]) -> None:
    ids = {owner: jobs.submit(request_of(), owner) for owner in "abcd"}
    found = {owner: jobs.status(job, owner) for owner, job in ids.items()}
    assert [status.state for status in found.values()] == ["starting", "starting", "waiting", "waiting"]
    assert [found[owner].place for owner in "cd"] == [0, 1]
    jobs.cancel(ids["a"], "a")
    assert jobs.status(ids["c"], "c").state == "starting"
    assert jobs.status(ids["d"], "d").place == 0
    assert sleepers == [ids[owner] for owner in "abc"]


def test_whoever_asks_starts_who_waits(jobs: Jobs, sleepers: list[str]) -> None:
    """One ends by itself, or is killed: the next status call of anybody starts the next."""
    jobs.at_once = 1
    first, second = jobs.submit(request_of(), "a"), jobs.submit(request_of(), "b")
    kill(jobs, first)
    assert jobs.of("nobody") == ()
    assert sleepers == [first, second]


def test_who_is_cancelled_while_waiting_never_starts(jobs: Jobs, sleepers: list[str]) -> None:
    jobs.at_once = 1
    ids = [jobs.submit(request_of(), owner) for owner in "abc"]
    jobs.cancel(ids[1], "b")
    assert jobs.status(ids[1], "b").state == "cancelled"
    assert jobs.status(ids[2], "c").place == 0
    jobs.cancel(ids[0], "a")
    assert sleepers == [ids[0], ids[2]]


def test_one_job_an_owner(jobs: Jobs, sleepers: list[str]) -> None:
    jobs.at_once = 1
    running, waiting = jobs.submit(request_of(), "a"), jobs.submit(request_of(), "b")
    for owner in "ab":
        with pytest.raises(InputError, match="waits or runs"):
            jobs.submit(request_of(), owner)
    assert [path.name for path in jobs.root.iterdir() if path.name.startswith(".")] == []
    jobs.cancel(running, "a")
    jobs.cancel(waiting, "b")
    assert jobs.submit(request_of(), "a") != running


def test_an_owner_never_sees_or_touches_anothers(jobs: Jobs, sleepers: list[str]) -> None:
    job = jobs.submit(request_of(), "a")
    assert jobs.of("b") == ()
    assert [status.id for status in jobs.of("a")] == [job]
    for what in (jobs.status, jobs.cancel, jobs.resume, jobs.remove):
        with pytest.raises(InputError, match="no such training"):
            what(job, "b")
    assert jobs.status(job, "a").state == "starting"


@pytest.mark.parametrize(
    "job", ["", ".", "..", "../..", "/etc", "queue.lock", "a" * 32, "\0", "A" * 9999, "a/b", "é", "\ud800"]
)
def test_hostile_ids(jobs: Jobs, sleepers: list[str], job: str) -> None:
    jobs.submit(request_of(), "a")
    for what in (jobs.status, jobs.cancel, jobs.resume, jobs.remove):
        with pytest.raises(InputError, match="no such training"):
            what(job, "a")
    assert len(jobs.of("a")) == 1


def test_ids_and_owners_tell_nothing(jobs: Jobs, sleepers: list[str]) -> None:
    job = jobs.submit(request_of(), "a person's secret")
    assert len(job) == 32
    assert job != jobs.submit(request_of(), "another")
    for path in (jobs.root / job).iterdir():
        assert b"a person's secret" not in path.read_bytes()
    assert (jobs.root / job).stat().st_mode & 0o077 == 0


def test_nobody_is_no_owner(jobs: Jobs) -> None:
    with pytest.raises(InputError, match="owner"):
        jobs.submit(request_of(), "")


def test_many_at_the_same_time_start_no_job_twice(jobs: Jobs, sleepers: list[str]) -> None:
    """Eight threads, each as a server of its own on the same folder."""
    jobs.at_once = 0
    for owner in "abcd":
        jobs.submit(request_of(), owner)
    barrier = threading.Barrier(8)

    def ask() -> None:
        barrier.wait()
        Jobs(jobs.root, at_once=2).of("a")

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sleepers) == len(set(sleepers)) == 2


def test_too_many_wait(jobs: Jobs, sleepers: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_module, "MOST_WAITING", 2)
    for owner in "abcd":
        jobs.submit(request_of(), owner)
    with pytest.raises(InputError, match="2 others are waiting"):
        jobs.submit(request_of(), "e")


# --- ends


def kill(jobs: Jobs, job: str) -> None:
    folder = jobs.root / job
    began = files.read(folder, files.PROCESS)
    assert began is not None
    os.kill(began["pid"], signal.SIGKILL)
    until(lambda: not process.alive(folder))


def test_a_killed_process_is_noticed_by_another_server(jobs: Jobs, sleepers: list[str]) -> None:
    job = jobs.submit(request_of(), "a")
    kill(jobs, job)
    status = Jobs(jobs.root).status(job, "a")
    assert (status.state, status.active, status.resumable) == ("lost", False, True)
    assert status.message == "the training process ended in epoch 1; continue starts it again"


def test_a_process_id_that_is_somebody_elses_by_now(jobs: Jobs, sleepers: list[str]) -> None:
    """The job is lost though a process of that id lives, and that process is left in peace."""
    job, other = jobs.submit(request_of(), "a"), jobs.submit(request_of(), "b")
    kill(jobs, job)
    alive = files.read(jobs.root / other, files.PROCESS)
    assert alive is not None
    files.write(jobs.root / job, files.PROCESS, alive)
    assert jobs.status(job, "a").state == "lost"
    process.end(jobs.root / job, alive["pid"])
    assert jobs.status(other, "b").state == "starting"


def test_resume_waits_for_its_turn_again(jobs: Jobs, sleepers: list[str]) -> None:
    jobs.at_once = 1
    ids = {owner: jobs.submit(request_of(), owner) for owner in "abc"}
    kill(jobs, ids["a"])
    jobs.resume(ids["a"], "a")
    assert [jobs.status(ids[owner], owner).state for owner in "abc"] == ["waiting", "starting", "waiting"]
    assert jobs.status(ids["a"], "a").place == 1
    with pytest.raises(InputError, match="is waiting"):
        jobs.resume(ids["a"], "a")


def test_resume_beside_another_job_of_the_same_owner(jobs: Jobs, sleepers: list[str]) -> None:
    old = jobs.submit(request_of(), "a")
    jobs.cancel(old, "a")
    jobs.submit(request_of(), "a")
    with pytest.raises(InputError, match="waits or runs"):
        jobs.resume(old, "a")


def test_a_finished_one_does_not_go_on(jobs: Jobs, sleepers: list[str]) -> None:
    job = jobs.submit(request_of(), "a")
    kill(jobs, job)
    files.write(jobs.root / job, files.END, {"state": "finished", "message": "", "at": 0})
    with pytest.raises(InputError, match="is finished"):
        jobs.resume(job, "a")
    jobs.cancel(job, "a")
    assert jobs.status(job, "a").state == "finished"


def test_remove_ends_and_deletes(jobs: Jobs, sleepers: list[str]) -> None:
    job = jobs.submit(request_of(), "a")
    jobs.remove(job, "a")
    assert jobs.of("a") == ()
    assert sorted(path.name for path in jobs.root.iterdir()) == [turns.LOCK, keeping.TIDIED]
    assert not process._children


def test_a_process_that_cannot_be_started(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr("gru_viz.jobs.process.subprocess.Popen", refused)
    status = jobs.status(jobs.submit(request_of(), "a"), "a")
    assert status.state == "failed"
    assert "Cannot allocate memory" in status.message


# --- what else may lie there


def test_foreign_things_in_the_folder(jobs: Jobs, sleepers: list[str], tmp_path: Path) -> None:
    job = jobs.submit(request_of(), "a")
    (jobs.root / "notes.txt").write_text("hello")
    (jobs.root / ("b" * 32)).mkdir()
    (jobs.root / ("c" * 32)).write_text("a file")
    (jobs.root / ("d" * 32)).symlink_to(jobs.root / job)
    (jobs.root / ("e" * 32)).mkdir()
    (jobs.root / ("e" * 32) / files.JOB).write_text('{"at": "soon", "owner": []}')
    assert [status.id for status in jobs.of("a")] == [job]
    jobs.cancel(job, "a")
    assert (jobs.root / "notes.txt").read_text() == "hello"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"schema": 1}'])
def test_a_damaged_run_is_one_clear_line(jobs: Jobs, sleepers: list[str], content: str) -> None:
    job = jobs.submit(request_of(), "a")
    jobs.cancel(job, "a")
    (jobs.root / job / "run.json").write_text(content)
    status = jobs.status(job, "a")
    assert (status.state, status.epochs) == ("failed", ())
    assert "damaged" in status.message
    jobs.remove(job, "a")


@pytest.mark.parametrize("name", [files.PROCESS, files.PROGRESS, files.END])
@pytest.mark.parametrize("content", ["", "[]", '{"state": "happy", "pid": "1", "progress": [1], "at": {}}'])
def test_damaged_small_files(jobs: Jobs, sleepers: list[str], name: str, content: str) -> None:
    job = jobs.submit(request_of(), "a")
    kill(jobs, job)
    (jobs.root / job / name).write_text(content)
    status = jobs.status(job, "a")
    assert status.state == "lost"
    jobs.resume(job, "a")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    jobs = Jobs(tmp_path / "file")
    for what in (lambda: jobs.of("a"), lambda: jobs.submit(request_of(), "a")):
        with pytest.raises(InputError, match="another place"):
            what()


# --- what is kept


def ended(number: int, owner: str, at: float) -> Job:
    return Job(Path(f"{number:032x}"), owner, "log", at)


def test_an_owner_keeps_the_last_few() -> None:
    mine = [ended(n, "me", float(n)) for n in range(6)]
    others = [ended(n + 10, "you", float(n)) for n in range(4)]
    gone = superfluous([*mine, *others], "me", 10.0, lambda _: 0)
    assert sorted(job.folder for job in gone) == [job.folder for job in mine[:2]]


def test_old_ones_go_and_then_the_oldest_beyond_the_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "ALL_BYTES", 25)
    now = 100 * keeping.DAY
    jobs = [ended(n, str(n), now - (keeping.DAYS + 1 - n) * keeping.DAY + 1) for n in range(5)]
    gone = superfluous(jobs, "me", now, lambda _: 10)
    # the first is too old; of the other four the two newest fit
    assert sorted(job.folder for job in gone) == [job.folder for job in jobs[:3]]


def test_old_jobs_are_deleted_when_a_new_one_comes(jobs: Jobs, sleepers: list[str]) -> None:
    for _ in range(keeping.AN_OWNER + 2):
        last = jobs.submit(request_of(), "a")
        jobs.cancel(last, "a")
    assert len(jobs.of("a")) == keeping.AN_OWNER
    assert jobs.of("a")[0].id == last


def test_what_was_left_half_made_is_swept_out(jobs: Jobs, sleepers: list[str]) -> None:
    """Only what is old, and has a job's name: somebody may be writing the other one right now."""
    names = ["." + "a" * 32, "." + "b" * 32, ".mine"]
    for name in names:
        (jobs.root / name).mkdir(parents=True)
    for name in (names[0], names[2]):
        os.utime(jobs.root / name, (0, 0))
    jobs.submit(request_of(), "a")
    assert sorted(path.name for path in jobs.root.glob(".*")) == names[1:]


def test_a_job_of_no_one_stays(jobs: Jobs) -> None:
    folder = jobs.root / ("f" * 32)
    folder.mkdir(parents=True)
    (folder / files.JOB).write_text(json.dumps({"owner": 7, "name": [], "at": 1}))
    assert job_in(folder) is not None
    assert jobs.of("a") == ()


def test_a_full_disk_leaves_the_queue_open(tmp_path, monkeypatch):
    """Oracle: what cannot be written down is not started, and whoever wants to tidy up still can."""
    jobs = Jobs(tmp_path, at_once=0)
    first = jobs.submit(request_of(), "someone")
    started = []
    monkeypatch.setattr(
        "gru_viz.jobs.process.start", lambda folder, at_once: started.append(folder) or 2**22 - 1
    )
    monkeypatch.setattr("gru_viz.jobs.process.end", lambda folder, pid: None)
    write = files.write

    def full(folder, name, values):
        raise InputError("cannot write: No space left on device")

    monkeypatch.setattr("gru_viz.jobs.folder.write", full)
    jobs = Jobs(tmp_path, at_once=1)
    assert [status.state for status in jobs.of("someone")] == ["waiting"]
    assert started
    jobs.remove(first, "someone")
    monkeypatch.setattr("gru_viz.jobs.folder.write", write)
    assert jobs.of("someone") == ()
