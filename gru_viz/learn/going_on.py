"""From where does a run go on, and does what lies in its folder belong together?"""

from __future__ import annotations

from pathlib import Path

from gru_viz.catalog import Catalog
from gru_viz.checkpoint import FILE_NAME as MODEL
from gru_viz.checkpoint import load
from gru_viz.errors import InputError
from gru_viz.explain.words import plural
from gru_viz.learn.earlier import ELSEWHERE, Earlier
from gru_viz.learn.figures_file import FILE_NAME as RUN
from gru_viz.learn.figures_file import RunFile
from gru_viz.learn.room import checkpoint_of, named
from gru_viz.learn.state import FILE_NAME as STATE
from gru_viz.learn.state import TrainerState
from gru_viz.model import GRU4Rec, ModelConfig
from gru_viz.whole_file import write_whole


def state_of(folder: Path, run: RunFile, found: Earlier) -> TrainerState | None:
    """Where the run stands; None where its first epoch had not ended, so that it begins again.

    Of an epoch the model is written first, then run.json, then the state: a kill may leave the
    state behind the others by one, never before them. Raises InputError where it is not so.
    """
    told = len(run.epochs)
    # the first epoch may be told, and its state not yet written: then that is all there was
    if told < 2 and not found.state:
        _refuse_unless(folder, max(found.epochs, default=0) <= 1, found.names()[:1], told)
        return None
    state = TrainerState.load(folder / STATE)
    _refuse_unless(folder, 1 <= state.epoch <= told, [f"{STATE} of epoch {state.epoch}"], told)
    return state


def _refuse_unless(folder: Path, fits: bool, held: list[str], told: int) -> None:
    if not fits:
        raise InputError(
            f"{named(folder)} holds {held[0]}, and its {RUN} tells of {plural(told, 'epoch')}; "
            f"put back the {RUN} that belongs to it, or {ELSEWHERE}"
        )


def model_after(folder: Path, epoch: int, shape: ModelConfig, catalog: Catalog) -> GRU4Rec:
    """The model as it was then. Raises InputError for one of other items or of another shape.

    A state knows the model's numbers, and not whose they are.
    """
    name = checkpoint_of(epoch)
    model = load(folder / name, name)
    for what, same in (("items or titles", model.catalog == catalog), ("shape", model.config == shape)):
        if not same:
            raise InputError(
                f"{name} in {named(folder)} has other {what} than this training; put back the one that was "
                f"written there, or {ELSEWHERE}"
            )
    return model


def restore_kept(folder: Path, kept: int) -> None:
    """model.safetensors, copied again from the kept epoch where it is not just that.

    Without that epoch's file it is believed if it can be read. Raises InputError if not.
    """
    model, epoch = folder / MODEL, folder / checkpoint_of(kept)
    if not epoch.exists():
        _believed(folder, kept)
        return
    try:
        content = epoch.read_bytes()
        same = model.is_file() and model.read_bytes() == content
    except OSError as error:
        raise InputError(
            f"cannot read epoch {kept} in {named(folder)}, the kept one: {error.strerror}; {ELSEWHERE}"
        ) from None
    if not same:
        load(content, checkpoint_of(kept))
        write_whole(model, content)


def _believed(folder: Path, kept: int) -> None:
    try:
        load(folder / MODEL)
    except InputError:
        raise InputError(
            f"{MODEL} in {named(folder)}, epoch {kept}, is missing or damaged, and {checkpoint_of(kept)} was "
            f"not kept; put one of them back, or {ELSEWHERE}"
        ) from None
