"""What does the process of a comparison do?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from gru_viz.compare.about import about
from gru_viz.compare.document import FILE_NAME, to_document
from gru_viz.compare.run import Doing, compare
from gru_viz.compare.values import Comparison
from gru_viz.jobs.request import read_comparison_request
from gru_viz.jobs.telling import Teller
from gru_viz.whole_file import write_json


def compare_models(folder: Path, teller: Teller) -> None:
    """Compare what was asked for in `folder`, from the beginning; models.json has what is finished.

    Raises whatever goes wrong.
    """
    asked = read_comparison_request(folder)
    parts = asked.parts
    assert parts.test is not None  # or it could not have been asked for
    teller.now("preparing")
    on = about(parts, asked.seed, asked.preset)
    for event in compare(parts.train, parts.test, on, asked.models, asked.shares, asked.claims):
        if isinstance(event, Doing):
            teller.by_and_by("comparing", asdict(event))
        elif isinstance(event, Comparison):
            write_json(folder / FILE_NAME, to_document(event))
