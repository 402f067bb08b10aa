"""What every test starts from: fixed seeds, one thread, small catalogues and models."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, settings

from gru_viz.catalog import Catalog
from gru_viz.model import GRU4Rec
from tests.models import EVERY, KINDS, random_model, small_catalog

torch.set_num_threads(1)

# No deadline: the machine is shared. No database and no fresh randomness: the same run everywhere.
settings.register_profile(
    "gru_viz",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("gru_viz")


# --- which worker runs what: `-n 2`

BROWSER = Path(__file__).parent / "browser"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A worker that is free takes the next file, in the order of the collection.

    A file is not divided, so its fixtures (servers, trainings, processes) are made once. Marks of
    groups could say the same, but xdist 3.8 does not see them with pytest 9.2 and says nothing of
    it (pytest-dev/pytest-xdist#1386).
    """
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    config.option.loadscopereorder = False  # it would begin with the files of the most tests, not the slowest
    return LoadFileScheduling(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Workers begin with the browser tests, the longest files, and fill up with small ones."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: BROWSER not in item.path.parents)


@pytest.fixture(autouse=True)
def _seeds() -> None:
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - whoever still uses the global generator gets the same numbers
    torch.manual_seed(0)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.fixture
def catalog() -> Catalog:
    return small_catalog()


@pytest.fixture
def model() -> GRU4Rec:
    """One embedding layer, reset before, float32."""
    return random_model()


@pytest.fixture(params=KINDS)
def any_model(request: pytest.FixtureRequest) -> GRU4Rec:
    """Every kind of GRU in turn, float32."""
    return random_model(request.param)


@pytest.fixture(params=KINDS)
def any_model64(request: pytest.FixtureRequest) -> GRU4Rec:
    """Every kind of GRU in turn, float64."""
    return random_model(request.param, double=True)


@pytest.fixture(params=EVERY)
def every_model(request: pytest.FixtureRequest) -> GRU4Rec:
    """Every kind of model in turn, other cells too, float32."""
    return random_model(request.param)


@pytest.fixture(params=EVERY)
def every_model64(request: pytest.FixtureRequest) -> GRU4Rec:
    """Every kind of model in turn, other cells too, float64."""
    return random_model(request.param, double=True)


@pytest.fixture
def clicks() -> list[int]:
    """A session with a repeated item and a return."""
    return [2, 0, 0, 5, 2, 6, 1, 3]
