"""Oracle: the views written out by hand; a link gives back its view (test_view.py)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.errors import InputError
from gru_viz.interventions import ablate, from_text, keep_everything, no_memory, to_text
from gru_viz.ui.variants import carried_on, dropped, duplicated, edited, fitted, forced, pin, show
from gru_viz.ui.view import LOG, LONGEST_SESSION, NOTHING, STORY, SessionRef, Variant, View, choose_session
from tests.models import small_catalog

OWN = ("id-0", "id-1", "id-2")
SHORT, LONG = Variant(("id-0", "id-2")), Variant((*OWN, "id-3"))


def test_editing_the_session_makes_a_variant_and_editing_a_variant_changes_it():
    once = edited(View(), OWN, ("id-0", "id-2"))
    assert once == View(variants=(SHORT,), shown=1)
    twice = edited(once, OWN, (*OWN, "id-3"))
    assert twice == View(variants=(LONG,), shown=1)
    another = edited(show(twice, 0), OWN, ("id-0", "id-2"))
    assert another == View(variants=(LONG, SHORT), shown=2)
    assert edited(another, OWN, SHORT.items) == another


def test_forcing_does_the_same_and_keeps_the_clicks():
    held = keep_everything(clicks=(1, 2))
    view = forced(View(), OWN, (held,))
    assert view == View(variants=(Variant(OWN, "z_c0_t2-3"),), shown=1)
    assert forced(view, OWN, ()) == View(variants=(Variant(OWN),), shown=1)


def test_what_is_forced_at_clicks_that_went_goes():
    view = forced(View(), OWN, (keep_everything(clicks=(1, 2)), no_memory(clicks=(2, 2)), ablate([1])))
    shorter = edited(view, OWN, ("id-0", "id-1"))
    assert from_text(shorter.variants[0].forced) == (keep_everything(clicks=(1, 1)), ablate([1]))


def test_no_more_than_three_beside_the_session():
    view = View(variants=(SHORT,) * 3)
    with pytest.raises(InputError, match="drop one"):
        edited(view, OWN, LONG.items)
    with pytest.raises(InputError, match="drop one"):
        duplicated(view, OWN, 1)
    assert edited(show(view, 2), OWN, LONG.items).variants == (SHORT, LONG, SHORT)


@pytest.mark.parametrize("items", [(), ("id-0",) * (LONGEST_SESSION + 1)])
def test_neither_nothing_nor_too_much(items):
    with pytest.raises(InputError, match="1 to 500"):
        edited(View(), OWN, items)


def test_a_copy_is_shown():
    assert duplicated(View(), OWN, 0) == View(variants=(Variant(OWN),), shown=1)
    assert duplicated(View(variants=(SHORT,)), OWN, 1) == View(variants=(SHORT, SHORT), shown=2)


@pytest.mark.parametrize(
    ("number", "shown", "pinned", "left"),
    [(1, 1, 2, (0, 1)), (2, 1, 2, (1, 0)), (3, 3, 3, (0, 0)), (3, 2, 0, (2, 0))]
)  # fmt: skip
def test_who_points_to_a_dropped_one_points_to_the_session(number, shown, pinned, left):
    view = View(variants=(SHORT, LONG, SHORT), shown=shown, pinned=pinned, at=2)
    after = dropped(view, number)
    assert len(after.variants) == 2
    assert (after.shown, after.pinned) == left
    assert after.at == (None if pinned == number else 2)


def test_another_reference_is_compared_at_its_end():
    view = View(variants=(SHORT,), at=2)
    assert pin(view, 0) == view
    assert pin(view, 1) == View(variants=(SHORT,), pinned=1)


def test_another_session_has_no_variants():
    view = View(variants=(SHORT,), shown=1, pinned=1, at=2, question="flip")
    assert choose_session(view, SessionRef(LOG, "s")) == View(session=SessionRef(LOG, "s"), question="flip")


@pytest.mark.parametrize(
    ("session", "own", "items", "carried"),
    [
        (SessionRef(), OWN, OWN, SessionRef()),
        (SessionRef(), OWN, ("id-0", "id-2"), SessionRef(STORY, "detour", 1, ("id-2",))),
        (SessionRef(), OWN, ("id-0", "id-1"), SessionRef(STORY, "detour", 2)),
        (SessionRef(), OWN, (*OWN, "id-5"), SessionRef(STORY, "detour", None, ("id-5",))),
        (SessionRef(), OWN, ("id-4", *OWN), SessionRef(NOTHING, "", None, ("id-4", *OWN))),
        (
            SessionRef(STORY, "detour", 2, ("id-2",)),
            OWN,
            (*OWN, "id-6"),
            SessionRef(STORY, "detour", 2, ("id-2", "id-6")),
        ),
        (SessionRef(NOTHING, "", None, OWN), OWN, OWN[:2], SessionRef(NOTHING, "", None, OWN[:2])),
    ],
)  # fmt: skip
def test_edits_go_along_as_added_clicks(session, own, items, carried):
    assert carried_on(session, own, items) == carried


def test_what_a_model_cannot_run_is_left_out_and_said():
    unknown = Variant(("id-0", "<b>"))
    odd = Variant(OWN, "z_c0_t2-9~h_c0_u7~z_c0_l4~r_c1_t9~r_c0")
    view, notes = fitted(
        View(variants=(unknown, odd), shown=2, pinned=1, at=3), small_catalog(), (5,), len(OWN)
    )
    assert view == View(variants=(Variant(OWN, "z_c0_t2-3~r_c0"),), shown=1)
    assert len(notes) == 5
    assert not any("<b>" in note for note in notes)
    assert fitted(view, small_catalog(), (5,), len(OWN)) == (view, ())


def test_what_another_cell_has_not_is_left_out_and_said():
    view = View(variants=(Variant(OWN, "z_c0~f_c1~h_c0"),))
    fitting, (note,) = fitted(view, small_catalog(), (5,), len(OWN), "lstm")
    assert fitting.variants == (Variant(OWN, "f_c1~h_c0"),)
    assert "no z to force" in note


def test_a_click_to_compare_after_is_one_of_the_reference():
    view, notes = fitted(View(at=4), small_catalog(), (5,), 3)
    assert (view, len(notes)) == (View(), 1)


@given(st.lists(st.integers(0, 3), max_size=12), st.lists(st.integers(0, 4), max_size=12))
def test_no_way_of_clicking_leads_outside(numbers, actions):
    """Oracle: shown and pinned name one of the variants, and there are at most three."""
    view = View()
    for number, action in zip(numbers, actions, strict=False):
        number = min(number, len(view.variants))
        try:
            if action == 0:
                view = duplicated(view, OWN, number)
            elif action == 1 and number:
                view = dropped(view, number)
            elif action == 2:
                view = pin(show(view, number), number)
            else:
                view = edited(view, OWN, (*OWN, f"id-{action}"))
        except InputError:
            pass
        assert len(view.variants) <= 3
        assert max(view.shown, view.pinned) <= len(view.variants)
        assert all(to_text(from_text(v.forced)) == v.forced for v in view.variants)
