"""Which comparisons does this person have, and what did each find so far?"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import streamlit as st

from gru_viz.compare.document import read_bytes, read_comparison
from gru_viz.compare.values import Comparison
from gru_viz.errors import InputError
from gru_viz.jobs import Comparisons, ComparisonStatus
from gru_viz.ui.text import escape_markdown
from gru_viz.ui.train.service import root

_READ = "gru_viz.models.read"


@dataclass(frozen=True)
class Shown:
    """A comparison on the page.

    digest: SHA-256 of its file, the key of what is drawn from it
    shared: is it the server's own, so that all may share what is drawn?
    """

    comparison: Comparison
    digest: str
    shared: bool


@dataclass(frozen=True)
class Own:
    """A comparison, and the person whose it is."""

    run: ComparisonStatus
    person: str


def shown(data: bytes, name: str, shared: bool) -> Shown:
    """From a result file's bytes. Raises InputError."""
    return Shown(read_comparison(data, name), sha256(data).hexdigest(), shared)


def comparisons() -> Comparisons:
    """All comparisons of this server."""
    return Comparisons(root())


def own_comparisons(owner: str) -> tuple[ComparisonStatus, ...] | None:
    """The person's, newest first; None, and said why, where their folder cannot be used."""
    try:
        return comparisons().of(owner)
    except InputError as error:
        st.error(escape_markdown(str(error)))
        return None


def found(run: ComparisonStatus) -> Shown | None:
    """What the comparison has found, None before its first model. Raises InputError for a damaged file.

    The last one that was looked at is kept with the person: a running one is asked every second.
    """
    if run.result is None:
        return None
    data = read_bytes(run.result)
    known: Shown | None = st.session_state.get(_READ)
    if known is None or known.digest != sha256(data).hexdigest():
        known = shown(data, run.result.name, shared=False)
        st.session_state[_READ] = known
    return known
