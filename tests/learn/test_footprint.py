"""Oracle: the largest resident size of a process that does nothing else; and counting by hand."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import gru_viz
from gru_viz.catalog import Catalog
from gru_viz.learn.batches import LONGEST
from gru_viz.learn.config import LOSSES, TrainingConfig
from gru_viz.learn.footprint import A_SCORE, A_UNIT, FLOAT, memory_bytes
from gru_viz.learn.losses.negatives import MOST_IN_BATCH
from gru_viz.learn.parts import Parts
from gru_viz.learn.run import checkpoint_bytes
from gru_viz.model import ModelConfig
from gru_viz.sessions import ClickLog

Case = tuple[Parts, ModelConfig, TrainingConfig]
MB = 10**6

MEASURE = """
import os, re, tempfile, torch
from pathlib import Path
from tests.learn.test_footprint import CASES
from gru_viz.learn.run import run_in
torch.set_num_threads(1)
for case in CASES.values():
    if os.fork():  # each begins with what all of them have, and no more
        os.wait()
        continue
    with tempfile.TemporaryDirectory() as folder:
        for _ in run_in(Path(folder), *case()):
            pass
    # not getrusage's maxrss, which begins at what the process that started this one had
    peak = 1024 * int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
    print(peak, flush=True)
    os._exit(0)
"""


def log_of(sessions: int, length: int, n_items: int) -> ClickLog:
    """Sessions of this many clicks, all of one on different items where there are enough."""
    rng = np.random.default_rng(0)
    first, steps = rng.integers(n_items, size=(2, sessions, 1))
    items = (first + (1 + steps % 97) * np.arange(length)) % n_items
    ids = tuple(map(str, range(sessions)))
    return ClickLog(
        Catalog(tuple(map(str, range(n_items)))), items.ravel(), np.arange(sessions + 1) * length, ids
    )


def case(
    log: tuple[int, int, int], units: int, test: ClickLog | None = None, cell: str = "gru", **training: object
) -> Case:
    parts = Parts(log_of(*log), test, "log.csv", "", False, {})
    shape = ModelConfig((units,), cell, embedding_dim=min(units, 100))
    return parts, shape, TrainingConfig(epochs=1, **training)  # type: ignore[arg-type]


# by what takes most; each little else
CASES: dict[str, Callable[[], Case]] = {
    "little": lambda: case((60, 6, 9), 6, batch=8),
    "weights, and Adam's numbers": lambda: case((8, 6, 30_000), 100, batch=8, loss="sampled", negatives=9),
    "scores of all items": lambda: case((250, 4, 20_000), 8, batch=250),
    "scores in parallel, in-batch": lambda: case(
        (3_000, 2, 500), 8, batch=3_000, mode="parallel", loss="sampled", negatives=2_000, in_batch=True
    ),
    "scores of BPR-max": lambda: case((1_200, 2, 500), 8, batch=1_200, loss="bpr-max", negatives=2_500),
    "an LSTM": lambda: case((200, 31, 50), 256, batch=200, cell="lstm"),
    "pairs of item-kNN": lambda: case((700, 50, 1_000), 4, log_of(1, 2, 1_000), batch=100),
}


@pytest.fixture(scope="module")
def peaks() -> dict[str, int]:
    home = Path(gru_viz.__file__).parents[1]
    run = subprocess.run(
        [sys.executable, "-c", MEASURE], cwd=home, capture_output=True, text=True, check=True
    )
    return dict(zip(CASES, map(int, run.stdout.split()), strict=True))


def test_a_process_that_needs_little(peaks: dict[str, int]) -> None:
    assert 0.7 < memory_bytes(*CASES["little"]()) / peaks["little"] < 1.4


@pytest.mark.parametrize("name", [name for name in CASES if name != "little"])
def test_what_comes_on_top(peaks: dict[str, int], name: str) -> None:
    """Within a factor of 1.5, and each is much: a part that is left out would not be."""
    said = memory_bytes(*CASES[name]()) - memory_bytes(*CASES["little"]())
    measured = peaks[name] - peaks["little"]
    assert measured > 100 * MB
    assert 1 / 1.5 < said / measured < 1.5


# --- by hand


def test_what_the_optimizer_keeps() -> None:
    """Adam keeps two numbers for each, Adagrad one: in memory, copied, and as the bytes of a file."""
    parts, shape, training = CASES["weights, and Adam's numbers"]()
    adam, adagrad = (
        memory_bytes(parts, shape, replace(training, optimizer=name)) for name in ("adam", "adagrad")
    )
    assert adam - adagrad == 3 * checkpoint_bytes(shape, 30_000)


def test_no_more_targets_than_are_taken_are_counted_as_negatives() -> None:
    """3,000 slots: 1,024 of their targets are negatives, 1,536 of the others."""
    parts, shape, training = case(
        (3_000, 2, 500), 8, batch=3_000, mode="parallel", loss="sampled", negatives=1_536
    )
    extra = memory_bytes(parts, shape, replace(training, in_batch=True)) - memory_bytes(
        parts, shape, training
    )
    assert extra == pytest.approx(FLOAT * A_SCORE["sampled"] * 3_000 * MOST_IN_BATCH, rel=1e-6)


def test_a_session_counts_no_more_than_the_pieces_it_is_learned_in() -> None:
    """Oracle: the same clicks as sessions of LONGEST. In an update of one piece nothing else changes."""
    pieces = log_of(1, 40 * LONGEST + 1, 500)
    one = replace(case((2, 2, 500), 64, batch=1)[0], train=pieces)
    _, shape, training = case((2, 2, 500), 2_000, batch=1)
    alone = replace(one, train=pieces.select(np.array([0])))
    expected = case((40, LONGEST + 1, 500), 2_000, batch=1)
    assert memory_bytes(alone, shape, training) == pytest.approx(memory_bytes(*expected), rel=1e-3)


def test_a_robot_that_clicks_the_same_items_has_few_pairs() -> None:
    """100,000 clicks on 30 items: no more pairs than 900."""
    parts, shape, training = case((1, 100_000, 30), 4, log_of(1, 2, 30), batch=1)
    assert memory_bytes(parts, shape, training) == pytest.approx(
        memory_bytes(replace(parts, test=None), shape, training), rel=1e-3
    )


def test_every_loss_and_every_cell_is_known() -> None:
    assert set(A_SCORE) == set(LOSSES)
    for cell in A_UNIT:
        parts, shape, training = case((60, 6, 9), 6, cell=cell)
        for loss in LOSSES:
            assert memory_bytes(parts, shape, replace(training, loss=loss)) > 0


@pytest.mark.parametrize(
    ("shape", "training"), [({"units": (12,)}, {}), ({"embedding_dim": 60}, {}), ({}, {"batch": 1000})]
)
def test_more_takes_more_memory(shape: dict[str, object], training: dict[str, object]) -> None:
    parts, model, how = case((4_000, 7, 300), 6, batch=8)
    more = memory_bytes(parts, replace(model, **shape), replace(how, **training))  # type: ignore[arg-type]
    assert more > memory_bytes(parts, model, how)
