"""Oracle: sums by hand."""

from __future__ import annotations

from dataclasses import replace

from gru_viz.explain.words import NBSP
from gru_viz.learn.estimate import Estimate
from gru_viz.ui.train.estimate import busy_of, estimate_words, for_epochs, free_memory, size, time_words

ONE = Estimate(10.0, 1_500_000_000, 4.0)


def test_several_epochs_take_so_much_longer():
    assert for_epochs(ONE, 1) == ONE
    assert for_epochs(ONE, 6) == Estimate(30.0, 1_500_000_000, 4.0)


def test_words():
    assert estimate_words(None, 0, None) == "How long it takes is being tried …"
    assert time_words(None) == "…"
    assert time_words(ONE).replace(NBSP, " ") == "about 10 s"
    usual = estimate_words(ONE, 0, 2 * 10**9).replace(NBSP, " ")
    assert usual == "About 10 s and 1.5 GB of memory on this machine."
    assert estimate_words(ONE, 3, None).startswith("At most 10")
    assert "It has only 1.0 GB left" in estimate_words(ONE, 0, 10**9).replace(NBSP, " ")
    assert size(1).replace(NBSP, " ") == "0.1 GB"


def test_a_busy_machine_has_a_range_from_what_it_takes_alone_to_what_it_takes_now():
    def told(busy: float, seconds: float = 10.0) -> str:
        return time_words(replace(ONE, seconds=seconds, busy=busy)).replace(NBSP, " ")

    assert told(1.2) == "about 10 s"
    assert told(2.0) == "10 to 20 s"
    assert told(30.0) == "10 s to 5 min"
    assert told(1.3, 7200.0) == "2.0 to 2.6 h"
    assert told(1.26, 300.0) == "5 to 6 min"
    usual = estimate_words(replace(ONE, busy=2.0), 0, None).replace(NBSP, " ")
    assert usual == "10 to 20 s and 1.5 GB of memory on this machine, the longer the busier it stays."
    patient = estimate_words(replace(ONE, busy=2.0), 3, None).replace(NBSP, " ")
    assert patient.startswith("At most 10 to 20 s and")


def test_one_pace_of_the_machine_for_all_settings():
    assert busy_of([replace(ONE, busy=4.0), "too large", replace(ONE, busy=1.0), replace(ONE, busy=2.0)]) == 2


def test_free_memory_is_a_number_where_it_is_known():
    free = free_memory()
    assert free is None or free > 0
