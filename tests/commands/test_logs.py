"""Does a person see how far the reading of a log is? Oracle: the bytes on a made-up terminal."""

from __future__ import annotations

import argparse
import io
import sys

import pytest

from gru_viz.commands import logs
from gru_viz.errors import InputError


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def watched(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Not a fixture: pytest puts its own stderr in place after those."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    return stream


def read(path: object, text: str) -> None:
    path.write_text(text)  # type: ignore[attr-defined]
    logs.read(str(path), argparse.Namespace(column=[], strict=False))


def test_the_bar_is_drawn_and_goes_before_the_report(tmp_path, monkeypatch):
    terminal = watched(monkeypatch)
    read(tmp_path / "log.csv", "session,item\ns,a\ns,b\n")
    shown, _, report = terminal.getvalue().rpartition("\r\x1b[K")
    assert "reading ████████████████████████ 100/100" in shown
    assert report.startswith("log.csv: comma-separated text")


def test_an_error_stands_on_a_line_of_its_own(tmp_path, monkeypatch):
    terminal = watched(monkeypatch)
    with pytest.raises(InputError, match="empty item id"):
        read(tmp_path / "log.csv", "session,item\ns,a\ns,\n")
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_no_bar_where_nobody_watches(tmp_path, capsys):
    read(tmp_path / "log.csv", "session,item\ns,a\ns,b\n")
    assert "█" not in capsys.readouterr().err
