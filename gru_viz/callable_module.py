"""How can `gru_viz.record` be both a module and the function in it?

The public names are fixed as `gru_viz.record(…)` and `gru_viz.figures.heatmaps(…)`, and the
files are called after them. Importing such a file binds its module to that very name in the
package, so the module itself answers a call with its function: whatever was imported first,
the public name works.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any


def call_as(module_name: str, function: Callable[..., Any]) -> None:
    """Let the module called `module_name` be called like `function`, with its docstring."""

    class CallableModule(ModuleType):
        __call__ = staticmethod(function)

    sys.modules[module_name].__class__ = CallableModule
