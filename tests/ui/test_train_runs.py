"""What is each training called where one of several is chosen?

Oracle: the labels written out by hand; 1700000000 is 14 November 2023, 22:13:20 UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from gru_viz.ui.train.runs import run_labels
from tests.ui.training import epoch, job

AT = 1_700_000_000.0
NOW = datetime.fromtimestamp(AT + 60, UTC)


def labels(*runs, now=NOW):
    return list(run_labels(runs, now).values())


def test_two_of_one_log_differ_by_the_time_of_day():
    one, other = (job("cancelled", id=str(n), name="log2.tsv", started=AT - 600 * n) for n in (0, 1))
    assert labels(one, other) == ["log2.tsv · 22:13 · cancelled", "log2.tsv · 22:03 · cancelled"]


def test_two_that_began_in_one_minute_differ_to_the_second():
    one, other = (job("cancelled", id=str(n), name="log2.tsv", started=AT - 5 * n) for n in (0, 1))
    far = job("cancelled", id="far", name="log2.tsv", started=AT - 600)
    assert labels(one, other, far) == [
        "log2.tsv · 22:13:20 · cancelled",
        "log2.tsv · 22:13:15 · cancelled",
        "log2.tsv · 22:03 · cancelled",
    ]


def test_another_day_is_said_and_the_persons_clock_counts():
    run = job("finished", name="log2.tsv", started=AT, epochs=(epoch(1), epoch(2)))
    assert labels(run, now=NOW + timedelta(days=2)) == ["log2.tsv · 14 Nov 22:13 · trained, 2 epochs"]
    tokyo = datetime.fromtimestamp(AT + 60, timezone(timedelta(hours=9)))
    assert labels(run, now=tokyo) == ["log2.tsv · 07:13 · trained, 2 epochs"]


def test_a_running_one_keeps_its_label_from_epoch_to_epoch():
    early, late = (job("running", epochs=tuple(map(epoch, range(1, n)))) for n in (2, 5))
    assert labels(early) == labels(late)


@given(st.lists(st.integers(0, 14 * 86_400), min_size=1, max_size=5, unique=True))
def test_no_two_are_alike(seconds):
    """Within the fortnight that they are kept."""
    runs = [job("cancelled", id=str(n), started=AT - ago) for n, ago in enumerate(seconds)]
    assert len(set(labels(*runs))) == len(runs)
