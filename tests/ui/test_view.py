"""Oracle: the address and the transitions written out by hand; a link gives back its view."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gru_viz.ui.view import (
    DEEPER,
    LISTS,
    LOG,
    LOOKS,
    NOTHING,
    PANELS,
    QUESTIONS,
    SORTS,
    STORY,
    SessionRef,
    Variant,
    View,
    append,
    choose_model,
    choose_session,
    explain,
    from_query,
    look,
    reset,
    to_query,
    undo,
)

# ids without surrogates, which no address can hold
ids = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
added = st.lists(ids).map(tuple)
sessions = st.one_of(
    st.builds(SessionRef, st.sampled_from([STORY, LOG]), ids, st.none() | st.integers(1, 99), added),
    st.builds(SessionRef, st.just(NOTHING), st.just(""), st.none(), added),
)
forced = st.sampled_from(["", "z_c0_t2-18", "h_c0_u3.5-9_l1~p_c0_t3_lall"])
variants = st.builds(Variant, st.lists(ids, min_size=1, max_size=5).map(tuple), forced)
views = st.builds(
    View,
    model=st.sampled_from(["sample", "given", "0123456789ab"]),
    session=sessions,
    step=st.none() | st.integers(1, 500),
    layer=st.none() | st.integers(0, 9),
    unit=st.none() | st.integers(0, 999),
    keeps=st.booleans(),
    clip=st.booleans(),
    gates=st.booleans(),
    size=st.none() | st.integers(1, 9_999),
    after=st.booleans(),
    deeper=st.sets(st.sampled_from(DEEPER)).map(lambda some: tuple(n for n in DEEPER if n in some)),
    sort=st.sampled_from(SORTS),
    item=st.none() | ids,
    against=st.none() | ids,
    panel=st.none() | st.sampled_from(PANELS),
    click=st.none() | st.integers(1, 500),
    variants=st.just((variants,) * 3).flatmap(lambda three: st.tuples(*three)),
    shown=st.integers(0, 3),
    pinned=st.integers(0, 3),
    at=st.none() | st.integers(1, 500),
    question=st.none() | st.sampled_from(QUESTIONS),
    differ=st.none() | st.sampled_from(["z", "candidate", "o"]),
    job=st.none() | st.sampled_from(["new", "ab" * 16]),
    epoch=st.none() | st.integers(1, 99_999),
    compared=st.none() | ids,
    look=st.none() | st.sampled_from(LOOKS),
    lists=st.none() | st.sets(st.sampled_from(LISTS)).map(lambda some: tuple(n for n in LISTS if n in some)),
)


@given(views)
def test_a_link_restores_the_view(view):
    assert from_query(to_query(view)) == (view, ())


def test_the_default_model_is_the_one_left_out():
    given, sample = View(model="given"), View(model="sample")
    assert "model" not in to_query(given, "given")
    assert to_query(sample, "given")["model"] == "sample"
    for view in (given, sample):
        assert from_query(to_query(view, "given"), "given") == (view, ())


def test_the_address_is_short_and_readable():
    view = View(session=SessionRef(STORY, "detour", 6, ("lens", "a,b")), step=7, unit=17, keeps=True)
    assert to_query(view) == {
        "session": "story:detour", "keep": "6", "add": "lens,a%2Cb", "step": "7", "unit": "17", "z": "keeps",
    }  # fmt: skip


def test_what_does_not_fit_is_ignored_and_said():
    query = {
        "session": "file:/etc/passwd",
        "step": "-1",
        "unit": "1e5",
        "z": "maybe",
        "sort": "x",
        "layer": "0",
        "item": "",
        "against": "x" * 201,
        "panel": "<b>",
        "click": "0",
    }
    view, notes = from_query(query)
    assert view == View()
    assert len(notes) == 10


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "session",
                "step",
                "keep",
                "add",
                "unit",
                "layer",
                "z",
                "sort",
                "model",
                "item",
                "panel",
                "click",
                "v1",
                "v3",
                "edit",
                "at",
            ]
        ),
        st.text(),
    )
)
def test_no_address_raises(query):
    view, _ = from_query(query)
    assert isinstance(view, View)


def test_appending_at_the_end_keeps_the_whole_session():
    view = append(View(step=9), "lens", step=9, clicks=9)
    assert view.session == SessionRef(STORY, "detour", None, ("lens",))
    assert view.step == 10


def test_appending_in_the_middle_sets_the_rest_aside_and_undo_brings_it_back():
    start = View(step=6)
    once = append(start, "lens", step=6, clicks=9)
    assert once.session == SessionRef(STORY, "detour", 6, ("lens",))
    twice = append(once, "bag", step=7, clicks=7)
    assert twice.session.added == ("lens", "bag")
    assert undo(twice, 8) == once
    assert undo(once, 7) == start
    assert undo(start, 9) == start


def test_appending_among_added_clicks_replaces_what_followed():
    view = View(session=SessionRef(NOTHING, "", None, ("a", "b", "c")), step=1)
    assert append(view, "x", step=1, clicks=3).session.added == ("a", "x")


def test_reset_returns_to_the_original():
    view = View(session=SessionRef(STORY, "detour", 6, ("lens", "bag")), step=8)
    assert reset(view, 8) == View(step=6)


def test_choosing_keeps_what_a_person_set():
    view = View(unit=3, keeps=True, sort="index", step=5)
    assert choose_session(view, SessionRef(LOG, "s1")) == View(
        session=SessionRef(LOG, "s1"), unit=3, keeps=True, sort="index"
    )
    other = choose_model(view, "given", SessionRef(LOG, "s1"))
    assert (other.unit, other.step, other.keeps) == (None, None, True)


def test_a_report_changes_only_what_is_sound():
    view = View()
    assert look(view, {"step": 4, "unit": 2, "keeps": True, "sort": "index"}) == View(
        step=4, unit=2, keeps=True, sort="index"
    )
    odd = {"step": "4", "unit": True, "keeps": 1, "sort": "<b>", "layer": -1}
    assert look(view, odd) == view
    assert look(View(unit=2), {"unit": None}) == View()


def test_another_session_has_other_items_to_explain():
    view = View(step=7, item="lens", against="mug", panel="lens", click=2)
    assert choose_session(view, SessionRef(LOG, "s1")) == View(session=SessionRef(LOG, "s1"), panel="lens")
    assert choose_model(view, "given", SessionRef(LOG, "s1")).item is None
    assert append(view, "mug", 7, 9).item == "lens"


def test_an_item_is_not_compared_with_itself():
    assert explain(View(), "lens", "mug") == View(item="lens", against="mug")
    assert explain(View(against="mug"), "lens", "lens") == View(item="lens")


def test_variants_are_short_in_the_address():
    view = View(variants=(Variant(("a", "b,c!"), "z_c0_t2"), Variant(("d",))), shown=2, pinned=1, at=3)
    assert to_query(view) == {
        "session": "story:detour", "v1": "a,b%2Cc%21!z_c0_t2", "v2": "d", "edit": "2", "pin": "1", "at": "3",
    }  # fmt: skip


def test_a_hostile_variant_is_ignored_and_said():
    query = {
        "v1": "",
        "v2": "a!z_c7",
        "v3": ",".join("a" for _ in range(501)),
        "edit": "2",
        "pin": "-1",
        "at": "0",
        "question": "why",
    }
    view, notes = from_query(query)
    assert view == View(variants=(Variant(("a",)),))
    assert len(notes) == 7


def test_the_switches_of_the_cells_page_in_the_address():
    view = View(gates=True, size=16, after=True, deeper=("equations", "both_ways"))
    address = {
        "session": "story:detour", "gates": "shown", "size": "16", "reset": "after",
        "deeper": "equations,both_ways",
    }  # fmt: skip
    assert to_query(view) == address
    assert from_query({**address, "deeper": "both_ways,equations"}) == (view, ())  # in any order
    odd = {"gates": "open", "size": "0", "reset": "never", "deeper": "equations,<b>"}
    found, notes = from_query(odd)
    assert found == View(deeper=("equations",))
    assert len(notes) == 4


def test_gates_are_reported_and_outlive_another_model():
    view = look(View(after=True, size=16), {"step": 2, "gates": True})
    assert view == View(after=True, size=16, step=2, gates=True)
    assert look(view, {"gates": "yes"}) == view
    other = choose_model(view, "given", SessionRef())
    assert (other.gates, other.size, other.after, other.step) == (True, 16, True, None)


def test_what_is_open_on_the_models_page():
    """Oracle: by hand; no list at all is something else than the usual ones."""
    view = View(compared="ab" * 16, look="data", lists=("loaded", "markov"))
    address = {
        "session": "story:detour",
        "compared": "ab" * 16,
        "look": "data",
        "lists": "loaded,markov",
    }
    assert to_query(view) == address
    assert from_query({**address, "lists": "markov,loaded"}) == (view, ())
    assert to_query(View(lists=())) == {"session": "story:detour", "lists": "none"}
    assert from_query({"lists": "none"}) == (View(lists=()), ())
    found, notes = from_query({"look": "away", "lists": "markov,<b>", "compared": "x" * 201})
    assert found == View(lists=("markov",))
    assert len(notes) == 3


def test_another_model_leaves_the_models_page_as_it_is():
    kept = View(compared="shop", look="where", lists=("markov",))
    after = choose_model(kept, "given", SessionRef())
    assert (after.compared, after.look, after.lists) == ("shop", "where", ("markov",))
