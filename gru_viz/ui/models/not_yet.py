"""Are the results on the page those of the log in view, or was that one never compared?"""

from __future__ import annotations

import streamlit as st

from gru_viz.explain.words import Part, Sentence
from gru_viz.plain_text import shorten
from gru_viz.ui import state
from gru_viz.ui.current import Current
from gru_viz.ui.models.clicks import of_the_shop, other_log
from gru_viz.ui.models.results import SHOP, shows_the_shop
from gru_viz.ui.models.service import Own
from gru_viz.ui.said import said

LONGEST = 60  # characters of a name


def not_yet(now: Current, own: Own | None, known: bool) -> bool:
    """Say so first of all where a log or a model of the person's own is in view and was not compared.

    known: has the browser told whose comparisons there are? Nothing is said before.
    """
    name = other_log(now)
    if of_the_shop(now) or _about_it(own, name):
        return False
    with st.container():  # its place is there before: what stands below it stays
        if known:
            said(_words(now, own, name), kind="lead")
    return True


def _about_it(own: Own | None, name: str | None) -> bool:
    """Do the results belong to the log in view? Of a file nobody can tell: who opened it wants to see it."""
    if own is not None:
        return own.run.active or own.run.name == name
    return not shows_the_shop(own)


def _words(now: Current, own: Own | None, name: str | None) -> Sentence:
    below = "the sample shop's" if own is None else f"of {shorten(own.run.name, LONGEST) or 'another log'}"
    if name is None:
        model = Part(shorten(now.source.name, LONGEST), "item")
        return (
            Part("No log is loaded for "),
            model,
            Part(f", so nothing has been compared. The results further below are {below}."),
        )
    log = Part(shorten(name, LONGEST) or "Your log", "item")
    how = f" has not been compared yet. Compare the models on it here; the results further below are {below}."
    return (log, Part(how))


def folded(now: Current, own: Own | None) -> bool:
    """Are the shop's results there for want of others, and not because somebody asked for them?"""
    return not of_the_shop(now) and shows_the_shop(own) and state.get().compared != SHOP
