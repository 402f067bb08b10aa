"""Does a bar appear only where reading takes long, and is nothing of it left?

Oracle: a clock and a page that are told what to say; the words written out by hand.
"""

from __future__ import annotations

import pytest

from gru_viz.data.reading.progress import READING, SORTING, UNPACKING, ReadSoFar
from gru_viz.explain.words import NBSP
from gru_viz.ui import reading_bar as module
from gru_viz.ui.reading_bar import SOON, reading_bar, reading_words
from gru_viz.ui.text import WORD_JOINER


class Page:
    """Stands in for Streamlit and for the clock; remembers what was drawn and when."""

    def __init__(self) -> None:
        self.now, self.drawn = 100.0, []

    def monotonic(self):
        return self.now

    def empty(self):
        self.drawn.append("place" if "place" not in self.drawn else "empty")
        return self

    def progress(self, share, text):
        self.drawn.append((share, text.replace(WORD_JOINER, "").replace(NBSP, " ")))


@pytest.fixture
def page(monkeypatch) -> Page:
    made = Page()
    monkeypatch.setattr(module, "st", made)
    monkeypatch.setattr(module, "time", made)
    return made


def test_a_small_file_shows_nothing(page):
    with reading_bar("small.csv") as progress:
        page.now += SOON - 0.01
        progress(ReadSoFar(READING, 5, 10, 100))
    assert page.drawn == []


def test_a_large_one_shows_how_far_it_is_and_then_nothing(page):
    with reading_bar("large") as progress:
        for done in range(1, 9):
            page.now += 0.2
            progress(ReadSoFar(READING, done, 8, 1000 * done))
            progress(ReadSoFar(READING, done, 8, 9999))  # too soon to be drawn again
    # .2 and .4 seconds are too soon for a bar
    shares = [share for share, _ in page.drawn[1:-1]]
    assert shares == [done / 8 for done in range(3, 9)]
    assert page.drawn[1][1] == r"Reading large\: 38 %, 3,000 rows"
    assert (page.drawn[0], page.drawn[-1]) == ("place", "empty")


def test_it_is_gone_after_a_fault_too(page):
    def fails() -> None:
        with reading_bar("bad") as progress:
            page.now += 1
            progress(ReadSoFar(READING, 1, 2, 1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert page.drawn[-1] == "empty"


@pytest.mark.parametrize(
    ("so_far", "words"),
    [
        (ReadSoFar(UNPACKING, 1, 4, 0), "Unpacking a.gz: 25 %"),
        (ReadSoFar(READING, 0, 0, 0), "Reading a.gz: 0 %"),
        (ReadSoFar(SORTING, 3, 3, 1_234_567), "Sorting a.gz: 100 %, 1,234,567 rows"),
    ],
)
def test_the_words(so_far, words):
    assert reading_words("a.gz", so_far).replace(NBSP, " ") == words
