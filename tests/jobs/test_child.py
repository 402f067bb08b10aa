"""Oracle: the same training in this process, never stopped. The children are real."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

import gru_viz
from gru_viz.errors import InputError
from gru_viz.jobs import JobRequest, Jobs, child, process, telling, training
from gru_viz.jobs import folder as files
from gru_viz.jobs.kinds import TRAINING
from gru_viz.jobs.request import CLICKS, SETTINGS, read_request, write_request
from gru_viz.learn.figures_file import read_run
from gru_viz.learn.run import run_in
from gru_viz.model import ModelConfig
from tests.jobs.conftest import MODEL, request_of, settled, until


def tensors(folder: Path) -> dict[str, list[float]]:
    return {name: value.flatten().tolist() for name, value in gru_viz.load(folder).state_dict().items()}


def straight(request: JobRequest, folder: Path) -> dict[str, list[float]]:
    for _ in run_in(folder, request.parts, ModelConfig.from_dict(dict(request.model)), request.training):
        pass
    return tensors(folder)


def test_killed_in_the_middle_of_an_epoch_it_goes_on_to_the_bit(jobs: Jobs, tmp_path: Path) -> None:
    """Seen by a server that did not start it; the second process ends by itself."""
    request = request_of(3000, epochs=3)
    job = jobs.submit(request, "me")
    assert jobs.status(job, "me").state == "starting"

    def in_the_second_epoch() -> bool:
        status = jobs.status(job, "me")
        assert status.active, status.message
        return status.progress is not None and status.progress.epoch == 2

    until(in_the_second_epoch)
    told = jobs.status(job, "me")
    assert (told.state, len(told.epochs)) == ("running", 1)
    assert {"popularity", "markov"} <= set(told.baselines)
    assert told.updated >= told.started > time.time() - 120
    began = files.read(told.folder, files.PROCESS)
    assert began is not None
    os.kill(began["pid"], signal.SIGKILL)

    server = Jobs(jobs.root)
    lost = settled(server, job)
    assert lost.state == "lost"
    assert lost.message == "the training process ended in epoch 2; continue goes on from epoch 1"
    server.resume(job, "me")
    done = settled(server, job)
    assert (done.state, done.message, [epoch.epoch for epoch in done.epochs]) == ("finished", "", [1, 2, 3])
    assert done.name == "clicks.csv"
    assert tensors(done.folder) == straight(request, tmp_path / "straight")
    assert done.kept == 1


def test_cancelled_within_a_second_and_the_next_one_starts(jobs: Jobs) -> None:
    jobs.at_once = 1
    job = jobs.submit(request_of(epochs=9999), "me")
    bad = replace(request_of(), model={**MODEL, "units": [-1]})
    second = jobs.submit(bad, "you")
    until(lambda: len(jobs.status(job, "me").epochs) >= 3)
    jobs.cancel(job, "me")
    status = jobs.status(job, "me")
    assert (status.state, status.message) == ("cancelled", "")
    assert not process.alive(status.folder)
    assert gru_viz.load(status.folder / status.epochs[-1].checkpoint).catalog.ids

    failed = settled(jobs, second, "you")
    assert failed.state == "failed"
    assert "at least one layer" in failed.message
    assert "\n" not in failed.message
    assert "Traceback" in (failed.folder / process.LOG).read_text()


def test_cancelled_while_it_starts(jobs: Jobs) -> None:
    job = jobs.submit(request_of(), "me")
    jobs.cancel(job, "me")
    assert jobs.status(job, "me").state == "cancelled"
    assert not process.alive(jobs.root / job)


SERVER = """
import sys
from gru_viz.jobs import Jobs
from tests.jobs.conftest import request_of
print(Jobs(sys.argv[1]).submit(request_of(epochs=9999), "me"), end="")
"""


def test_a_child_outlives_its_server_and_is_found_again(jobs: Jobs) -> None:
    home = Path(gru_viz.__file__).parents[1]
    server = subprocess.run(
        [sys.executable, "-c", SERVER, str(jobs.root)], cwd=home, capture_output=True, text=True, check=True
    )
    assert jobs.status(server.stdout, "me").state == "starting"
    jobs.cancel(server.stdout, "me")
    assert jobs.status(server.stdout, "me").state == "cancelled"
    assert not process.alive(jobs.root / server.stdout)


# --- in this process


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(os, "nice", lambda _: 0)  # of the tests that come after
    return tmp_path


def test_the_end_is_told(folder: Path) -> None:
    request = request_of()
    write_request(request, folder)
    assert child.main(folder) == 0
    end = files.read(folder, files.END)
    assert end is not None
    assert (end["state"], end["message"]) == ("finished", "")
    run = read_run(folder)
    assert run is not None
    assert len(run.epochs) == 2
    began = files.read(folder, files.PROCESS)
    assert began is not None
    assert began["pid"] == os.getpid()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InputError("the loss became nan"), "the loss became nan"),
        (MemoryError(), "not enough memory"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"), "not enough memory"),
        (RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB."), "not enough memory"),
        (OSError(28, "No space left on device"), "disk is full"),
        (ZeroDivisionError("secret\ndetails"), "(ZeroDivisionError)"),
    ],
)
def test_whatever_goes_wrong_is_one_line(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    said: str,
) -> None:
    def wrong(*_: object) -> None:
        raise error

    monkeypatch.setitem(child.WORK, TRAINING, wrong)
    assert child.main(folder) == 1
    end = files.read(folder, files.END)
    assert end is not None
    assert end["state"] == "failed"
    assert said in end["message"]
    assert "\n" not in end["message"]
    assert "secret" not in end["message"]
    assert "Traceback" in capsys.readouterr().err


def test_progress_is_told_at_most_five_times_a_second(folder: Path) -> None:
    write_request(request_of(epochs=1), folder)
    told: list[str] = []
    real = files.write

    def counted(where: Path, name: str, values: dict[str, object]) -> None:
        told.extend([str(values["doing"])] if name == files.PROGRESS else [])
        real(where, name, values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "write", counted)
        patch.setattr(telling, "BETWEEN", 1e9)
        child.main(folder)
    assert told == ["preparing the model", "measuring the baselines", "measuring the epoch"]


@pytest.mark.parametrize(("most", "kept"), [(0, ["0002"]), (10**9, ["0001", "0002"])])
def test_large_epochs_are_not_all_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch, most: int, kept: list[str]
) -> None:
    monkeypatch.setattr(training, "EPOCHS_BYTES", most)
    write_request(request_of(), folder)
    child.main(folder)
    names = sorted(path.name for path in (folder / "epochs").iterdir())
    assert names == [f"{name}.safetensors" for name in kept]


def test_no_lock_outlives_its_process_however_many_files_are_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Oracle: the kernel's own flag, on a descriptor beyond the thousand that are usual."""
    become: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _, command: become.append(command))
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    try:
        with (tmp_path / process.ALIVE).open("wb") as lock:
            held = fcntl.fcntl(lock, fcntl.F_DUPFD, 2000)
            try:
                os.set_inheritable(held, True)
                child.hand_on(2, tmp_path)
                assert not os.get_inheritable(held)
            finally:
                os.close(held)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert [command[1:] for command in become] == [["-m", "gru_viz.jobs.next", "2", str(tmp_path)]]


# --- the request


@pytest.mark.parametrize("test", [True, False])
def test_a_request_comes_back(tmp_path: Path, test: bool) -> None:
    request = request_of()
    parts = request.parts if test else replace(request.parts, test=None)
    request = replace(request, parts=parts)
    write_request(request, tmp_path)
    back = read_request(tmp_path)
    assert back.training == request.training
    assert dict(back.model) == dict(request.model)
    assert back.parts.train.catalog == parts.train.catalog
    assert back.parts.train.fingerprint == parts.train.fingerprint
    assert (back.parts.test is None) is (parts.test is None)
    if parts.test is not None and back.parts.test is not None:
        assert back.parts.test.fingerprint == parts.test.fingerprint
        assert back.parts.test.catalog is back.parts.train.catalog
    told = ("name", "test_name", "keep_best", "facts")
    assert [getattr(back.parts, name) for name in told] == [getattr(parts, name) for name in told]


@pytest.mark.parametrize("name", [SETTINGS, CLICKS])
@pytest.mark.parametrize("content", [None, b"", b"{}", b"\x80\x04"])
def test_a_damaged_request(tmp_path: Path, name: str, content: bytes | None) -> None:
    write_request(request_of(), tmp_path)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match="start it again"):
        read_request(tmp_path)


def test_facts_that_are_no_json(tmp_path: Path) -> None:
    request = request_of()
    odd = replace(request, parts=replace(request.parts, facts={"what": object()}))
    with pytest.raises(InputError, match="cannot be written"):
        write_request(odd, tmp_path)


def test_the_parent_needs_no_torch() -> None:
    """Oracle: a fresh interpreter that asks for a job's status."""
    code = (
        "import sys, tempfile; from gru_viz.jobs import Jobs; Jobs(tempfile.mkdtemp()).of('me');"
        "sys.exit('torch' in sys.modules or 'streamlit' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(gru_viz.__file__).parents[1]).returncode == 0
