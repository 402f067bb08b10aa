"""Oracle: a shop of seven items whose stories and sessions are written out here."""

from __future__ import annotations

import pytest

from gru_viz.data.shop import Scenario
from gru_viz.sessions import ClickLog, Session
from gru_viz.ui import resolve
from gru_viz.ui.view import LOG, LONGEST_SESSION, NOTHING, STORY, SessionRef, View
from tests.models import small_catalog

CATALOG = small_catalog()
STORIES = {"tale": Scenario("tale", "A tale", "Once.", "Look.", ("id-1", "id-2", "id-3"))}
SESSIONS = {"s1": [4, 5], "long": [0] * 700}


def resolved(session):
    return resolve.resolve(session, CATALOG, STORIES, SESSIONS.get)


def test_a_story():
    ref = SessionRef(STORY, "tale")
    assert resolved(ref) == resolve.Resolved(ref, (1, 2, 3), "A tale", "Once.", "Look.")


def test_a_cut_story_with_added_clicks():
    found = resolved(SessionRef(STORY, "tale", 2, ("id-6",)))
    assert found.items == (1, 2, 6)
    assert found.set_aside == 1


def test_a_session_of_the_log():
    assert resolved(SessionRef(LOG, "s1")).items == (4, 5)


def test_a_session_from_nothing():
    assert resolved(SessionRef(NOTHING, "", None, ("id-0",))).items == (0,)
    assert resolved(SessionRef(NOTHING, "")).items == ()


def test_unknown_items_are_left_out_and_counted():
    found = resolved(SessionRef(LOG, "s1", None, ("id-0", "gone")))
    assert found.items == (4, 5, 0)
    assert "1 of the added items" in found.notes[0]
    assert found.ref.added == ("id-0",)


def test_a_giant_session_is_cut_and_said():
    found = resolved(SessionRef(LOG, "long"))
    assert len(found.items) == LONGEST_SESSION
    assert "700 clicks" in found.notes[0]
    added = resolved(SessionRef(LOG, "long", None, ("id-3",)))
    assert len(added.items) == LONGEST_SESSION
    assert added.items[-1] == 3


@pytest.mark.parametrize(
    ("session", "there"),
    [
        (SessionRef(STORY, "tale"), True),
        (SessionRef(STORY, "no"), False),
        (SessionRef(LOG, "s1"), True),
        (SessionRef(LOG, "no"), False),
        (SessionRef(NOTHING, ""), True),
    ],
)
def test_exists(session, there):
    assert resolve.exists(session, STORIES, SESSIONS.get) is there


def test_stories_need_all_their_items():
    strange = Scenario("strange", "?", "", "", ("id-1", "elsewhere"))
    assert resolve.stories_for(CATALOG, [*STORIES.values(), strange]) == STORIES


def test_first_session():
    log = ClickLog.from_sessions(
        CATALOG, [Session([1, 2], session_id="a"), Session([1, 2, 3], session_id="b")]
    )
    assert resolve.first_session(STORIES, log) == SessionRef(STORY, "tale")
    assert resolve.first_session({}, log) == SessionRef(LOG, "b")
    assert resolve.first_session({}, None) == SessionRef(NOTHING, "")


def test_fitted_brings_a_view_inside_and_says_so():
    view, notes = resolve.fitted(View(step=9, layer=5, unit=50), clicks=4, units=(8, 3))
    assert (view.step, view.layer, view.unit) == (4, None, None)
    assert len(notes) == 3
    assert resolve.fitted(View(step=2, unit=1), 4, (8,)) == (View(step=2, unit=1), ())


def test_items_that_the_model_does_not_know_are_not_explained(catalog):
    view = View(item="id-1", against="no-such")
    assert resolve.known_items(view, catalog) == (
        View(item="id-1"),
        ("An item that the address names is not in this model's catalogue.",),
    )
    assert resolve.known_items(View(), catalog) == (View(), ())
