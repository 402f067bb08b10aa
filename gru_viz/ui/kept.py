"""What was worked out before from the same content?

A class that opens one link computes it once. What belongs to a person's uploads is kept with the
person's session and goes with it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

import streamlit as st

from gru_viz.ui.store import Store

KEPT = 128  # values, on the server and with each person; the oldest goes first
MB = 1024**2
OF_ALL = 256 * MB  # that they may hold on the server beside the largest, and
OF_ONE = 32 * MB  # with each person: of thirty about a gigabyte
_STORE = "gru_viz.kept"

T = TypeVar("T")


def kept(shared: bool, about: Hashable, compute: Callable[[], T]) -> T:
    """What `compute` gives, or gave before for the same `about`; nobody may change it.

    about: everything that the value depends on
    """
    return (_of_all() if shared else _of_this_person()).get(about, compute)


@st.cache_resource(show_spinner=False)
def _of_all() -> Store:
    return Store(KEPT, OF_ALL)


def _of_this_person() -> Store:
    return st.session_state.setdefault(_STORE, Store(KEPT, OF_ONE))
