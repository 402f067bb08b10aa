"""Which item is explained on this page, after which click, and what are the three answers?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from gru_viz.explain.score_checks import check_step
from gru_viz.explain.trust import Trust, trust
from gru_viz.explain.why import Why, why
from gru_viz.explain.words import Sentence
from gru_viz.trace import Trace
from gru_viz.ui.charts import chart, theme
from gru_viz.ui.current import Current
from gru_viz.ui.kept import kept
from gru_viz.ui.sources import is_shared
from gru_viz.weights import Weights

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from gru_viz.figures.palette import Theme

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Answer:
    """What the Memory page speaks of.

    step:  the click in view, 0-based
    why:   the three answers for the item chosen, else the first recommended
    trust: how exact all this is
    """

    now: Current
    trace: Trace
    step: int
    why: Why
    trust: Trust

    @property
    def weights(self) -> Weights:
        return self.now.source.weights

    @property
    def cell(self) -> str:
        """The kind of the model's cells, a key of `anatomy.CELLS`."""
        return self.trace.layers[-1].cell

    def value(self, name: str, compute: Callable[[], T], *about: int | None) -> T:
        """A value that depends on model, session and click alone, and on `about`; worked out once."""
        return _value(self.now, (name, self.step, *about), compute)

    def draw(
        self, name: str, figure: Callable[[Theme], go.Figure], words: Sentence, *about: int | None
    ) -> None:
        """A figure that depends on the same, drawn once in each theme, with the words it stands for."""
        shown = theme()
        chart(_value(self.now, (name, self.step, shown, *about), lambda: figure(shown)), words)


def answered(now: Current, trace: Trace) -> Answer:
    """The answers for the view's item, or for its two items, after the view's click.

    Raises InputError where the model's scores are no numbers.
    """
    catalog, view, step, source = trace.catalog, now.view, now.step, now.source
    item = None if view.item is None else catalog.index(view.item)
    against = None if view.against is None else catalog.index(view.against)

    def compute() -> tuple[Why, Trust]:
        check_step(trace, step)
        chosen = int(trace.ranking(step, 1)[0]) if item is None else item
        other = None if against == chosen else against
        answers = why(trace, source.weights, chosen, source.last_clicks, other, step)
        return answers, trust(trace, source.weights, answers)

    return Answer(now, trace, step, *_value(now, ("why", step, item, against), compute))


def _value(now: Current, about: tuple[str | int | None, ...], compute: Callable[[], T]) -> T:
    return kept(is_shared(now.source), (now.source.digest, now.session.items, *about), compute)
