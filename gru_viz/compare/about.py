"""On what are models compared, before the first of them is trained?"""

from __future__ import annotations

from gru_viz.compare.values import About
from gru_viz.learn.parts import Parts
from gru_viz.learn.quality import Quality

LONGEST = 200  # characters of a name in a result file


def about(
    parts: Parts, seed: int, preset: str, limit: Quality | None = None, log: str | None = None
) -> About:
    """What a comparison on these parts tells of itself; the held-out part must be there.

    preset: how GRU4Rec is trained
    limit:  what the process that made the log reaches, where there is one
    log:    what to call the log, if not by its file's name
    """
    test = parts.test
    assert test is not None
    return About(
        log=(log or parts.name)[:LONGEST],
        test=parts.test_name[:LONGEST],
        items=len(parts.train.catalog),
        test_sessions=int((test.lengths > 1).sum()),
        predictions=int(test.n_clicks - len(test)),
        seed=seed,
        settings=preset,
        limit=limit,
    )
