"""The app as AppTest runs it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
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
def memory(start, monkeypatch) -> AppTest:
    """The Memory page by itself: AppTest knows no links between pages."""
    monkeypatch.setattr(navigation, "_routed", True)
    monkeypatch.setattr(navigation, "links", lambda: None)
    return AppTest.from_file(str(ROOT / "pages" / "memory.py"), default_timeout=60)


@pytest.fixture
def what_if(start, monkeypatch) -> AppTest:
    """The What-if page by itself."""
    monkeypatch.setattr(navigation, "_routed", True)
    monkeypatch.setattr(navigation, "links", lambda: None)
    return AppTest.from_file(str(ROOT / "pages" / "what_if.py"), default_timeout=60)


@pytest.fixture
def kept(monkeypatch) -> Kept:
    made = Kept()
    monkeypatch.setattr(service, "Jobs", lambda root: made)
    return made


@pytest.fixture
def train(start, monkeypatch, kept) -> AppTest:
    """The Train page by itself, its browser known, with an estimate that takes no time."""
    monkeypatch.setattr(navigation, "_routed", True)
    monkeypatch.setattr(navigation, "links", lambda: None)
    monkeypatch.setattr("gru_viz.learn.estimate.estimate", lambda *_: Estimate(40.0, 10**9, 5.0))
    page = AppTest.from_file(str(ROOT / "pages" / "train.py"), default_timeout=60)
    page.session_state["gru_viz.owner"] = PERSON
    return page
