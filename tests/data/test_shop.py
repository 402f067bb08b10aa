"""Oracles: the files in sample_data, the process' own simulation, and counting by hand."""

from __future__ import annotations

import gzip
import json
import zlib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from gru_viz.data import shop
from gru_viz.data.shop import intents, oracle
from gru_viz.data.shop.items import MOUNTS, departments, products, where
from gru_viz.data.shop.sessions import LONGEST, SEED, simulate
from gru_viz.errors import InputError
from gru_viz.sessions import ClickLog, Session

SAMPLE_DATA = Path(__file__).parents[2] / "sample_data"
FILES = ("items.csv", "sessions.csv.gz", "scenarios.json")


@pytest.fixture(scope="module")
def log() -> ClickLog:
    return shop.sessions()


@pytest.fixture(scope="module")
def test_log(log: ClickLog) -> ClickLog:
    """The last tenth of the sessions."""
    return log.select(np.arange(len(log) * 9 // 10, len(log)))


@pytest.fixture(scope="module")
def detours(log: ClickLog) -> list[shop.Detour]:
    return [detour for detour in map(shop.detour_of, log) if detour]


@pytest.fixture(scope="module")
def scenarios() -> tuple[shop.Scenario, ...]:
    return shop.scenarios(SAMPLE_DATA)


# What it sells


def test_catalogue_is_240_distinct_short_titles_in_twelve_departments() -> None:
    catalog = shop.catalog()
    assert len(catalog) == 240
    assert len(set(catalog.titles)) == 240
    assert max(map(len, catalog.titles)) <= 28
    assert len(departments()) == 12
    assert all(product.price > 0 for product in products())


def test_every_mount_has_two_bodies_and_three_lenses_named_after_it() -> None:
    assert len(MOUNTS) == 8
    for mount in MOUNTS:
        bodies, lenses = where("body", mount), where("lens", mount)
        assert (len(bodies), len(lenses)) == (2, 3)
        assert all(shop.catalog().titles[i].startswith(mount) for i in (*bodies, *lenses))
        assert {shop.mount_of(i) for i in (*bodies, *lenses)} == {mount}
    assert len(shop.lens_indices()) == 24
    assert shop.mount_of(shop.catalog().index("tripod")) is None


# The files


def test_files_are_rewritten_byte_for_byte(tmp_path: Path) -> None:
    shop.write(tmp_path / "new")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(FILES)
    for name in FILES:
        new, kept = (tmp_path / "new" / name).read_bytes(), (SAMPLE_DATA / name).read_bytes()
        if name.endswith(".gz"):
            assert gzip.decompress(new) == gzip.decompress(kept)
            if "ng" in zlib.ZLIB_RUNTIME_VERSION:  # packs the same content into other bytes
                continue
        assert new == kept, f"sample_data/{name} is not what shop.write writes"


def test_sessions_file_is_the_generated_log(log: ClickLog) -> None:
    lines = gzip.decompress((SAMPLE_DATA / "sessions.csv.gz").read_bytes()).decode().splitlines()
    assert lines[0] == "SessionId,ItemId,Time"
    assert len(lines) == log.n_clicks + 1
    session, item, time = lines[-1].split(",")
    assert (session, item) == (log.session_ids[-1], log.catalog.ids[log.items[-1]])
    assert log.times is not None
    assert int(time) == log.times[-1]


def test_gzip_header_carries_no_time_and_no_name() -> None:
    header = (SAMPLE_DATA / "sessions.csv.gz").read_bytes()[:10]
    assert header[3] == 0
    assert header[4:8] == b"\0\0\0\0"


# The sessions


def test_sessions_are_in_order_of_time_and_2_to_30_clicks_long(log: ClickLog) -> None:
    assert len(log) == 20_000
    assert len(set(log.session_ids)) == 20_000
    assert (log.lengths.min(), log.lengths.max()) == (2, LONGEST)
    assert 8 <= log.lengths.mean() <= 11
    assert log.times is not None
    assert (np.diff(log.times[log.offsets[:-1]]) > 0).all()
    within = np.setdiff1d(np.arange(1, log.n_clicks), log.offsets)
    assert (np.diff(log.times)[within - 1] >= 3).all()
    assert log.times.max() - log.times.min() < 29 * 86_400


def test_every_item_is_clicked_often_enough_to_be_learned(log: ClickLog) -> None:
    training = log.items[: log.offsets[len(log) * 9 // 10]]
    assert np.bincount(training, minlength=240).min() >= 80


def test_detours_are_frequent_and_of_all_lengths(log: ClickLog, detours: list[shop.Detour]) -> None:
    assert 0.35 <= len(detours) / len(log) <= 0.40
    lengths = Counter(detour.length for detour in detours)
    assert 0.25 <= lengths[0] / len(detours) <= 0.35
    for length in range(1, 21):
        assert lengths[length] / len(detours) >= 0.025, length
    assert {detour.mount for detour in detours} == set(MOUNTS)


def test_nearly_every_detour_ends_at_a_lens_that_fits(log: ClickLog) -> None:
    pairs = [(shop.detour_of(session), session) for session in log]
    fits = [d.mount == shop.mount_of(session.items[d.lens_step]) for d, session in pairs if d]
    assert np.mean(fits) >= 0.94


# What a session's items say


@pytest.mark.parametrize(
    ("items", "wanted"),
    [
        (("borel-b1", "borel-35"), ("Borel", 0, 0, 1)),
        (("daypack", "sarno-s10", "clay-pot", "tripod", "sarno-55", "strap"), ("Sarno", 2, 1, 4)),
        (("tavik-t-5", "tavik-t-9", "lens-cloth", "elvan-50", "tavik-33"), ("Tavik", 1, 1, 3)),
        (("borel-35", "borel-b1"), None),
        (("borel-b1", "clay-pot"), None),
        (("clay-pot",), None),
    ],
)
def test_detour_of(items: tuple[str, ...], wanted: tuple[str, int, int, int] | None) -> None:
    detour = shop.detour_of(Session(np.array(shop.catalog().indices(items))))
    assert detour == (shop.Detour(*wanted) if wanted else None)


# The process


def test_process_is_small_and_has_no_ties() -> None:
    process = shop.process().process
    assert process.n_states <= 800
    for row in process.emission:
        assert (np.diff(np.sort(row[row > 0])) > 1e-9).all()


def test_predictions_are_distributions_for_any_clicks() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        items = rng.integers(0, 240, size=30)
        probabilities = shop.process().predict(items)
        assert probabilities.shape == (30, 240)
        np.testing.assert_allclose(probabilities.sum(1), 1, atol=1e-9)
        np.testing.assert_allclose(sum(shop.process().intents(items).values()), 1, atol=1e-9)


def test_a_click_repeated_at_once_tells_nothing_new() -> None:
    items = np.array(shop.catalog().indices(["borel-b1", "borel-b1", "tripod"]))
    probabilities = shop.process().predict(items)
    np.testing.assert_array_equal(probabilities[0], probabilities[1])
    np.testing.assert_array_equal(probabilities[[0, 2]], shop.process().predict(items[1:]))


@pytest.mark.parametrize("prefix", [("borel-b1",), ("kids-card",), ("hp-ovanti", "hp-rillo") * 2])
def test_predictions_agree_with_the_simulated_sessions(log: ClickLog, prefix: tuple[str, ...]) -> None:
    """Next items after a prefix at the start of a session, within 5 standard errors."""
    start = np.array(shop.catalog().indices(prefix))
    T = len(start)
    following = [s.items[T] for s in log if len(s) > T and (s.items[:T] == start).all()]
    assert len(following) >= 50
    seen = np.bincount(following, minlength=240) / len(following)
    p = shop.process().predict(start)[-1]
    assert (np.abs(seen - p) <= 5 * np.sqrt(p * (1 - p) / len(following)) + 1 / len(following)).all()


def test_predictions_are_calibrated_on_the_log(test_log: ClickLog) -> None:
    """Of the clicks given probability p, a share p comes true; bins of p, within 5 standard errors."""
    blocks = list(shop.process().process.predictions(test_log))
    p = np.concatenate([block.ravel() for block, _ in blocks])
    came = np.concatenate([(np.arange(240) == test_log.items[at][:, None]).ravel() for _, at in blocks])
    bins = np.digitize(p, [1e-4, 1e-3, 0.01, 0.03, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95])
    for b in np.unique(bins):
        mine = bins == b
        spread = np.sqrt((p[mine] * (1 - p[mine])).sum())
        assert abs(came[mine].sum() - p[mine].sum()) <= 5 * spread + 1


def test_limit_counts_conservative_ranks_by_hand(test_log: ClickLog) -> None:
    few = test_log.select(np.arange(25))
    ranks = []
    for session in few:
        for t, row in enumerate(shop.process().predict(session)[:-1]):
            following = session.items[t + 1]
            ranks.append(1 + sum(row[i] >= row[following] for i in range(240) if i != following))
    limit = shop.process().limit(few)
    assert limit.predictions == len(ranks) == few.n_clicks - len(few)
    for k in (10, 20):
        assert limit.recall[k] == pytest.approx(np.mean([r <= k for r in ranks]))
        assert limit.mrr[k] == pytest.approx(np.mean([(r <= k) / r for r in ranks]))


def test_a_tie_counts_against_the_rank() -> None:
    rows = np.array([[0.5, 0.25, 0.25, 0.0], [0.5, 0.25, 0.25, 0.0]])
    assert oracle._conservative_ranks(rows, np.array([0, 1])).tolist() == [1, 3]


def test_limit_is_high_and_memory_is_needed(test_log: ClickLog) -> None:
    """A first-order Markov chain, even one that knows the whole log, stays well below the limit."""
    counts = np.zeros((240, 240))
    for session in shop.sessions():
        np.add.at(counts, (session.items[:-1], session.items[1:]), 1)
    ranks = [
        oracle._conservative_ranks(counts[session.items[:-1]], session.items[1:]) for session in test_log
    ]
    limit = shop.process().limit(test_log)
    assert limit.recall[10] > 0.85
    assert np.mean(np.concatenate(ranks) <= 10) < 0.93 * limit.recall[10]


def test_the_cue_brings_back_the_right_lens_after_every_detour(test_log: ClickLog) -> None:
    lenses = shop.lens_indices()
    for session in test_log:
        detour = shop.detour_of(session)
        if detour and detour.length:
            best = lenses[np.argmax(shop.process().predict(session)[detour.lens_step - 1][lenses])]
            stray = shop.process().intents(session)["detour"][detour.lens_step] < 0.5
            assert shop.mount_of(best) == detour.mount or stray


def test_simulation_has_no_repeats_and_is_seeded() -> None:
    first, second = (simulate(200, np.random.default_rng(SEED)) for _ in range(2))
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)
        assert (np.diff(a) != 0).all()


def test_shares_of_intents_sum_to_one() -> None:
    assert sum(intents.SHARES.values()) == pytest.approx(1)


# The scenarios


def test_scenarios_are_known_items_with_distinct_keys(scenarios: tuple[shop.Scenario, ...]) -> None:
    assert [s.key for s in scenarios][:3] == ["detour", "detour-twin", "long-detour"]
    assert len({s.key for s in scenarios}) == len(scenarios) == 8
    for scenario in scenarios:
        assert 2 <= len(shop.catalog().indices(scenario.items)) <= LONGEST
        assert scenario.name
        assert scenario.story.endswith(".")
        assert scenario.watch.endswith(".")


def test_scenarios_are_what_they_say(scenarios: tuple[shop.Scenario, ...]) -> None:
    """The process recognises each story's intent by its last click, and none as a stray click."""
    for scenario in scenarios:
        items = shop.catalog().indices(scenario.items)
        beliefs = shop.process().intents(items)
        intent = "detour" if "detour" in scenario.key else scenario.key
        assert beliefs[intent][-1] > 0.9, scenario.key
        assert beliefs["stray"].max() < 0.05, scenario.key


def test_scenario_detours_have_the_length_told(scenarios: tuple[shop.Scenario, ...]) -> None:
    found = {s.key: shop.detour_of(shop.catalog().indices(s.items)) for s in scenarios}
    assert found["detour"] == shop.Detour("Halden", 6, 0, 7)
    assert found["detour-twin"] == shop.Detour("Sarno", 6, 0, 7)
    assert found["long-detour"] == shop.Detour("Corvin", 18, 0, 19)


@pytest.mark.parametrize("content", ["", "{}", "[1]", '[{"key": "a"}]', json.dumps({"a": {}})])
def test_a_broken_scenarios_file_is_refused_in_one_line(tmp_path: Path, content: str) -> None:
    (tmp_path / "scenarios.json").write_text(content)
    if content == "{}":
        assert shop.scenarios(tmp_path) == ()
        return
    with pytest.raises(InputError, match="not a list of scenarios") as caught:
        shop.scenarios(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_missing_scenarios_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        shop.scenarios(tmp_path)
