"""Is the memory that a comparison is said to need that of all it was asked for?"""

from __future__ import annotations

import pytest

from gru_viz.compare.estimate import memory_bytes
from gru_viz.jobs import ComparisonRequest
from gru_viz.learn.parts import Parts
from gru_viz.ui.models.set_up import _needs
from tests.logs import memory_log


@pytest.mark.parametrize("claims", [False, True])
def test_the_claims_count(claims):
    """Oracle: the estimate itself, asked with and without them."""
    parts = Parts(memory_log(60), memory_log(60), "log", "log", True, {})
    request = ComparisonRequest(parts, ("gru", "sasrec"), (1.0,), "quick", claims=claims)
    with_them, without = (memory_bytes(parts, request.models, "quick", asked) for asked in (True, False))
    assert _needs(request) == (with_them if claims else without)
    assert with_them > without
