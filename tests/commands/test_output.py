"""The small parts: the progress bar, words and columns."""

from __future__ import annotations

from typing import Any

import pytest

from gru_viz.commands import following, progress, training_run
from gru_viz.commands.output import line, printable, seconds, share, table
from gru_viz.commands.progress import Bar


class Terminal:
    """A stream that remembers, and says it is a terminal."""

    def __init__(self, terminal: bool) -> None:
        self.terminal, self.text = terminal, ""

    def isatty(self) -> bool:
        return self.terminal

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        pass


def test_the_bar_shows_pace_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "REFRESH", 0)
    screen = Terminal(True)
    bar = Bar(screen)  # type: ignore[arg-type]
    bar.update("epoch 2", 6, 24, 21_340.4, 125.2)
    assert "epoch 2" in screen.text
    assert "6/24  21,340 events/s  2 min 05 s left" in screen.text
    assert screen.text.count("█") == 6
    bar.clear()
    assert screen.text.endswith("\r\x1b[K")


def test_the_bar_is_quiet_where_nobody_watches() -> None:
    stream = Terminal(False)
    bar = Bar(stream)  # type: ignore[arg-type]
    bar.update("epoch 1", 1, 2, 1.0, 1.0)
    bar.clear()
    assert stream.text == ""


def test_following_clears_the_bar_also_when_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal(True)
    monkeypatch.setattr(following, "Bar", lambda: Bar(screen))  # type: ignore[arg-type]

    def broken() -> Any:
        raise KeyboardInterrupt
        yield

    with pytest.raises(KeyboardInterrupt):
        list(following.follow(broken()))
    assert screen.text.endswith("\r\x1b[K")


def test_words_and_columns() -> None:
    assert [seconds(s) for s in (0.2, 59, 65, 3720)] == ["0 s", "59 s", "1 min 05 s", "1 h 02 min"]
    assert [share(v) for v in (0.66512, 1.0)] == [".6651", "1.0000"]
    assert table(("a", "b"), [("xx", 1)]) == "a   b\nxx  1"
    assert line(["a", "b"], [3, 3]) == "a      b"
    assert printable("a\x1b[31mb\n") == "a\ufffd[31mb\ufffd"
    assert len(training_run.WIDTHS) == len(training_run.HEADER) + 1
