"""Do the Models page and the Cells page each say which training they tell of, and what the other's came to?

Oracle: the sentences of gru_viz.explain.claims.elsewhere, whose own tests are there, from the shipped files.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gru_viz.compare.document import read_comparison
from gru_viz.explain import cell_studies, explosion
from gru_viz.explain.claims import claims, elsewhere
from gru_viz.explain.claims.memory import CURE
from gru_viz.explain.claims.training import CLIP
from gru_viz.explain.words import plain
from gru_viz.ui import navigation
from gru_viz.ui.models import results
from gru_viz.ui.models.textbook import below
from tests.compare.values import comparison
from tests.pages.browsing import squeezed, texts

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_data"
SHIPPED = read_comparison((SAMPLE / "models.json").read_bytes())
STUDIES = cell_studies.read(SAMPLE / cell_studies.FILE)
ON_CELLS = elsewhere.on_cells(STUDIES, explosion.read(SAMPLE / explosion.FILE))


@pytest.fixture
def open_page(start, monkeypatch):
    def opened(name: str, **address: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=60)
        app.query_params.update(address)
        app.run()
        assert not app.exception
        return app

    monkeypatch.setattr(navigation, "_routed", True)
    monkeypatch.setattr(navigation, "links", lambda: None)
    return opened


def cards(app: AppTest) -> dict[str, str]:
    """What stands on each card of the shop, by its claim."""
    bodies = [e.proto.body for e in app.get("html") if 'class="gm-claim"' in e.proto.body]
    return {
        re.findall("<h4>(.*)</h4>", head)[0]: squeezed(re.sub("<[^>]+>", "", body))
        for head, body in zip(bodies[::2], bodies[1::2], strict=True)
    }


def test_the_cards_say_what_the_cells_page_found(open_page):
    found = cards(open_page("models", look="claims"))
    for claim in (CURE, CLIP):
        assert squeezed(plain(ON_CELLS[claim])).replace("'", "&#x27;") in found[claim]
        assert "Trained“best”" in found[claim]
    assert not [claim for claim, said in found.items() if "TheCellspage" in said and claim not in ON_CELLS]


def test_of_another_log_the_cells_page_is_not_spoken_of(open_page, monkeypatch):
    """That one is about the shop alone."""
    app = open_page("models", look="claims")
    shared = results.shipped()[0]
    monkeypatch.setattr("gru_viz.ui.models.shown.result", lambda: replace(shared, shared=False))
    app.run()
    assert "The Cells page has" not in texts(app)


@pytest.mark.parametrize("units", [64, 16])
def test_the_cells_page_names_its_training_and_the_other(open_page, units):
    said = squeezed(texts(open_page("cells", size=str(units))))
    here = elsewhere.cells_training(units, STUDIES.by_size[units])
    for sentence in (elsewhere.gradients_on_models(SHIPPED), elsewhere.clipping_on_models(SHIPPED)):
        assert sentence is not None
        assert squeezed(plain(sentence)) in said
    assert squeezed(f"These cells: {here}.") in said


def test_without_a_leaderboard_the_cells_page_names_its_own_alone(open_page, monkeypatch, tmp_path):
    monkeypatch.setattr(results, "SHIPPED", tmp_path / "missing.json")
    said = squeezed(texts(open_page("cells")))
    assert "Thesecells:64units" in said
    assert "TheModelspage" not in said


def test_a_card_without_another_training_has_no_room_for_one():
    one = claims(comparison({"gru": 0.9, "lstm": 0.8}))[0]
    assert "gm-other" not in below(one)


def test_what_a_cell_costs_ends_with_its_gates(open_page):
    """On a phone the table shows figures first; the edge shows that it goes on."""
    (table,) = [e.proto.body for e in open_page("cells").get("html") if "Time a click" in e.proto.body]
    heads = re.findall(r"<th scope=\"col\"[^>]*>([^<]*)</th>", table)
    assert heads[1] == "Recall@10 of the limit"
    assert heads[-1] == "Gates"
    assert re.findall(r"<td[^>]*>([^<]*)</td></tr>", table)[-1] == "update gate, reset gate"
    assert "overflow-x: auto" in table
