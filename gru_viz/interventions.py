"""Which gate or state is forced, where, and to what?

An intervention changes what a cell does while it runs: everything after it is computed from
what was forced, so its effect is measured, not read off the gates. It makes the model do
something it was never trained to do: the answer is exact about this model and says nothing
about what a shopper would do.

At every click of a layer the quantities are forced in the order in which the cell needs them:

    GRU   h_prev → z, r from it → candidate from r ⊙ h_prev → h = (1 − z) ⊙ h_prev + z ⊙ candidate → h
    LSTM  h_prev (h and c alike) → f, i, o → candidate → c = f ⊙ c_prev + i ⊙ candidate → h = o ⊙ tanh(c)
    RNN   h_prev → candidate → h = candidate

Several interventions on one quantity apply in the order given, and a gate is then kept in
[0, 1]. The layer above sees the forced state.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import isfinite

from gru_viz.anatomy import CELLS
from gru_viz.errors import InputError, quote

GATES = tuple(gate for anatomy in CELLS.values() for gate in anatomy.gates)
STATES = ("h", "c", "h_prev")
QUANTITIES = (*GATES, *STATES)
ACTIONS = ("clamp", "scale")
LARGEST_FACTOR = 10.0  # of a gate; beyond it the gate is open wherever it is not 0
LARGEST_MEMORY = 10.0  # of an LSTM's c, which no tanh bounds; tanh(10) is 1 to eight digits
LARGEST_INDEX = 99_999  # of a unit, click or layer
MOST_IN_A_LINK = 20


@dataclass(frozen=True)
class Intervention:
    """One quantity of some units at some clicks of one layer, held at a value or scaled by it.

    quantity: a gate: of a GRU "z" (update, z writes) or "r" (reset), of an LSTM "f" (forget), "i"
              (input) or "o" (output); "h" (the state after the click), "c" (an LSTM's memory
              after it) or "h_prev" (the state before it, as this click sees it; of an LSTM h and c)
    action:   "clamp" holds it at `value`, "scale" multiplies it
    value:    clamp: in [0, 1] for a gate, in [−1, 1] for a state, in [−10, 10] for c; scale: in
              [0, 10] for a gate, in [0, 1] for a state, so that h never leaves the range that a
              session can reach
    units:    which ones (rising, no repeats), or None for all
    clicks:   first and last of them, 0-based, both included, or None for all
    layer:    0-based from the input side, negative from the top; None for every layer

    Raises InputError for values outside these. Whether units, clicks and layer exist in a
    model and session only `check` can say.
    """

    quantity: str
    action: str
    value: float
    units: tuple[int, ...] | None = None
    clicks: tuple[int, int] | None = None
    layer: int | None = -1

    def __post_init__(self) -> None:
        if self.quantity not in QUANTITIES:
            raise InputError(f"unknown quantity {quote(self.quantity)} to force; use {', '.join(QUANTITIES)}")
        if self.action not in ACTIONS:
            raise InputError(f"unknown action {quote(self.action)}; use {' or '.join(ACTIONS)}")
        object.__setattr__(self, "value", _value(self.quantity, self.action, self.value))
        if self.units is not None:
            object.__setattr__(self, "units", _checked_units(self.units))
        if self.clicks is not None:
            object.__setattr__(self, "clicks", _clicks(self.clicks))
        if self.layer is not None:
            object.__setattr__(self, "layer", _index("layer", self.layer, -LARGEST_INDEX))

    def acts_on(self, layer: int, layers: int) -> bool:
        """Does it force anything in layer `layer` (0-based) of `layers`?"""
        return self.layer is None or range(layers)[self.layer] == layer


Interventions = tuple[Intervention, ...]


def allowed(quantity: str, action: str) -> tuple[float, float]:
    """The smallest and the largest value that this quantity can be held at or scaled by."""
    if action == "scale":
        return 0.0, LARGEST_FACTOR if quantity in GATES else 1.0
    if quantity in GATES:
        return 0.0, 1.0
    return (-LARGEST_MEMORY, LARGEST_MEMORY) if quantity == "c" else (-1.0, 1.0)


# --- by their names


def keep_everything(
    units: Iterable[int] | None = None, clicks: tuple[int, int] | None = None
) -> Intervention:
    """z ≡ 0: nothing new is written, the state stays as it is."""
    return Intervention("z", "clamp", 0, _some(units), clicks)


def no_memory(units: Iterable[int] | None = None, clicks: tuple[int, int] | None = None) -> Intervention:
    """z ≡ 1: the candidate replaces the state; what was before is seen through the candidate only."""
    return Intervention("z", "clamp", 1, _some(units), clicks)


def reset_closed(units: Iterable[int] | None = None, clicks: tuple[int, int] | None = None) -> Intervention:
    """r ≡ 0: the candidate does not look at the old state."""
    return Intervention("r", "clamp", 0, _some(units), clicks)


def reset_open(units: Iterable[int] | None = None, clicks: tuple[int, int] | None = None) -> Intervention:
    """r ≡ 1: the candidate looks at all of the old state."""
    return Intervention("r", "clamp", 1, _some(units), clicks)


def freeze(units: Iterable[int], clicks: tuple[int, int] | None = None) -> Intervention:
    """These units keep the state they had: z ≡ 0 for them."""
    return keep_everything(units, clicks)


def ablate(
    units: Iterable[int], clicks: tuple[int, int] | None = None, layer: int | None = -1
) -> Intervention:
    """The state of these units is held at 0: nothing can be read from them, by the next click neither."""
    return Intervention("h", "clamp", 0, _checked_units(units), clicks, layer)


def forget(click: int) -> Intervention:
    """The state before click `click` (0-based) is 0 in every layer: what a session boundary does."""
    return Intervention("h_prev", "clamp", 0, None, (click, click), None)


# --- do they fit?


def quantities(cell: str) -> tuple[str, ...]:
    """What can be forced in this kind of cell, gates first."""
    anatomy = CELLS[cell]
    return (*anatomy.gates, *(state for state in STATES if state == "h_prev" or state in anatomy.carries))


def check(
    interventions: Iterable[Intervention], units: Sequence[int], clicks: int, cell: str = "gru"
) -> Interventions:
    """The interventions, each of which names only what there is.

    units: how many each layer has; clicks: how many the session has. Raises InputError.
    """
    if isinstance(interventions, Intervention):
        raise InputError("interventions are given as a list, also where there is only one")
    interventions = tuple(interventions)
    for one in interventions:
        if not isinstance(one, Intervention):
            raise InputError(f"an intervention is wanted, not {quote(one)}")
        if one.quantity not in quantities(cell):
            there = ", ".join(quantities(cell))
            raise InputError(f"a {CELLS[cell].name} has no {one.quantity} to force; it has {there}")
        if one.layer is not None and not -len(units) <= one.layer < len(units):
            raise InputError(f"layer {one.layer} is outside the model's 0..{len(units) - 1}")
        if one.clicks is not None and one.clicks[1] >= clicks:
            raise InputError(f"click {one.clicks[1]} is outside the session's 0..{clicks - 1}")
        fewest = min(units) if one.layer is None else units[one.layer]
        if one.units is not None and one.units[-1] >= fewest:
            raise InputError(f"unit {one.units[-1]} is outside the layer's 0..{fewest - 1}")
    return interventions


def within(interventions: Iterable[Intervention], clicks: int) -> Interventions:
    """What of them acts on the first `clicks` clicks."""
    kept = []
    for one in interventions:
        if one.clicks is None:
            kept.append(one)
        elif one.clicks[0] < clicks:
            kept.append(replace(one, clicks=(one.clicks[0], min(one.clicks[1], clicks - 1))))
    return tuple(kept)


# --- in words

_SUBJECTS = {
    **{gate: gate for gate in GATES},
    "h": "the state after the click",
    "c": "the memory c after the click",
    "h_prev": "the state before the click",
}
_NAMED = 6  # so many units are listed by number


def words(intervention: Intervention, convention: str = "writes") -> str:
    """A plain phrase: "z held at 1 for all units at click 6". Clicks and layers count from 1.

    convention: "writes" speaks of z as in the equations, "keeps" of 1 − z, as PyTorch does
    """
    one = intervention
    if one.clicks is not None and one == forget(one.clicks[0]):
        return f"everything forgotten before click {one.clicks[0] + 1}"
    subject, value = _SUBJECTS[one.quantity], one.value
    if one.quantity == "z" and convention == "keeps":
        subject, value = ("z", 1 - value) if one.action == "clamp" else ("1 − z", value)
    does = "held at" if one.action == "clamp" else "scaled by"
    where = f"{_units_in_words(one.units)} {_clicks_in_words(one.clicks)}"
    return f"{subject} {does} {f'{value:g}'.replace('-', '−')} for {where}{_layer_in_words(one.layer)}"


def _units_in_words(units: tuple[int, ...] | None) -> str:
    if units is None:
        return "all units"
    if len(units) == 1:
        return f"unit {units[0]}"
    if len(units) > _NAMED:
        return f"{len(units)} units"
    return f"units {', '.join(map(str, units[:-1]))} and {units[-1]}"


def _clicks_in_words(clicks: tuple[int, int] | None) -> str:
    if clicks is None:
        return "at every click"
    first, last = clicks
    return f"at click {first + 1}" if first == last else f"at clicks {first + 1} to {last + 1}"


def _layer_in_words(layer: int | None) -> str:
    if layer is None:
        return " in every layer"
    if layer == -1:
        return ""
    return f" in layer {layer + 1}" if layer >= 0 else f" in layer {-layer} from the top"


# --- in a link: z_c1_t6, h_c0_u3.5-9_l1, joined by ~; clicks and layers count from 1, units from 0

_CODES = {**{name: name for name in QUANTITIES}, "h_prev": "p"}
_RANGE = r"[0-9]{1,6}(?:-[0-9]{1,6})?"
_ONE = re.compile(
    r"(?P<quantity>[zrfiohcp])_(?P<action>[cs])(?P<value>-?[0-9]{1,2}(?:\.[0-9]{1,22})?(?:e-[0-9]{1,3})?)"
    rf"(?:_u(?P<units>{_RANGE}(?:\.{_RANGE})*))?"
    rf"(?:_t(?P<clicks>{_RANGE}))?"
    r"(?:_l(?P<layer>all|-?[0-9]{1,6}))?"
)


def to_text(interventions: Iterable[Intervention]) -> str:
    """The interventions in letters, digits and `-._~` only, for an address; "" for none.

    Raises InputError for more than a link may hold.
    """
    interventions = tuple(interventions)
    if len(interventions) > MOST_IN_A_LINK:
        raise InputError(f"a link holds at most {MOST_IN_A_LINK} interventions, not {len(interventions)}")
    return "~".join(map(_to_text, interventions))


def from_text(text: str) -> Interventions:
    """What `to_text` wrote. Raises InputError, and nothing else, for any other text."""
    parts = text.split("~", MOST_IN_A_LINK) if text else []
    if len(parts) > MOST_IN_A_LINK:
        raise InputError(f"a link holds at most {MOST_IN_A_LINK} interventions")
    return tuple(map(_from_text, parts))


def _to_text(one: Intervention) -> str:
    value = str(int(one.value)) if one.value == int(one.value) else repr(one.value)
    text = f"{_CODES[one.quantity]}_{one.action[0]}{value}"
    if one.units is not None:
        text += f"_u{'.'.join(_ranges(one.units))}"
    if one.clicks is not None:
        text += "_t" + _range(one.clicks[0] + 1, one.clicks[1] + 1)
    if one.layer is None:
        return text + "_lall"
    # the top layer is what a link means when it says nothing
    return text if one.layer == -1 else f"{text}_l{one.layer + 1 if one.layer >= 0 else one.layer}"


def _from_text(text: str) -> Intervention:
    found = _ONE.fullmatch(text)
    if found is None:
        raise InputError(f"{quote(text)} is no intervention; one looks like z_c1_t6")
    quantity = next(name for name, code in _CODES.items() if code == found["quantity"])
    action = next(name for name in ACTIONS if name[0] == found["action"])
    units = None if found["units"] is None else _units(found["units"])
    clicks = None
    if found["clicks"] is not None:
        first, last = _ends(found["clicks"])
        clicks = first - 1, last - 1
    return Intervention(quantity, action, float(found["value"]), units, clicks, _layer(found["layer"]))


def _layer(text: str | None) -> int | None:
    if text is None or text == "all":
        return -1 if text is None else None
    number = int(text)
    if number == 0:
        raise InputError("layers count from 1 in a link")
    return number - 1 if number > 0 else number


def _units(text: str) -> tuple[int, ...]:
    """The units of "3.5-9"; rising, so that no text can ask for more of them than there may be."""
    units: list[int] = []
    for part in text.split("."):
        first, last = _ends(part)
        if last > LARGEST_INDEX or last < first or (units and first <= units[-1]):
            raise InputError(f"units {quote(part)} do not rise, or go beyond {LARGEST_INDEX}")
        units.extend(range(first, last + 1))
    return tuple(units)


def _ends(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return int(first), int(last or first)


def _ranges(units: tuple[int, ...]) -> list[str]:
    """Rising units as "3" and "5-9"."""
    breaks = [n for n in range(1, len(units)) if units[n] != units[n - 1] + 1]
    starts, stops = [0, *breaks], [*breaks, len(units)]
    return [_range(units[a], units[b - 1]) for a, b in zip(starts, stops, strict=True)]


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


# --- single values


def _value(quantity: str, action: str, value: float) -> float:
    low, high = allowed(quantity, action)
    number = _number(value)
    if not low <= number <= high:
        raise InputError(
            f"{quantity} can be {'held at' if action == 'clamp' else 'scaled by'} {low:g} to {high:g}, "
            f"not {quote(value)}"
        )
    return number + 0.0  # no minus before 0


def _number(value: object) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if not isfinite(number):
        raise InputError(f"an intervention needs a number, not {quote(value)}")
    return number


def _index(what: str, value: object, lowest: int = 0) -> int:
    """A whole number, NumPy's too, that may be an index."""
    try:
        index = value.__index__()  # type: ignore[attr-defined]
    except (AttributeError, TypeError):
        raise InputError(f"{what} {quote(value)} is not a whole number") from None
    if not lowest <= index <= LARGEST_INDEX:
        raise InputError(f"{what} {quote(index)} is outside {lowest}..{LARGEST_INDEX}")
    return int(index)


def _some(units: Iterable[int] | None) -> tuple[int, ...] | None:
    return None if units is None else _checked_units(units)


def _checked_units(units: Iterable[int]) -> tuple[int, ...]:
    try:
        listed = list(units)
    except TypeError:
        raise InputError(f"units are given as a sequence, not {quote(units)}") from None
    if not listed:
        raise InputError("an intervention needs at least one unit; leave them out for all")
    return tuple(sorted({_index("unit", unit) for unit in listed}))


def _clicks(clicks: tuple[int, int]) -> tuple[int, int]:
    try:
        first, last = clicks
    except (TypeError, ValueError):
        raise InputError(f"clicks are given as (first, last), not {quote(clicks)}") from None
    first, last = _index("click", first), _index("click", last)
    if last < first:
        raise InputError(f"clicks go from first to last, not from {first} to {last}")
    return first, last
