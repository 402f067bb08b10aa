"""What a browser would do, said to AppTest: read what a component was sent, report, press."""

from __future__ import annotations

import html
import json
import re

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.testing.v1 import AppTest

from gru_viz.explain.words import NBSP
from gru_viz.ui.text import WORD_JOINER
from gru_viz.ui.view import View, from_query, look, to_query


def stepper(app: AppTest) -> dict:
    """What the page sent to the browser."""
    assert not app.exception
    (component,) = app.get("bidi_component")
    return json.loads(component.proto.json)


def view_of(app: AppTest) -> View:
    address = {
        name: value if isinstance(value, str) else value[0] for name, value in app.query_params.items()
    }
    view, notes = from_query(address)
    assert notes == ()
    return view


def report(app: AppTest, **state) -> AppTest:
    """The browser reports this state, its step written into the address before, as the component does."""
    reported = state["view"]
    if reported.get("key") == stepper(app)["key"]:
        app.query_params.update(to_query(look(view_of(app), reported)))
    states = app._tree.get_widget_states()
    states.widgets.add(id=app.get("bidi_component")[0].proto.id, json_value=json.dumps(state))
    return app._run(states)


def trigger(app: AppTest, event: str, value: object) -> AppTest:
    """The browser sends an event."""
    component = app.get("bidi_component")[0].proto.id
    states = app._tree.get_widget_states()
    states.widgets.add(
        id=_make_trigger_id(component, "events"),
        json_trigger_value=json.dumps([{"event": event, "value": value}]),
    )
    return app._run(states)


def notes(app: AppTest) -> str:
    """What the page remarks, without what protects it from Markdown."""
    return " ".join(box.value for box in app.info).replace("\\", "").replace(WORD_JOINER, "")


def texts(app: AppTest) -> str:
    """Every sentence on the page as plain text."""
    bodies = [element.proto.body for element in app.get("html")]
    return html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", " ".join(bodies), flags=re.DOTALL))


def squeezed(text: str) -> str:
    """A text without spaces: where marks stood, `texts` leaves some."""
    return "".join(text.split())


def typed(app: AppTest, key: str, text: str) -> AppTest:
    """A person types what is no option into the select box with this key."""
    states = app._tree.get_widget_states()
    (box,) = [state for state in states.widgets if state.id == app.selectbox(key=key).proto.id]
    box.string_value = text
    return app._run(states)


def words(app: AppTest) -> str:
    """All that the page says, plain, without what protects it from Markdown."""
    assert not app.exception
    kinds = ("markdown", "caption", "error", "warning", "info", "subheader")
    texts = [element.value for kind in kinds for element in app.get(kind)]
    texts += [bar.proto.text for bar in app.get("progress")]
    for element in app.get("html"):
        tagless = re.sub(r"<style>.*?</style>|<[^>]+>", "", element.proto.body, flags=re.DOTALL)
        texts.append(html.unescape(tagless))
    plain = " ".join(texts).replace("\\", "").replace("**", "")
    return plain.replace(WORD_JOINER, "").replace(NBSP, " ")


def button(app, label):
    (found,) = [button for button in app.button if button.label == label]
    return found


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]
