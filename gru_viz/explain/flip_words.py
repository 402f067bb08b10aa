"""How is it said what would have to change for another item to come first?"""

from __future__ import annotations

from collections.abc import Sequence

from gru_viz.explain.flip import Flip
from gru_viz.explain.words import Part, Sentence, title
from gru_viz.trace import Trace

_NAMED = 3  # so many clicks are named by their items
_LISTED = 6  # so many clicks or units are listed by number


def flip_sentence(trace: Trace, flip: Flip) -> Sentence:
    """The smallest change and what comes first then, how many others do as much, or that there is none."""
    if flip.after is None:
        return _no_flip(trace, flip)
    return (
        *(*_change(trace, flip), Part(", "), title(trace, flip.after)),
        *(Part(" comes first instead of "), title(trace, flip.before), Part(". "), _how_sure(flip)),
    )


def _change(trace: Trace, flip: Flip) -> Sentence:
    if flip.kind == "units":
        return (Part(f"With {_listed('unit', flip.units)} held at 0"),)
    if flip.kind == "swap":
        a, b = sorted((flip.edits[0].click, flip.edits[0].other or 0))
        return (
            Part("With "),
            *_click(trace, a),
            Part(" and "),
            *_click(trace, b),
            Part(" swapped"),
        )
    if flip.kind == "replacement":
        edit = flip.edits[0]
        assert edit.item is not None
        return (
            Part("With "),
            *_click(trace, edit.click),
            Part(" replaced by "),
            title(trace, edit.item),
        )
    clicks = sorted(edit.click for edit in flip.edits)
    if len(clicks) > _NAMED:
        return (Part(f"Without {_listed('click', [click + 1 for click in clicks])}"),)
    named = [(*((Part(" and "),) if n else ()), *_click(trace, c)) for n, c in enumerate(clicks)]
    return (Part("Without "), *(part for click in named for part in click))


def _click(trace: Trace, step: int) -> Sentence:
    """ "click 3 (Mug)": in brackets, since another title follows."""
    return (Part(f"click {step + 1} ("), title(trace, int(trace.items[step])), Part(")"))


def _listed(what: str, numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"{what} {numbers[0]}"
    if len(numbers) > _LISTED:
        return f"{len(numbers)} {what}s"
    return f"{what}s {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


_ALONE = {
    "deletion": "All {n} single clicks",
    "swap": "All {n} neighbouring pairs",
    "replacement": "{n:,} replacements",  # of those clicks by the candidates, not by every item
    "units": "All {n} single units",
}
# Each of them puts some item first, not always the one that is named.
_DOES = "puts another item first"
_WIDEST = "this one by the widest margin"


def _how_sure(flip: Flip) -> Part:
    if not flip.exhaustive:
        return Part("Found step by step, greedily: a smaller set may do it, too.")
    if flip.size > 1:
        smaller = "closer pair" if flip.kind == "swap" else "smaller set"
        chosen = f" {flip.ways} of this size do, {_WIDEST}." if flip.ways > 1 else ""
        return Part(f"No {smaller} {_DOES}.{chosen}")
    if flip.tried == 1:
        return Part("There is no other such change.")
    ways = f"only this {_DOES}" if flip.ways == 1 else f"{flip.ways} put another item first, {_WIDEST}"
    return Part(f"{_ALONE[flip.kind].format(n=flip.tried)} were tried: {ways}.")


_NOTHING = {
    "deletion": "There is only one click, so none can be deleted.",
    "swap": "There are no two different clicks to swap.",
    "replacement": "There is nothing to replace a click by.",
}
_TRIED = {
    "deletion": ("deletion", "of up to {size} of the clicks"),
    "swap": ("swap", "of clicks up to {size} apart"),
    "replacement": ("replacement", "that was tried"),
    "units": ("set of units held at 0", "of up to {size}"),
}


def _no_flip(trace: Trace, flip: Flip) -> Sentence:
    if flip.tried == 0:
        return (Part(_NOTHING[flip.kind]),)
    what, bound = _TRIED[flip.kind]
    size = "one" if flip.size == 1 else str(flip.size)
    which = what if flip.exhaustive else f"{what} {bound.format(size=size)}"
    more = (
        ""
        if flip.exhaustive or flip.kind in ("swap", "replacement")
        else " Larger sets were tried only in part."
    )
    return (
        Part(f"No {which} changes what comes first, "),
        *(title(trace, flip.before), Part(f".{more}")),
    )
