"""The app as AppTest runs it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gru_viz.ui import navigation
from gru_viz.ui.launch import launch

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
