"""How was a training asked for, in plain words?"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from gru_viz.errors import InputError
from gru_viz.explain.words import plural
from gru_viz.jobs import JobStatus
from gru_viz.jobs import folder as files
from gru_viz.jobs.request import SETTINGS
from gru_viz.learn.config import TrainingConfig
from gru_viz.ui.text import escape_markdown
from gru_viz.ui.train.presets import BEST, GOOD, QUICK, Preset, preset_for
from gru_viz.ui.train.settings import MODEL, TRAINING, Choice, ModelSettings, Value, applies, usual_values

ALL = MODEL | TRAINING
CALLED = {"units": "units", "epochs": "epochs"}  # shorter than in the form


@dataclass(frozen=True)
class Asked:
    """What was asked for.

    model:    as `ModelConfig.to_dict` has it
    held_out: what it is measured on, for people
    items:    of the part that is learned from; 0 where that was not written down
    """

    model: ModelSettings
    training: TrainingConfig
    held_out: str
    items: int

    @property
    def units(self) -> tuple[int, ...]:
        return tuple(self.model["units"])


def asked_of(run: JobStatus) -> Asked | None:
    """As it stands in the training's folder; None where that cannot be read any more."""
    from gru_viz.model import ModelConfig

    told = files.read(run.folder, SETTINGS) or {}
    try:
        model = ModelConfig.from_dict(dict(told["model"])).to_dict()
        training = TrainingConfig.from_dict(told["training"])
        # the first ones told no number of items but the whole log's
        items = told["items"] if "items" in told else told["facts"]["log"]["items"]
        return Asked(model, training, str(told["test_name"]), int(items))
    except (KeyError, TypeError, ValueError, InputError):
        return None


def nearest(asked: Asked) -> tuple[Preset, dict[str, Value]]:
    """The preset that differs least from what was asked for, and what was set otherwise."""
    presets = [preset_for(name, asked.items) for name in (GOOD, QUICK, BEST)]
    found = [(preset, _changes(asked, preset)) for preset in presets]
    return min(found, key=lambda one: len(one[1]))


def _changes(asked: Asked, preset: Preset) -> dict[str, Value]:
    own = usual_values(asked.model, asked.training, {})
    usual = usual_values(preset.model, preset.training, {})
    other = {name: value for name, value in own.items() if value != usual[name]}
    # what the form sets by itself beside these is no change of the person's
    usual = usual_values(preset.model, preset.training, other)
    return {name: value for name, value in other.items() if value != usual[name]}


def called(asked: Asked) -> str:
    """The preset in a word or two: "Good", "Good, changed"."""
    preset, changes = nearest(asked)
    return f"{preset.label}, changed" if changes else preset.label


def asked_words(asked: Asked) -> str:
    """The settings that people ask for first, in one line; those that are the preset's own without a word."""
    preset, changes = nearest(asked)
    listed = "; ".join(f"{_name(name)} {_value(name, value)}" for name, value in changes.items())
    training = asked.training
    usual = {
        "cell": _value("cell", asked.model["cell"]),
        "units": f"{' + '.join(map(str, asked.units))} units",
        "loss": _value("loss", training.loss),
        "epochs": f"{plural(training.epochs, 'epoch')} asked for",
        "learning_rate": f"learning rate {_value('learning_rate', training.learning_rate)}",
        "seed": f"seed {training.seed}",
    }
    opening = f"{preset.label} with changes: {listed}" if changes else preset.label
    rest = [words for name, words in usual.items() if name not in changes]
    return " · ".join([opening, *rest, f"{asked.held_out} held out"])


def all_settings(asked: Asked) -> dict[str, list[str]]:
    """Every setting that means something here, by group, a line each; with the preset's where it differs."""
    preset, changes = nearest(asked)
    own = usual_values(asked.model, asked.training, {})
    usual = usual_values(preset.model, preset.training, changes)

    def line(name: str) -> str:
        other = f" ({preset.label}: {_value(name, usual[name])})" if name in changes else ""
        return f"{_capital(_name(name))}: {_value(name, own[name])}{other}"

    groups = {"The model": MODEL, "The training": TRAINING}
    return {title: [line(name) for name in group if applies(name, own)] for title, group in groups.items()}


def asked(run: JobStatus) -> None:
    """One quiet line, and everything one click deeper; nothing where it cannot be read any more."""
    known = asked_of(run)
    if known is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(escape_markdown(asked_words(known)), width="content")
        with st.popover("All settings", type="tertiary"):
            groups = all_settings(known)
            for place, (title, lines) in zip(st.columns([5, 7]), groups.items(), strict=True):
                place.markdown(f"**{title}**")
                place.caption("  \n".join(escape_markdown(line) for line in lines))


def _name(name: str) -> str:
    label = CALLED.get(name, ALL[name].label)
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _value(name: str, value: Value) -> str:
    setting = ALL[name]
    if isinstance(setting, Choice):
        return setting.words.get(value, str(value))
    return f"{value:g}" if isinstance(value, float) else f"{value:,}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
