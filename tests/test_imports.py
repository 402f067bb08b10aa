"""Do all arrows run one way?

Oracle: DESIGN.md, section 3. Every import is read from the source, those inside functions too
(an arrow the wrong way does not become right by being late); only `if TYPE_CHECKING` is left
out, since nothing is imported there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def sources() -> list[Path]:
    return sorted([*ROOT.glob("app.py"), *ROOT.glob("pages/**/*.py"), *ROOT.glob("gru_viz/**/*.py")])


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sources()}


# --- reading imports


def imports_of(tree: ast.AST, module: str, is_package: bool, modules: set[str]) -> Iterator[tuple[str, int]]:
    """(what is imported, line); a `from` import names the module or package that is meant."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for other in node.orelse:
                yield from imports_of(ast.Module([other], []), module, is_package, modules)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = module.split(".")[
                    : None if is_package and node.level == 1 else is_package - node.level
                ]
                base = ".".join([*above, *([base] if base else [])])
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield whole if whole in modules else base, node.lineno
        else:
            yield from imports_of(node, module, is_package, modules)


@cache
def imports(module: str) -> tuple[tuple[str, int], ...]:
    path = MODULES[module]
    tree = ast.parse(path.read_text("utf-8"), str(path))
    return tuple(imports_of(tree, module, path.name == "__init__.py", set(MODULES)))


def within(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


# --- the arrows

VALUES = tuple(
    f"gru_viz.{name}"
    for name in (
        *("anatomy", "catalog", "cutoffs", "edits", "errors", "frozen", "gaps", "interventions"),
        *("sessions", "trace", "weights", "whole_file"),
    )
)
COMMANDS = ("gru_viz.__main__", "gru_viz.commands", "gru_viz.bench")
MODEL = tuple(
    f"gru_viz.{name}"
    for name in (
        *("both_ways", "both_ways_file", "cells", "checkpoint", "model", "record", "rerun", "stored"),
    )
)
OUTER = tuple(
    f"gru_viz.{name}" for name in ("learn", "data", "baselines", "compare", "explain", "figures", "ui")
)
# the parts of a job that run in the server, or before and after its work; the child trains
JOBS = tuple(
    f"gru_viz.jobs.{name}"
    for name in (
        *("clicks", "comparison_status", "folder", "keeping", "kinds", "next", "process", "queue"),
        *("request", "status", "telling", "training_status", "turns"),
    )
)
# a comparison that was made; making one trains
COMPARED = tuple(
    f"gru_viz.compare.{name}"
    for name in ("document", "names", "next_items", "paired", "strict", "values", "words")
)
WITHOUT_TORCH = (
    *VALUES,
    "gru_viz.safetensors_header",
    "gru_viz.explain",
    "gru_viz.figures",
    "gru_viz.data",
    *JOBS,
    *COMPARED,
)

# (what may not be imported, by whom, except by whom)
RULES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("streamlit", ("gru_viz", "app", "pages"), ("app", "pages", "gru_viz.ui")),
    ("plotly", ("gru_viz", "app", "pages"), ("gru_viz.figures", "gru_viz.ui", *COMMANDS)),
    ("torch", WITHOUT_TORCH, ()),
    ("gru_viz.ui", ("gru_viz",), ("gru_viz.ui",)),
    ("pages", ("gru_viz",), ()),
    ("app", ("gru_viz", "pages"), ()),
    *((other, ("gru_viz.data",), ()) for other in ("gru_viz.model", "gru_viz.learn", "gru_viz.ui")),
    ("gru_viz.jobs", ("gru_viz",), ("gru_viz.jobs", "gru_viz.ui", *COMMANDS)),
    *((other, ("gru_viz.jobs",), ()) for other in ("gru_viz.data", "gru_viz.figures", "gru_viz.explain")),
    ("gru_viz.compare", ("gru_viz.learn", "gru_viz.baselines", "gru_viz.data"), ()),
    *((other, ("gru_viz.compare",), ()) for other in ("gru_viz.data", "gru_viz.figures")),
    *((other, ("gru_viz.learn",), ()) for other in ("gru_viz.data", "gru_viz.ui", "gru_viz.figures")),
    *((other, MODEL, ()) for other in OUTER),
    *((other, VALUES, ()) for other in (*MODEL, *OUTER)),
    *((other, ("gru_viz",), COMMANDS) for other in COMMANDS),
)


def broken(module: str, imported: str) -> str | None:
    """Which rule does this import break?"""
    for target, who, but in RULES:
        if within(imported, target) and within(module, *who) and not within(module, *but):
            return f"{target} may not be imported by {' '.join(who)}" + (
                f" but {' '.join(but)}" if but else ""
            )
    if within(module, "pages") and within(imported, "pages") and imported != "pages" and imported != module:
        return "pages never import each other"
    return None


@pytest.mark.parametrize("module", MODULES)
def test_arrows(module: str) -> None:
    """Oracle: the rules above, each from DESIGN.md."""
    wrong = [
        f"{MODULES[module].relative_to(ROOT)}:{line} imports {imported}: {rule}"
        for imported, line in imports(module)
        if (rule := broken(module, imported))
    ]
    assert not wrong, "\n".join(wrong)


def reached(module: str) -> dict[str, tuple[str, ...]]:
    """Everything that importing (and calling) `module` can import, and the way there."""
    ways: dict[str, tuple[str, ...]] = {module: (module,)}
    waiting = [module]
    while waiting:
        here = waiting.pop()
        for imported, _ in imports(here):
            for name in (imported, imported.split(".")[0]):
                if name not in ways:
                    ways[name] = (*ways[here], name)
                    if name in MODULES:
                        waiting.append(name)
    return ways


@pytest.mark.parametrize("module", [name for name in MODULES if within(name, *WITHOUT_TORCH)])
def test_torch_is_not_reached_either(module: str) -> None:
    """Oracle: following the arrows from a module without torch never ends at torch."""
    ways = reached(module)
    assert "torch" not in ways, " → ".join(ways["torch"])


def test_the_package_itself_imports_nothing_of_its_own() -> None:
    """Oracle: `import gru_viz` is free, names are looked up on first use."""
    assert not [name for name, _ in imports("gru_viz") if within(name, "gru_viz", "torch", "streamlit")]


def test_nothing_is_imported_in_a_circle() -> None:
    """Oracle: Kahn's algorithm; a package's own __init__ may list its parts."""
    waits = {
        module: {
            name
            for name, _ in imports(module)
            if name in MODULES and name != module and not within(module, name)
        }
        for module in MODULES
    }
    while free := [module for module, needs in waits.items() if not needs & waits.keys()]:
        for module in free:
            del waits[module]
    assert not waits, f"these import each other: {sorted(waits)}"


# --- what no file may call

BANNED_MODULES = ("pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal")
BANNED_CALLS = {"eval", "exec", "__import__", "torch.load"}
BANNED_METHODS = {"read_pickle", "to_pickle"}


def banned(source: str) -> list[str]:
    """Each banned thing in `source`, as `line: what`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if within(alias.name, *BANNED_MODULES)]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            names = [base] if within(base, *BANNED_MODULES) else []
            names += [f"{base}.{a.name}" for a in node.names if f"{base}.{a.name}" in BANNED_CALLS]
        elif isinstance(node, ast.Attribute | ast.Name):
            name = ast.unparse(node)
            called = name in BANNED_CALLS or (isinstance(node, ast.Attribute) and node.attr in BANNED_METHODS)
            names = [name] if called else []
        elif isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            names = [] if ast.unparse(node.value) == "False" else ["allow_pickle"]
        found += [f"{getattr(node, 'lineno', 0)}: {name}" for name in names]
    return found


@pytest.mark.parametrize("module", MODULES)
def test_nothing_that_runs_what_it_reads(module: str) -> None:
    """Oracle: HOSTILE_INPUT.md; unpickling was bypassed twice even where it was restricted."""
    assert not banned(MODULES[module].read_text("utf-8"))


# --- do the rules bite?


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import torch", {"torch"}),
        ("def f():\n    import torch.nn as nn", {"torch.nn"}),
        ("from torch import nn", {"torch"}),
        ("from gru_viz import model", {"gru_viz.model"}),
        ("from gru_viz.model import GRU4Rec", {"gru_viz.model"}),
        ("from . import words", {"gru_viz.explain.words"}),
        ("from .words import x", {"gru_viz.explain.words"}),
        ("from .. import model", {"gru_viz.model"}),
        ("from ..model import x", {"gru_viz.model"}),
        ("try:\n    import torch\nexcept ImportError:\n    import numpy", {"torch", "numpy"}),
        ("if TYPE_CHECKING:\n    import torch\nelse:\n    import numpy", {"numpy"}),
    ],
)
def test_imports_are_read(source: str, expected: set[str]) -> None:
    """Oracle: read off, as if each stood in gru_viz/explain/retention.py."""
    modules = {"gru_viz.model", "gru_viz.explain.words"}
    found = imports_of(ast.parse(source), "gru_viz.explain.retention", False, modules)
    assert {name for name, _ in found} == expected


def test_relative_imports_of_a_package_are_read() -> None:
    """Oracle: in gru_viz/explain/__init__.py one dot is gru_viz.explain, two are gru_viz."""
    tree = ast.parse("from .words import x\nfrom ..model import y")
    found = imports_of(tree, "gru_viz.explain", True, {"gru_viz.model", "gru_viz.explain.words"})
    assert [name for name, _ in found] == ["gru_viz.explain.words", "gru_viz.model"]


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("gru_viz.explain.words", "torch.nn"),
        ("gru_viz.trace", "torch"),
        ("gru_viz.trace", "gru_viz.explain.words"),
        ("gru_viz.data.reader", "gru_viz.model"),
        ("gru_viz.learn.trainer", "gru_viz.data.reader"),
        ("gru_viz.learn.trainer", "streamlit"),
        ("gru_viz.__main__", "streamlit"),
        ("gru_viz.__main__", "gru_viz.ui.view"),
        ("gru_viz.learn.run", "gru_viz.jobs.queue"),
        ("gru_viz.jobs.queue", "torch"),
        ("gru_viz.jobs.child", "streamlit"),
        ("gru_viz.compare.run", "gru_viz.data.shop"),
        ("gru_viz.compare.values", "torch"),
        ("gru_viz.learn.run", "gru_viz.compare.values"),
        ("gru_viz.jobs.child", "gru_viz.data.reader"),
        ("gru_viz.record", "gru_viz.learn.batches"),
        ("gru_viz.record", "plotly.graph_objects"),
        ("gru_viz.ui.view", "pages.step"),
        ("pages.step", "pages.memory"),
        ("pages.step", "plotly"),
        ("gru_viz.figures.heatmaps", "gru_viz.__main__"),
    ],
)
def test_a_wrong_arrow_is_seen(module: str, imported: str) -> None:
    assert broken(module, imported)


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("gru_viz.explain.words", "gru_viz.trace"),
        ("gru_viz.ui.frame", "streamlit.components.v2"),
        ("gru_viz.ui.export", "plotly"),
        ("gru_viz.learn.trainer", "torch"),
        ("gru_viz.commands.train", "gru_viz.learn.trainer"),
        ("gru_viz.jobs.child", "gru_viz.learn.run"),
        ("gru_viz.compare.run", "gru_viz.learn.trainer"),
        ("gru_viz.explain.claims", "gru_viz.compare.values"),
        ("gru_viz.ui.view", "gru_viz.jobs"),
        ("gru_viz.__main__", "gru_viz.commands.train"),
        ("pages.step", "gru_viz.ui.frame"),
        ("gru_viz.data.reader", "gru_viz.sessions"),
        ("gru_viz.data.reader", "gru_viz.model_names"),
    ],
)
def test_a_right_arrow_is_left_alone(module: str, imported: str) -> None:
    assert broken(module, imported) is None


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "import joblib.numpy_pickle",
        "def f():\n    from pickle import loads",
        "torch.load(path, weights_only=True)",
        "from torch import load",
        "read = torch.load",
        "eval('1')",
        "exec(text)",
        "pd.read_pickle(path)",
        "np.load(path, allow_pickle=True)",
    ],
)
def test_a_banned_thing_is_seen(source: str) -> None:
    assert banned(source)


def test_what_only_sounds_banned_is_left_alone() -> None:
    """Oracle: model.eval() evaluates nothing."""
    assert not banned("model.eval()\nre.compile('eval(')\nnp.load(p, allow_pickle=False)\ngru_viz.load(p)")
