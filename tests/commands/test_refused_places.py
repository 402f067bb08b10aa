"""Does no command overwrite what it reads, or take two answers to one question?

Oracle: the bytes that were there before; the limits that the reader of a result file has.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gru_viz.commands import logs
from gru_viz.compare import names
from gru_viz.compare.document import read_comparison
from gru_viz.compare.names import LEAST_SHARE, MOST_SHARE, MOST_SHARES
from gru_viz.errors import InputError
from tests.cli import Output, ran, refused
from tests.logs import random_log, write_csv

QUICK = ("--models", "popularity,markov")


@pytest.fixture(scope="module")
def clicks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_csv(random_log(40, n_items=30), tmp_path_factory.mktemp("log") / "clicks.csv")


@pytest.fixture
def own(clicks: Path, tmp_path: Path) -> Path:
    """A copy that a test may lose."""
    path = tmp_path / "clicks.csv"
    path.write_bytes(clicks.read_bytes())
    return path


# --- --out of compare


@pytest.mark.parametrize("role", ["log", "test", "items"])
@pytest.mark.parametrize("way", ["itself", "a link to it", "by another path", "hard"])
def test_what_is_read_is_never_written(output: Output, clicks: Path, own: Path, role: str, way: str) -> None:
    before, out = own.read_bytes(), own
    if way == "a link to it":
        out = own.with_name("out.json")
        out.symlink_to(own)
    elif way == "hard":
        out = own.with_name("out.json")
        out.hardlink_to(own)
    elif way == "by another path":
        out = own.parent / ".." / own.parent.name / own.name
    log = own if role == "log" else clicks
    more: list[str | Path] = [] if role == "log" else [f"--{role}", own]
    said = refused(output, "compare", log, *more, *QUICK, "--out", out)
    assert "that is read here" in said
    assert "another --out" in said
    assert own.read_bytes() == before


def test_a_device_is_no_place_for_a_result(output: Output, clicks: Path, tmp_path: Path) -> None:
    said = refused(output, "compare", clicks, *QUICK, "--out", "/dev/null")
    assert "a device or a pipe" in said
    assert Path("/dev/null").is_char_device()
    (tmp_path / "link").symlink_to(tmp_path / "nothing yet")
    assert "is a link" in refused(output, "compare", clicks, *QUICK, "--out", tmp_path / "link")
    assert "--json" in refused(output, "compare", clicks, *QUICK, "--out", "/dev/stdout")


def test_an_old_result_is_replaced(output: Output, clicks: Path, tmp_path: Path) -> None:
    (tmp_path / "models.json").write_text("old")
    assert ran(output, "compare", clicks, *QUICK, "--out", tmp_path / "models.json")[0] == 0
    assert read_comparison((tmp_path / "models.json").read_bytes()).complete


# --- --shares


@pytest.mark.parametrize("text", ["1e-9", "0.9999999", "nan", "0", "1.5", "-1", "inf", "1e-9,1"])
def test_shares_that_no_reader_takes_are_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"--shares takes numbers from 1e-06 to 0\.999999, and 1"):
        names.shares(text)


def test_too_many_shares_are_refused() -> None:
    most = [f"{number / 100}" for number in range(1, MOST_SHARES + 1)]
    assert len(names.shares(",".join([*most, "1"]))) == MOST_SHARES + 1
    with pytest.raises(InputError, match=f"at most {MOST_SHARES} beside 1, not {MOST_SHARES + 1}"):
        names.shares(",".join([*most, "0.5"]))


def test_the_least_and_the_most_share_are_read_again(output: Output, clicks: Path, tmp_path: Path) -> None:
    """Oracle: the reader of the result."""
    out = tmp_path / "models.json"
    shares = f"{LEAST_SHARE!r},{MOST_SHARE!r}"
    code, _, err = ran(output, "compare", clicks, *QUICK, "--shares", shares, "--out", out)
    if code == 0:  # so small a share may leave nothing to learn from, which is said
        assert [part.share for part in read_comparison(out.read_bytes()).rounds] == [
            1,
            MOST_SHARE,
            LEAST_SHARE,
        ]
    else:
        assert "session" in err


# --- the same clicks twice


@pytest.mark.parametrize("command", ["compare", "train"])
def test_a_test_of_what_was_learned_is_said(
    output: Output, clicks: Path, own: Path, tmp_path: Path, command: str
) -> None:
    """Other names and another path: the content decides."""
    more = QUICK if command == "compare" else ("--out", tmp_path / "run", "--epochs", "1", "--units", "4")
    code, _, err = ran(output, command, clicks, "--test", own, *more)
    assert code == 0
    assert [line for line in err.splitlines() if line == logs.SAME_CLICKS] == [logs.SAME_CLICKS]


def test_other_clicks_are_not(output: Output, clicks: Path, tmp_path: Path) -> None:
    other = write_csv(random_log(40, n_items=30, seed=1), tmp_path / "other.csv")
    code, _, err = ran(output, "compare", clicks, "--test", other, *QUICK)
    assert code == 0
    assert logs.SAME_CLICKS not in err


# --- two answers to one question, and numbers beyond reason


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--column", "item=ItemId", "--column", "item=SessionId"], "two columns for item"),
        (["--one-hot", "--embedding", "3"], "--one-hot takes no --embedding"),
        (["--activation", "relu"], "--feed-forward"),
        (["--threads", "10000000000"], "--threads must be from 1 to 1,024"),
        (["--threads", "0"], "--threads must be from 1 to 1,024"),
        (["--negatives", "10000000000000", "--loss", "bpr"], "negatives must be from 0 to 100,000"),
        (["--batch", "1" + "0" * 25], "batch must be from 1 to 1,000,000"),
        (["--epochs", "1" + "0" * 25], "epochs must be from 1 to 1,000,000"),
        (["--layers", "1000000"], "at most 100 recurrent"),
        (["--layers", "1000000000000"], "at most 100 recurrent"),
        (
            ["--mode", "parallel", "--batch", "1", "--in-batch", "--negatives", "0", "--loss", "top1"],
            "nothing is",
        ),
    ],
)
def test_refused_before_anything_is_learned(
    output: Output, clicks: Path, tmp_path: Path, options: list[str], words: str
) -> None:
    code, out, err = ran(output, "train", clicks, "--out", tmp_path / "run", *options)
    assert (code, out) == (2, "")
    assert words in err.splitlines()[-1]
    assert not (tmp_path / "run").exists()


def test_an_activation_after_a_feed_forward_layer(output: Output, clicks: Path, tmp_path: Path) -> None:
    options = ["--epochs", "1", "--units", "4", "--feed-forward", "3"]
    for more, activation in ([], "tanh"), (["--activation", "relu"], "relu"):
        run = tmp_path / activation
        assert ran(output, "train", clicks, "--out", run, *options, *more)[0] == 0
        assert json.loads((run / "run.json").read_text())["asked"]["model"]["activation"] == activation
