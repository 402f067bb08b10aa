"""Which item is explained on this page, after which click, and what are the three answers?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
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
    """What the Memory page speaks of. The answers are worked out when they are first asked for.

    step:    the click in view, 0-based
    item:    index of the item chosen, else of the first recommended
    against: index of the item that it is compared with, if any
    """

    now: Current
    trace: Trace
    step: int
    item: int
    against: int | None

    @property
    def why(self) -> Why:
        """The three answers. Raises InputError where the scores without some click are no numbers."""
        return self._found[0]

    @property
    def trust(self) -> Trust:
        """How exact all this is."""
        return self._found[1]

    @cached_property
    def _found(self) -> tuple[Why, Trust]:
        source = self.now.source

        def compute() -> tuple[Why, Trust]:
            answers = why(self.trace, source.weights, self.item, source.last_clicks, self.against, self.step)
            return answers, trust(self.trace, source.weights, answers)

        return self.value("why", compute, self.item, self.against)

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
    """What is asked of the view's item, or of its two items, after the view's click.

    Raises InputError where the model's scores are no numbers.
    """
    catalog, view, step = trace.catalog, now.view, now.step
    check_step(trace, step)
    item = int(trace.ranking(step, 1)[0]) if view.item is None else catalog.index(view.item)
    against = None if view.against is None else catalog.index(view.against)
    return Answer(now, trace, step, item, None if against == item else against)


def _value(now: Current, about: tuple[str | int | None, ...], compute: Callable[[], T]) -> T:
    return kept(is_shared(now.source), (now.source.digest, now.session.items, *about), compute)
