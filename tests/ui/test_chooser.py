"""Oracle: four sessions over seven items, written out here."""

from __future__ import annotations

import pytest

from gru_viz.sessions import ClickLog, Session
from gru_viz.ui.chooser import matching_sessions, session_label
from tests.models import small_catalog

# items are called Item A to Item G; even ones are cameras, odd ones books
SESSIONS = [("s1", [0, 1]), ("s2", [2, 3, 4, 5, 6]), ("Item A", [5, 6, 1, 0]), ("s4", [6, 4])]


@pytest.fixture
def log():
    return ClickLog.from_sessions(small_catalog(), [Session(items, session_id=n) for n, items in SESSIONS])


def test_nothing_searched_lists_the_first(log):
    assert matching_sessions(log, "  ") == [0, 1, 2, 3]


def test_an_id_comes_first_then_sessions_with_the_item(log):
    found = matching_sessions(log, "Item A")
    assert found[0] == 2
    assert 0 in found[1:]
    assert found.count(2) == 1
    assert matching_sessions(log, "s4") == [3]
    assert matching_sessions(log, "books") == [0, 1, 2]
    assert matching_sessions(log, "nothing like it") == []


def test_a_label_shows_what_was_searched(log):
    assert session_label(log, 0) == "s1 · 2 clicks · Item A → Item B"
    assert session_label(log, 1) == "s2 · 5 clicks · Item C → Item D → Item E → …"
    assert session_label(log, 1, "item g") == "s2 · 5 clicks · Item C → … → Item G"
