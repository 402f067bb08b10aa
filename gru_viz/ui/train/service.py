"""Which trainings does this person have, and where do they run?"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from gru_viz.errors import InputError
from gru_viz.jobs import Jobs, JobStatus
from gru_viz.jobs import folder as files
from gru_viz.jobs.request import SETTINGS
from gru_viz.learn.config import TrainingConfig
from gru_viz.ui.launch import launch
from gru_viz.ui.text import escape_markdown

HOME = Path.home() / ".gru_viz" / "runs"


def root() -> Path:
    """Where all jobs of this server are kept; the folder outlives it."""
    return Path(launch().runs or HOME)


def jobs() -> Jobs:
    """All trainings of this server."""
    return Jobs(root())


def own_jobs(owner: str) -> tuple[JobStatus, ...]:
    """The person's trainings, newest first; none, and said so, where their folder cannot be used."""
    try:
        return jobs().of(owner)
    except InputError as error:
        st.error(escape_markdown(str(error)))
        return ()


def active_kind(owner: str) -> str | None:
    """Of the person's job that waits or runs, on whatever page it was started; None where there is none."""
    try:
        return jobs().busy(owner)
    except InputError:  # said where the person's jobs are read
        return None


def settings_of(status: JobStatus) -> TrainingConfig:
    """How it is trained, as it was asked for; the defaults where that cannot be read any more."""
    asked = files.read(status.folder, SETTINGS) or {}
    try:
        return TrainingConfig.from_dict(asked["training"])
    except (KeyError, TypeError, InputError):
        return TrainingConfig()


def cell_of(status: JobStatus) -> str:
    """Which cell it trains; a GRU where that cannot be read any more."""
    model = (files.read(status.folder, SETTINGS) or {}).get("model")
    return str(model.get("cell", "gru")) if isinstance(model, dict) else "gru"
