"""Does each page name its trainings, and say what the other page's came to?

Oracles: the shipped studies and results, read here; the presets.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gru_viz.compare.document import read_comparison
from gru_viz.compare.experiments.values import Experiments
from gru_viz.explain import cell_studies, explosion
from gru_viz.explain.claims import claims
from gru_viz.explain.claims.elsewhere import (
    FROM_RANDOM,
    cells_training,
    clipping_on_models,
    gradients_on_models,
    on_cells,
)
from gru_viz.explain.claims.memory import CURE
from gru_viz.explain.claims.parts import STARTS
from gru_viz.explain.claims.training import CLIP
from gru_viz.explain.words import NBSP, plain
from gru_viz.learn.config import PRESETS
from gru_viz.learn.config import STARTS as KNOWN
from gru_viz.learn.presets import SHOP_TRAINING
from tests.compare.experiments.values import EVERY, gradients, unclipped
from tests.compare.values import comparison

SAMPLE = Path(__file__).parents[3] / "sample_data"
CELLS = {"gru": 0.9, "lstm": 0.9, "rnn": 0.8}


@pytest.fixture(scope="module")
def studies():
    return cell_studies.read(SAMPLE / cell_studies.FILE)


@pytest.fixture(scope="module")
def exploding():
    return explosion.read(SAMPLE / explosion.FILE)


def text(sentence) -> str:
    return plain(sentence).replace(NBSP, " ")


def test_the_shops_cells_are_named_as_they_were_trained(studies):
    facts = studies.by_size[64].facts["gru"]
    assert STARTS[SHOP_TRAINING.start] == FROM_RANDOM
    assert facts.epochs == SHOP_TRAINING.epochs
    assert cells_training(64, studies.by_size[64]) == f"64 units, {facts.epochs} epochs, {FROM_RANDOM}"


def test_every_start_has_its_words():
    assert set(STARTS) == set(KNOWN)


def test_the_card_on_gradients_says_what_the_cells_page_found(studies):
    said = text(on_cells(studies, None)[CURE])
    rnn = studies.by_size[64].trained["rnn"].median
    digit, power = f"{rnn[-1]:.0e}".split("e-")
    raised = power.lstrip("0").translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    assert (
        f"over {len(rnn) - 1} clicks the median there is {digit} × 10⁻{raised} in the vanilla RNN: lost"
        in said
    )
    assert f"{studies.by_size[64].trained['gru'].median[-1]:.2f} in the GRU" in said


def test_other_figures_make_another_sentence(studies):
    """Nothing is typed in."""
    study = studies.by_size[64]
    other = replace(study, trained={**study.trained, "rnn": study.trained["gru"]})
    said = text(on_cells(cell_studies.CellStudies({64: other}), None)[CURE])
    assert "lost" not in said


def test_the_card_on_clipping_says_what_the_cells_page_found(exploding):
    said = text(on_cells(None, exploding)[CLIP])
    pair = exploding.pairs["rnn"]
    assert f"{pair.clipped.recall:.0%} of the limit".replace("%", " %") in said
    assert said.endswith(f"{pair.free.recall:.0%} without.".replace("%", " %"))
    assert f"times {exploding.setting.scale:g} at the start" in said


def test_nothing_of_what_is_not_there():
    assert on_cells(None, None) == {}
    none = comparison(CELLS)
    assert gradients_on_models(none) is None
    assert clipping_on_models(none) is None
    empty = replace(none, experiments=Experiments())
    assert gradients_on_models(empty) is None
    assert clipping_on_models(empty) is None


def test_the_cells_page_names_the_leaderboards_trainings():
    """Oracle: the preset, and figures of plain numbers."""
    found = replace(comparison(CELLS), experiments=Experiments(gradients(0.01, 0.5)))
    best = PRESETS["best"]
    assert text(gradients_on_models(found)) == (
        "The Models page, “Do the textbooks hold?”, has other trainings (“best”: "
        f"{best.model['units'][0]} units, {best.training.epochs} epochs, Adam, begun as a Markov chain): "
        "over 2 clicks the median there is 0.01 in the vanilla RNN, 0.50 in the GRU, 0.60 in the LSTM."
    )
    unknown = replace(found, about=replace(found.about, settings="mine"))
    assert "has other trainings: over 2 clicks" in text(gradients_on_models(unknown))


def test_a_training_that_broke_down_without_its_clip_lost_all():
    tried = (unclipped("rnn", None),)
    found = replace(comparison(CELLS), experiments=Experiments(clipping=tried))
    assert text(clipping_on_models(found)).endswith(
        ": without its clip of 1 the loss in Recall@20 is all with the vanilla RNN."
    )


@pytest.mark.parametrize("about", [CURE, CLIP])
def test_the_cards_name_their_own_training(about):
    found = replace(comparison(CELLS), experiments=EVERY)
    (card,) = [one for one in claims(found) if one.claim == about]
    assert "Trained “best”: 100 units, 14 epochs, Adam, begun as a Markov chain." in card.experiment
    mine = replace(found, about=replace(found.about, settings="mine"))
    (card,) = [one for one in claims(mine) if one.claim == about]
    assert "Trained" not in card.experiment


def test_the_shipped_results_differ_between_the_pages_and_both_say_so(studies):
    """The visitor's finding: lost on one page, not on the other."""
    shipped = read_comparison((SAMPLE / "models.json").read_bytes())
    there = {one.cell: one.furthest.value for one in shipped.experiments.gradients.cells}
    assert f"{there['rnn']:.2f} in the vanilla RNN, {there['gru']:.2f} in the GRU" in text(
        gradients_on_models(shipped)
    )
