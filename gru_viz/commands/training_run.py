"""What happens while `train` trains: measure, print a row, keep the best, epoch by epoch."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gru_viz.commands import logs
from gru_viz.commands.output import line, note, share

if TYPE_CHECKING:
    from gru_viz.learn.config import TrainingConfig
    from gru_viz.learn.evaluation import Quality
    from gru_viz.learn.trainer import Epoch
    from gru_viz.model import GRU4Rec, ModelConfig
    from gru_viz.sessions import ClickLog

BASELINES = {"markov": "Markov", "popularity": "popular"}
HEADER = ["epoch", "loss", "gradient", "Recall@20", *BASELINES.values(), "MRR@20", *BASELINES.values()]
WIDTHS = [7, 7, *map(len, HEADER[2:]), 9]


@dataclass(frozen=True, eq=False)
class Parts:
    """What is learned from, what it is measured on (if on anything), and in words."""

    train: ClickLog
    test: ClickLog | None
    name: str
    test_name: str
    keep_best: bool
    facts: dict[str, Any]


def read_parts(args: argparse.Namespace) -> Parts:
    from gru_viz.learn.split import seen_only, split_by_time

    name = Path(args.log).name
    log, report = logs.read(args.log, args)
    facts: dict[str, Any] = {"log": report.to_dict()}
    if args.test is not None:
        log = seen_only(log)
        test, test_report = logs.read(args.test, args, log.catalog)
        return Parts(
            log, test, name, Path(args.test).name, False, {**facts, "test_log": test_report.to_dict()}
        )
    if args.holdout == 0:
        return Parts(seen_only(log), None, name, "", False, facts)
    split = split_by_time(log, args.holdout)
    words = f"the last {args.holdout:.0%} of the sessions"
    if split.dropped_clicks:
        note(
            f"held out {len(split.test):,} sessions; dropped {split.dropped_clicks:,} clicks on items "
            f"unknown before, and {split.dropped_sessions:,} sessions left with one click"
        )
    dropped = {"clicks": split.dropped_clicks, "sessions": split.dropped_sessions}
    return Parts(split.train, split.test, name, words, True, {**facts, "dropped_from_holdout": dropped})


class TrainingRun:
    """One run of the command: trains, measures, prints a row, keeps the best; epoch by epoch."""

    def __init__(self, parts: Parts, model: ModelConfig, training: TrainingConfig, out: Path) -> None:
        from gru_viz.learn.start import new_model

        self.parts, self.config, self.out = parts, training, out
        self.model: GRU4Rec = new_model(parts.train, model, training.start, training.seed)
        self.baselines = logs.measured_baselines(parts.train, parts.test)
        self.epochs: list[dict[str, Any]] = []
        self.best: tuple[float, int] = (-1.0, 0)  # what decides, and its epoch
        self.kept_clicks = False
        self.seconds = 0.0

    def run(self, device: str) -> dict[str, Any]:
        from gru_viz.commands.following import follow
        from gru_viz.learn.trainer import train

        self.model.to(device)
        try:
            for epoch in follow(train(self.model, self.parts.train, self.config)):
                self._after(epoch)
        except KeyboardInterrupt:
            if self.best[1]:
                note(f"{self._path} holds epoch {self.best[1]}")
            raise
        kept = self.epochs[self.best[1] - 1]
        return {
            "model": str(self._path),
            "kept_epoch": self.best[1],
            **{key: kept[key] for key in ("recall@20", "mrr@20") if key in kept},
            **self._measuring(),
            "seconds": round(self.seconds, 1),
            "events_per_s": round(sum(e["events"] for e in self.epochs) / max(self.seconds, 1e-9)),
            "epochs": self.epochs,
            **self.parts.facts,
        }

    @property
    def _path(self) -> Path:
        from gru_viz.checkpoint import FILE_NAME

        return self.out / FILE_NAME

    def _measuring(self) -> dict[str, Any]:
        """What was predicted and how, beside the model's own figures."""
        if self.parts.test is None:
            return {}
        some = next(iter(self.baselines.values()))
        short = {name: quality.to_dict(20) for name, quality in self.baselines.items()}
        return {"predictions": some.predictions, "ranks": some.ranks, "baselines": short}

    def _after(self, epoch: Epoch) -> None:
        from gru_viz.learn.evaluation import ModelScorer, evaluate

        self.seconds += epoch.seconds
        quality = None if self.parts.test is None else evaluate(ModelScorer(self.model), self.parts.test)
        figures = {} if quality is None else quality.to_dict(10, 20)
        self.epochs.append(
            {
                "epoch": epoch.epoch,
                "loss": epoch.loss,
                "gradient_norm": epoch.gradient_norm,
                "events": epoch.events,
                "events_per_s": round(epoch.events_per_s),
                **figures,
            }
        )
        self._print(epoch, quality)
        # without a choice to make, the last epoch counts as the best so far
        value = quality.recall[20] if quality is not None and self.parts.keep_best else float(epoch.epoch)
        if value > self.best[0]:
            self.best = (value, epoch.epoch)
            self._save(quality)

    def _print(self, epoch: Epoch, quality: Quality | None) -> None:
        row = [f"{epoch.epoch}/{epoch.epochs}", f"{epoch.loss:.3f}", f"{epoch.gradient_norm:.2f}"]
        for figures in ("recall", "mrr"):
            columns = [quality, *(self.baselines.get(name) for name in BASELINES)]
            row += ["" if q is None else share(getattr(q, figures)[20]) for q in columns]
        if epoch.epoch == 1:
            note(line([*HEADER, "events/s"], WIDTHS))
        note(line([*row, f"{epoch.events_per_s:,.0f}"], WIDTHS))

    def _save(self, quality: Quality | None) -> None:
        from gru_viz.checkpoint import save
        from gru_viz.learn.clicks import FILE_NAME, save_clicks

        log = self.parts.train
        self.model.about = {
            "training": {
                "log": self.parts.name,
                "sessions": len(log),
                "clicks": log.n_clicks,
                "items": len(log.catalog),
                "epochs": len(self.epochs),
                "seconds": round(self.seconds),
                "settings": self.config.to_dict(),
            }
        }
        if quality is not None:
            self.model.about["quality"] = {
                "on": self.parts.test_name,
                **quality.to_dict(10, 20),
                "predictions": quality.predictions,
                "ranks": quality.ranks,
                "baselines": {name: q.to_dict(10, 20) for name, q in self.baselines.items()},
            }
        if not self.kept_clicks:
            save_clicks(log, self.out / FILE_NAME)
            self.kept_clicks = True
        save(self.model, self._path)
