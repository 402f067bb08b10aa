"""The app as AppTest runs it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gru_viz.learn.estimate import Estimate
from gru_viz.ui import navigation
from gru_viz.ui.launch import launch
from gru_viz.ui.train import service
from tests.pages.train_page import PERSON, Kept

ROOT = Path(__file__).parents[2]


@pytest.fixture
def start(monkeypatch) -> Iterator[None]:
    """A server that was started with no arguments."""
    monkeypatch.setattr(sys, "argv", ["app.py"])
    launch.cache_clear()
    yield
    launch.cache_clear()


@pytest.fixture
def app(start) -> AppTest:
    """The app, which opens on the Step page."""
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)


@pytest.fixture
def alone(start, monkeypatch) -> Callable[[str], AppTest]:
    """alone("memory"): that page by itself, because AppTest knows no links between pages."""
    monkeypatch.setattr(navigation, "_routed", True)
    monkeypatch.setattr(navigation, "links", lambda: None)
    return lambda page: AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=60)


@pytest.fixture
def memory(alone) -> AppTest:
    """The Memory page by itself."""
    return alone("memory")


@pytest.fixture
def what_if(alone) -> AppTest:
    """The What-if page by itself."""
    return alone("what_if")


@pytest.fixture
def kept(monkeypatch) -> Kept:
    made = Kept()
    monkeypatch.setattr(service, "Jobs", lambda root: made)
    return made


@pytest.fixture
def train(alone, monkeypatch, kept) -> AppTest:
    """The Train page by itself, its browser known, with an estimate that takes no time."""
    monkeypatch.setattr("gru_viz.learn.estimate.estimate", lambda *_: Estimate(40.0, 10**9, 5.0))
    page = alone("train")
    page.session_state["gru_viz.owner"] = PERSON
    return page
