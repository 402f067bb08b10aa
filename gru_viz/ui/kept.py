"""What was worked out before from the same content?

A class that opens one link computes it once. What belongs to a person's uploads is kept with the
person's session and goes with it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import streamlit as st

KEPT = 128  # values, on the server and with each person; the oldest goes first

T = TypeVar("T")


def kept(shared: bool, about: Hashable, compute: Callable[[], T]) -> T:
    """What `compute` gives, or gave before for the same `about`; nobody may change it.

    about: everything that the value depends on
    """
    return (_of_all if shared else _of_this_person)(about, compute)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _of_all(about: Hashable, _compute: Callable[[], Any]) -> Any:
    del about  # the cache's key only
    return _compute()


@st.cache_resource(max_entries=KEPT, show_spinner=False, scope="session")
def _of_this_person(about: Hashable, _compute: Callable[[], Any]) -> Any:
    del about
    return _compute()
