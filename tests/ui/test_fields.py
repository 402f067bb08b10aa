"""Does a field follow a value without undoing what is done in the browser meanwhile?

Oracle: what goes to the browser: Streamlit marks a value that the script has set there, and only
such a value replaces what the person typed.
"""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def script():
    import streamlit as st

    from gru_viz.ui.fields import follow

    value = st.session_state.setdefault("elsewhere", 3)
    follow("field", value)
    st.number_input("Field", key="field", step=1)
    st.button("again")


@pytest.fixture
def app():
    return AppTest.from_function(script).run()


def sent(app: AppTest) -> int | None:
    """The value that this run told the browser to show; None if it was told none."""
    (field,) = app.number_input
    return int(field.proto.value) if field.proto.set_value else None


def test_at_first_it_shows_the_value(app):
    assert sent(app) == 3
    assert app.number_input[0].value == 3


def test_where_nothing_changed_nothing_is_sent(app):
    app.button[0].click().run()
    assert sent(app) is None
    assert app.number_input[0].value == 3


def test_it_follows_a_change(app):
    app.session_state["elsewhere"] = 8
    assert sent(app.run()) == 8


def test_the_value_wins_over_what_nobody_took(app):
    app.number_input[0].set_value(5).run()
    assert app.number_input[0].value == 3
