"""What does a trial do on a device that is not the CPU? Run as a process of its own: prints JSON.

told:   [["learned" or "measured", where the model was], …]
waited: how much was told each time that the device's work was waited for
busy:   of the estimate
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import torch

from gru_viz.learn import estimate as estimate_module
from gru_viz.learn.estimate import estimate
from gru_viz.learn.evaluation import evaluate
from gru_viz.learn.parts import Parts
from gru_viz.learn.trainer import Trainer
from tests.learn.elsewhere import NAME, Elsewhere, set_up
from tests.learn.elsewhere_cases import MODEL, TRAINING
from tests.logs import memory_log


def main() -> None:
    torch.set_num_threads(1)
    set_up()
    told: list[tuple[str, str]] = []
    waited: list[int] = []
    real = Trainer._timed_update

    def learned(trainer: Trainer, *args: Any) -> Any:
        told.append(("learned", trainer.model.output_bias.device.type))
        return real(trainer, *args)

    def measured(scorer: Any, log: Any) -> Any:
        told.append(("measured", scorer.model.output_bias.device.type))
        return evaluate(scorer, log)

    log = memory_log(60)
    parts = Parts(log, log, "log", "test", True, {})
    with (
        Elsewhere(),
        patch.object(torch, "inference_mode", torch.no_grad),
        patch.object(Trainer, "_timed_update", learned),
        patch.object(estimate_module, "evaluate", measured),
        patch.object(torch.accelerator, "synchronize", lambda device: waited.append(len(told))),
    ):
        found = estimate(parts, MODEL, replace(TRAINING, loss="sampled"), device=NAME)
    json.dump({"told": told, "waited": waited, "busy": found.busy}, sys.stdout)


if __name__ == "__main__":
    main()
