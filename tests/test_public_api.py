"""Does the package work in a notebook, without the app?

Oracles: the names of DESIGN.md, section 2; `sys.modules` of a fresh Python.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from gru_viz.checkpoint import save
from tests.models import random_model

ROOT = Path(__file__).parents[1]
LIST_MODULES = "\nimport sys; print(*sorted({name.split('.')[0] for name in sys.modules}))"


def fresh_python(code: str) -> set[str]:
    """Run `code` in a Python of its own; the top-level modules that it ends up with."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code + LIST_MODULES],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_importing_the_package_costs_nothing() -> None:
    """Oracle: neither torch nor anything else heavy is there afterwards."""
    heavy = {"torch", "numpy", "pandas", "plotly", "streamlit", "safetensors"}
    assert not fresh_python("import gru_viz; gru_viz.__version__, dir(gru_viz)") & heavy


def test_values_come_without_torch() -> None:
    """Oracle: a catalogue, a session, a trace and an error need numpy and pandas at most."""
    code = "import gru_viz\ngru_viz.Catalog(('a',)), gru_viz.Session([0]), gru_viz.Trace, gru_viz.InputError"
    assert not fresh_python(code) & {"torch", "plotly", "streamlit"}


NOTEBOOK = """
import gru_viz
model = gru_viz.load({path!r})
assert len(model.catalog) == 7 and model.config.units == (5, 3)
trace = gru_viz.record(model, ["id-2", "id-0", 5])
last = trace.layers[-1]
for array in (last.z, last.r, last.candidate, last.h):
    assert array.shape == (3, 3) and array.dtype == "float32"
top = trace.top(k=10, step=-1)
assert list(top) == ["item_id", "title", "score", "probability", "rank"] and len(top) == 7
assert list(trace.to_frame()) == ["step", "item", "layer", "unit", "quantity", "value"]
import sys
assert "plotly" not in sys.modules
figure = gru_viz.figures.heatmaps(trace, step=2)
import plotly.graph_objects as go
assert isinstance(figure, go.Figure)
"""


def test_the_notebook_of_the_design(tmp_path: Path) -> None:
    """Oracle: section 2's lines, run as they stand; no Plotly before a figure, no Streamlit ever."""
    path = tmp_path / "model.safetensors"
    save(random_model("two layers"), path)
    assert "streamlit" not in fresh_python(NOTEBOOK.format(path=str(path)))


def test_every_public_name_is_there() -> None:
    """Oracle: __all__, each name looked up in a fresh Python."""
    code = "import gru_viz\nfor name in gru_viz.__all__: assert getattr(gru_viz, name) is not None"
    assert "streamlit" not in fresh_python(code)


def test_an_unknown_name_is_an_attribute_error() -> None:
    """Oracle: what Python says of any module."""
    fresh_python("import gru_viz\nassert not hasattr(gru_viz, 'recrod')")


def test_public_functions_work_whatever_was_imported_first():
    """Oracle: the fixed names of the public API; importing a module of the same name binds it there."""
    code = (
        "import gru_viz\n"
        "from gru_viz.record import record_batch\n"
        "from gru_viz.figures.heatmaps import walk\n"
        "assert callable(gru_viz.record) and callable(gru_viz.figures.heatmaps)\n"
        "import gru_viz.record as module\n"
        "assert module.record_batch is record_batch\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
