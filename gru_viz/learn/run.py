"""How does one training run in a folder, so that it can be watched, stopped and continued?

    RUN/run.json                 what was asked for, and every finished epoch's figures
    RUN/epochs/0001.safetensors  the model after each epoch
    RUN/state.safetensors        what the trainer needs to go on after the last epoch
    RUN/model.safetensors        the kept epoch
    RUN/training_clicks.safetensors  what it learned from, for baselines
    RUN/baselines.safetensors    see beside.py

Each file appears whole or not at all, and the state of an epoch is written last. So a run may
be killed at any moment: it goes on after the epoch of its state, and does again what came later.
What is refused, is refused before anything of an earlier run goes; one process trains in it at a time.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from gru_viz.baselines import fitted
from gru_viz.checkpoint import FILE_NAME as MODEL
from gru_viz.checkpoint import MAX_FILE_BYTES, expected_shapes, save
from gru_viz.errors import InputError, quote
from gru_viz.learn import beside, going_on
from gru_viz.learn.beside import OnTest
from gru_viz.learn.clicks import FILE_NAME as CLICKS
from gru_viz.learn.clicks import save_clicks
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.distributed import ALONE, Ranks
from gru_viz.learn.evaluation import ModelScorer
from gru_viz.learn.facts import about, asked_of
from gru_viz.learn.figures_file import EpochFigures, RunFile, read_run
from gru_viz.learn.gates import gates
from gru_viz.learn.parts import Parts
from gru_viz.learn.place import Place
from gru_viz.learn.room import checkpoint_of as checkpoint_of
from gru_viz.learn.room import make_room
from gru_viz.learn.start import new_model
from gru_viz.learn.state import FILE_NAME as STATE
from gru_viz.learn.state import TrainerState
from gru_viz.learn.trainer import Epoch, Progress, Trainer
from gru_viz.model import GRU4Rec, ModelConfig

__all__ = ["EpochFigures", "Parts", "RunFile", "read_run", "run_in"]

FLOAT_BYTES = 4


def run_in(
    folder: Path,
    parts: Parts,
    model: ModelConfig,
    training: TrainingConfig,
    resume: bool = False,
    *,
    overwrite: bool = False,
    device: str = "cpu",
    keep_epochs: bool = True,
    ranks: Ranks = ALONE,
) -> Iterator[Progress | EpochFigures]:
    """Train in `folder`: a Progress after each batch, EpochFigures once an epoch is measured and saved.

    resume:      go on after the last finished epoch of the run in `folder`, with the same numbers as
                 if it had never stopped; from the start where there is none
    overwrite:   where it begins anew, an earlier run in `folder` may go for it: once the baselines
                 are measured, and nothing can be refused any more
    keep_epochs: keep the model of every epoch, or only of the last and the kept one
    ranks:       the processes that train together, all over the same folder; the first one
                 measures and writes, and it alone yields EpochFigures

    Stops before all epochs are done where `training.patience` says so. To cancel, stop asking for
    more. Raises InputError for a folder that cannot be used, a run of other settings, ranks that
    do not train the same, and what `Trainer` raises.
    """
    run = _Run(Path(folder), parts, model, training, keep_epochs, ranks)
    try:
        begun, state = ranks.together(partial(run.begun, resume, overwrite, device))
        ranks.same(run.words(), "start all with the same command on the same log")
        ranks.same(
            _words_of(state), f"give all the same folder {quote(run.folder.name)}, shared or copied to each"
        )
        trainer = Trainer(begun, parts.train, training, state, ranks)
        ranks.together(partial(run.opened, state))
    except BaseException:
        run.place.free()
        raise
    return run.epochs(trainer, state)


def _words_of(state: TrainerState | None) -> dict[str, str]:
    """From where a run goes on; a fresh model's numbers are rank 0's on all ranks, whatever they were."""
    return {"run to go on with": "none" if state is None else f"epoch {state.epoch} of {state.model}"}


def refuse_too_large(model: ModelConfig, n_items: int) -> None:
    """Raises InputError for a model whose file could not be read again."""
    size = checkpoint_bytes(model, n_items)
    if size > MAX_FILE_BYTES:
        raise InputError(
            f"this model would need a file of {size:,} bytes for {n_items:,} items, and "
            f"{MAX_FILE_BYTES:,} can be read again; use fewer units or a smaller embedding"
        )


class _Run:
    """Between two epochs: the folder says what `file` says."""

    def __init__(
        self,
        folder: Path,
        parts: Parts,
        model: ModelConfig,
        training: TrainingConfig,
        keep_epochs: bool,
        ranks: Ranks,
    ) -> None:
        self.folder, self.parts, self.shape, self.training = folder, parts, model, training
        self.keep_epochs, self.ranks = keep_epochs, ranks
        self.place = Place(folder, ranks.first)
        self.baselines: dict[str, OnTest] = {}
        self.measuring = 0.0  # seconds between two epochs

    def begun(self, resume: bool, overwrite: bool, device: str) -> tuple[GRU4Rec, TrainerState | None]:
        """The model to train on, and after which state of an earlier run; nothing is changed yet."""
        parts = self.parts
        if self.training.patience and not (parts.keep_best and parts.test is not None):
            raise InputError("patience needs a held-out part of the log to measure on; hold some out")
        refuse_too_large(self.shape, len(parts.train.catalog))
        self.place.look()
        state = self._state() if resume else None
        if state is None:
            if not resume:
                self.place.refuse_to_begin(overwrite)
            model = new_model(parts.train, self.shape, self.training.start, self.training.seed)
            return model.to(device), None
        self.measuring = self.file.epochs[-1].measuring_seconds
        model = going_on.model_after(self.folder, state.epoch, self.shape, parts.train.catalog)
        return model.requires_grad_().to(device), state

    def _state(self) -> TrainerState | None:
        """Of the run to go on with, which `file` and `baselines` then are of; None to begin it."""
        found = self.place.gone_on_with()
        if found is None:
            return None
        before, state = found
        asked = asked_of(self.parts, self.shape, self.training)
        changed = [name for name in asked if name != "training" and asked[name] != before.asked.get(name)]
        if changed:
            raise InputError(
                f"the training in {quote(self.folder.name)} began with another {', '.join(changed)}; go on "
                "with the same, or start anew in another folder"
            )
        self.file = replace(before.upto(state.epoch), asked=asked)
        self.baselines = beside.kept(before.baselines, self.folder)
        return state

    def epochs(self, trainer: Trainer, state: TrainerState | None) -> Iterator[Progress | EpochFigures]:
        """Until all are done, or until nobody asks for more: then others may train in the folder."""
        try:
            if state is None:
                self.ranks.together(self._begin)
            yield from self._epochs(trainer)
        finally:
            self.place.free()

    def _epochs(self, trainer: Trainer) -> Iterator[Progress | EpochFigures]:
        events = iter(()) if self._is_over() else trainer.epochs()
        for event in events:
            if isinstance(event, Progress):
                yield self._with_measuring(event)
                continue
            figures = self.ranks.together(partial(self._finished, event, trainer))
            if figures is not None:
                yield figures
            if self._is_over():
                break

    def _with_measuring(self, progress: Progress) -> Progress:
        """Time left with what is done after each epoch; after none yet, as long as a baseline took."""
        epochs = self.training.epochs - progress.epoch + 1
        return replace(progress, seconds_left=progress.seconds_left + epochs * self.measuring)

    def _is_over(self) -> bool:
        """Has patience run out? All ranks stop together."""
        return self.ranks.agreed(self.ranks.first and stopped(self.file, self.training.patience))

    def words(self) -> dict[str, str]:
        """What all ranks must have been asked for."""
        asked = asked_of(self.parts, self.shape, self.training)
        return {name: json.dumps(value, sort_keys=True) for name, value in asked.items()}

    def opened(self, state: TrainerState | None) -> None:
        """The folder can be written to; of an earlier run nothing goes yet."""
        if self.ranks.first:
            self.place.open()
            if state is not None:
                going_on.restore_kept(self.folder, self.file.kept)

    def _begin(self) -> None:
        """An empty run in the folder, with its baselines."""
        if not self.ranks.first:
            return
        parts = self.parts
        if parts.test is not None:
            baselines, began = fitted(parts.train), time.perf_counter()
            self.baselines = {one.name: OnTest.of(one, parts.test) for one in baselines}
            self.measuring = (time.perf_counter() - began) / len(baselines)
        asked = asked_of(parts, self.shape, self.training)
        self.file = RunFile(
            *(asked, parts.name, parts.test_name, parts.keep_best),
            {name: found.quality for name, found in self.baselines.items()},
            intervals={name: found.intervals for name, found in self.baselines.items()},
        )
        make_room(self.folder)
        if parts.test is not None:
            beside.keep(self.baselines, self.folder)
        self.file.write(self.folder)

    def _finished(self, epoch: Epoch, trainer: Trainer) -> EpochFigures | None:
        """What the first rank measured and saved."""
        if not self.ranks.first:
            return None
        began = time.perf_counter()
        figures = self._saved(epoch, trainer)
        self.measuring = time.perf_counter() - began
        return figures

    def _saved(self, epoch: Epoch, trainer: Trainer) -> EpochFigures:
        """Measured and saved; the state comes last, see above."""
        model, figures = trainer.model, self._measured(epoch, trainer.model)
        file = self.file.then(figures)
        model.about = about(file, self.parts, self.training)
        path = self.folder / checkpoint_of(epoch.epoch)
        path.parent.mkdir(exist_ok=True)
        save(model, path)
        if epoch.epoch == 1:
            save_clicks(self.parts.train, self.folder / CLICKS)
        if file.kept == epoch.epoch:
            save(model, self.folder / MODEL)
        file.write(self.folder)
        trainer.state().save(self.folder / STATE)
        self.file = file
        if not self.keep_epochs:  # the last one alone, to go on from
            (self.folder / checkpoint_of(epoch.epoch - 1)).unlink(missing_ok=True)
        return figures

    def _measured(self, epoch: Epoch, model: GRU4Rec) -> EpochFigures:
        began = time.perf_counter()
        found = None if self.parts.test is None else OnTest.of(ModelScorer(model), self.parts.test)
        seen = gates(model, self.parts.train)
        return EpochFigures(
            **vars(epoch),
            quality=None if found is None else found.quality,
            update_gate=seen.update,
            saturated=seen.saturated,
            checkpoint=checkpoint_of(epoch.epoch) if self.keep_epochs else "",
            measuring_seconds=time.perf_counter() - began,
            intervals=None if found is None else found.intervals,
            margins={} if found is None else found.margins(self.baselines),
        )


def checkpoint_bytes(model: ModelConfig, n_items: int) -> int:
    """Bytes of all numbers of such a model; the titles in its file come on top."""
    return FLOAT_BYTES * sum(math.prod(shape) for shape in expected_shapes(model, n_items).values())


def stopped(run: RunFile, patience: int) -> bool:
    """Have the last `patience` epochs brought nothing better? Never for 0."""
    return 0 < patience <= len(run.epochs) - run.kept
