"""`cells` trains and measures the model that reads both ways; what ships was made by the same code.

Oracles: every click hidden and ranked one by one; resampling written out; the files themselves.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import gru_viz
from gru_viz.baselines import both_ways as learned
from gru_viz.both_ways import BothWaysConfig, record_gaps
from gru_viz.both_ways_file import load_both_ways
from gru_viz.checkpoint import content_hash, save
from gru_viz.commands.both_ways import both_ways
from gru_viz.commands.gap_measures import gap_ranked, gap_study
from gru_viz.data import shop
from gru_viz.errors import InputError
from gru_viz.explain.cell_study import fingerprint
from gru_viz.explain.gap_study import FILE, MODEL_FILE, PLACES, WAYS, GapStudy, read
from gru_viz.learn.split import Split

SAMPLE = Path(__file__).parents[2] / "sample_data"


@pytest.fixture(scope="module")
def split() -> Split:
    log = shop.sessions()
    return Split(log.select(np.arange(300)), log.select(np.arange(19_000, 19_060)), 0, 0)


def test_it_trains_measures_and_can_measure_again(
    split: Split, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(gru_viz.load(SAMPLE), tmp_path / "model.safetensors")
    monkeypatch.setattr(learned, "FITTING", learned.Fitting(1, 64, 0.01, 1.0))
    file, document, lines = both_ways(tmp_path, split, train=True)
    assert file == FILE
    model, study = load_both_ways(tmp_path / MODEL_FILE), GapStudy.from_dict(document)
    assert model.about["training"]["sessions"] == 300
    assert model.about["training"]["settings"]["epochs"] == learned.FITTING.epochs
    assert model.config == BothWaysConfig()
    assert study.digests["both"] == content_hash(tmp_path / MODEL_FILE)
    assert lines[0].startswith("Inside a session the hidden item is among the first 10 in ")
    assert both_ways(tmp_path, split, train=False)[1] == document
    (tmp_path / MODEL_FILE).unlink()
    with pytest.raises(InputError, match=r"both_ways\.safetensors"):
        both_ways(tmp_path, split, train=False)


def test_the_study_is_counted(split: Split) -> None:
    """Oracle: every click of every session hidden by itself; live, the session cut before it."""
    gru, model = gru_viz.load(SAMPLE), load_both_ways(SAMPLE / MODEL_FILE)
    study = gap_study(gru, model, split.test, {"before": "", "both": ""})
    hits: dict[tuple[str, str], list[list[int]]] = {}
    for session in split.test:
        items = session.items
        gaps, alone = record_gaps(model, items.tolist()), gru_viz.record(gru, session)
        for click in range(1, len(items)):
            place = "last" if click == len(items) - 1 else "inside"
            live = record_gaps(model, [*items[:click].tolist(), 0]).scores[-1]
            rows = {"before": alone.scores[click - 1], "both": gaps.scores[click], "live": live}
            for way in WAYS[place]:
                rank = int((rows[way] >= rows[way][items[click]]).sum())
                hits.setdefault((place, way), []).append([rank <= 10, rank <= 1])
    for (place, way), found in hits.items():
        assert study.clicks[place] == len(found)
        shares = np.mean(found, axis=0)
        before = np.mean(hits[place, "before"], axis=0)
        for column, cutoff in enumerate((10, 1)):
            one = study.found[place, way, cutoff]
            assert one.share == pytest.approx(shares[column])
            assert one.interval[0] <= one.share <= one.interval[1]
            if way != "before":
                assert one.more == pytest.approx(shares[column] - before[column])
                assert one.more_interval is not None
                assert one.more_interval[0] <= one.more <= one.more_interval[1]
    assert study.sessions == 60


def test_ranks_do_not_depend_on_who_is_side_by_side(split: Split, monkeypatch: pytest.MonkeyPatch) -> None:
    from gru_viz.commands import gap_measures

    model = load_both_ways(SAMPLE / MODEL_FILE)
    whole = gap_ranked(model, split.test)
    monkeypatch.setattr(gap_measures, "SIDE_BY_SIDE", 7)
    np.testing.assert_array_equal(gap_ranked(model, split.test).ranks, whole.ranks)


# --- what ships


def test_the_figures_are_of_the_models_that_ship() -> None:
    study, file = read(SAMPLE / FILE), SAMPLE / MODEL_FILE
    assert file.stat().st_size < 400_000
    assert study.digests == {
        "before": fingerprint(gru_viz.load(SAMPLE).weights()),
        "both": content_hash(file),
    }
    assert load_both_ways(file).about["training"]["settings"] == vars(learned.FITTING)


def test_both_sides_find_more_and_live_it_finds_less() -> None:
    """What the page says of it, held to its intervals."""
    study = read(SAMPLE / FILE)
    for cutoff in (10, 1):
        more = study.found["inside", "both", cutoff].more_interval
        assert more is not None
        assert more[0] > 0.03
        less = study.found["inside", "live", cutoff].more_interval
        assert less is not None
        assert less[1] < 0
    assert set(study.clicks) == set(PLACES)
