"""The Train page as tests see it: what it says and shows, and whom it asks."""

from __future__ import annotations

import json

from gru_viz.errors import InputError
from gru_viz.jobs import NoSuchJobError
from tests.ui.training import job

PERSON = "0123456789abcdef" * 2


class Kept:
    """Stands in for `Jobs`: tells what it was given, remembers what it was asked."""

    def __init__(self) -> None:
        self.runs: list = []
        self.asked: list = []
        self.refuses: str | None = None
        self.leaving: tuple = ()

    def of(self, owner):
        return tuple(self.runs) if owner == PERSON else ()

    def status(self, run, owner):
        found = [known for known in self.of(owner) if known.id == run]
        if not found:
            raise NoSuchJobError("there is no such training here")
        return found[0]

    def busy(self, owner):
        return next(("training" for run in self.of(owner) if run.active), None)

    def making_room(self, owner):
        return self.leaving

    def submit(self, request, owner):
        if self.refuses:
            raise InputError(self.refuses)
        self.asked.append(("submit", request, owner))
        self.runs.insert(0, job("waiting", id="cd" * 16, place=1))
        return "cd" * 16

    def __getattr__(self, name):
        return lambda run, owner: self.asked.append((name, run, owner))


def sent(app) -> dict[str, dict]:
    """What the page sent to its components, by what they are."""
    found = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    return {("stepper" if "trace" in data else "epochs"): data for data in found if "key" in data}
