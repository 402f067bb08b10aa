"""Ranks that are threads of this process: they talk as real ones do, and share no gradients."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

from gru_viz.learn.distributed import Ranks

PATIENCE = 60.0  # seconds, for a rank that never comes


class LeftAloneError(Exception):
    """A rank spoke where another had already ended."""


class Meeting:
    """Where all threads wait for each other, round after round, each with what it says."""

    def __init__(self, world: int) -> None:
        self.world = world
        self.changed = threading.Condition()
        self.rounds: list[dict[int, Any]] = []
        self.spoken = [0] * world
        self.left: set[int] = set()

    def everyones(self, rank: int, words: Any) -> list[Any]:
        with self.changed:
            if self.spoken[rank] == len(self.rounds):
                self.rounds.append({})
            heard = self.rounds[self.spoken[rank]]
            self.spoken[rank] += 1
            heard[rank] = words
            self.changed.notify_all()
            self.changed.wait_for(lambda: len(heard) == self.world or self.left - heard.keys(), PATIENCE)
            if len(heard) < self.world:
                raise LeftAloneError(f"rank {rank} waits for what others never say")
            return [heard[one] for one in range(self.world)]

    def leave(self, rank: int) -> None:
        with self.changed:
            self.left.add(rank)
            self.changed.notify_all()


@dataclass(frozen=True)
class ThreadRanks(Ranks):
    """A rank whose words really go to the others, and whose gradients stay its own."""

    meeting: Meeting = field(default_factory=lambda: Meeting(1))

    def told(self, words: Mapping[str, str]) -> list[dict[str, str]]:
        return self.meeting.everyones(self.rank, dict(words))

    def agreed(self, decision: bool) -> bool:
        return bool(self.meeting.everyones(self.rank, decision)[0])

    def wait(self) -> None:
        self.meeting.everyones(self.rank, None)

    def wrapped(self, objective: nn.Module) -> nn.Module:
        return objective

    def total(self, part: Tensor) -> float:
        return float(part)


def in_ranks(work: Callable[[Ranks], Any], world: int = 2) -> list[Any]:
    """What each rank gives, or the exception that it ended with."""
    meeting = Meeting(world)
    given: list[Any] = [None] * world

    def one(rank: int) -> None:
        try:
            given[rank] = work(ThreadRanks(rank, world, meeting=meeting))
        except Exception as error:
            given[rank] = error
        meeting.leave(rank)

    threads = [threading.Thread(target=one, args=(rank,), daemon=True) for rank in range(world)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given
