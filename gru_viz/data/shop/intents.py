"""Why do the sample shop's shoppers click what they click?

Each function below is one intent: the hidden states it needs, how a shopper
moves between them and what each of them clicks. Hidden state = intent ×
remembered choice × phase.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations

import numpy as np

from gru_viz.data.process import Process
from gru_viz.data.shop import items as shop

LONGEST_DETOUR = 20

# By intent, the share of sessions that start with it.
SHARES = {
    "detour": 0.385,
    "switch": 0.20,
    "compare": 0.15,
    "budget": 0.10,
    "gift": 0.085,
    "repeat": 0.075,
    "stray": 0.005,
}

# Whatever the intent, a click in two thousand is out of character; the shopper then may start afresh.
# So every sequence of clicks has a probability, also one that a visitor of the app makes up.
STRAY_SHARE = 0.0005

FRONT_PAGE = 0.85  # of the clicks elsewhere go to a bestseller, unless they stay in the family

EARLY_CLICK = 0.2  # of detours: a click elsewhere before the camera body
SECOND_BODY = 0.2  # of detours: the other body of the mount, too
DIRECT_LENS = 0.3  # of detours: the lens right after the body, so that a model ties lenses to mounts early
WRONG_LENS = 0.04  # of lens clicks: any lens at all


class Plan:
    """A process while it is being written down: states, starts, moves."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._emission: list[np.ndarray] = []
        self._stay: list[float] = []
        self.starts: dict[int, float] = {}
        self._moves: dict[tuple[int, int], float] = {}

    def state(self, name: str, taste: np.ndarray, stay: float = 0.0) -> int:
        """A new hidden state that clicks items by `taste` (n_items,); returns its number."""
        self.names.append(name)
        self._emission.append(taste / taste.sum())
        self._stay.append(stay)
        return len(self.names) - 1

    def start(self, state: int, share: float) -> None:
        self.starts[state] = self.starts.get(state, 0.0) + share

    def move(self, source: int, target: int, share: float) -> None:
        """`share` of the shoppers in `source` go on to `target`; whoever is left over ends."""
        self._moves[source, target] = self._moves.get((source, target), 0.0) + share

    def process(self, stray: int) -> Process:
        """The finished process, in which every state now and then slips into `stray`."""
        transition = np.zeros((len(self.names), len(self.names)))
        for edge, share in self._moves.items():
            transition[edge] = share * (1 - STRAY_SHARE)
        transition[:, stray] += STRAY_SHARE
        initial = np.zeros(len(self.names))
        initial[list(self.starts)] = list(self.starts.values())
        families = list(dict.fromkeys(product.family for product in shop.products()))
        kinds = np.array([families.index(product.family) for product in shop.products()])
        return Process(initial, transition, np.stack(self._emission), np.array(self._stay), kinds, appeal())


# Tastes: how often a state clicks each of the 240 items; they need not sum to 1.


def zipf(items: Iterable[int], total: float = 1.0) -> np.ndarray:
    """(240,) a taste for these items alone, falling as 1 / rank in the order given (Zipf's law).

    No two weights are equal, so that the items have one true order.
    """
    items = np.fromiter(items, dtype=np.int64)
    taste = np.zeros(len(shop.products()))
    taste[items] = 1 / (np.arange(len(items)) + 1.0)
    return taste * (total / taste.sum())


def _topics() -> list[tuple[str, str]]:
    """(department, family) of everything that is browsed: what is not a camera, a lens or a gift."""
    roles = (shop.RIVALS, shop.FAMILY, shop.PHOTO_ACCESSORY)
    return list(dict.fromkeys((p.department, p.family) for p in shop.products() if p.role in roles))


def _places() -> dict[int, int]:
    """The place of each item in its family, from 0, by item index."""
    families = dict.fromkeys(product.family for product in shop.products())
    return {int(index): place for family in families for place, index in enumerate(shop.where(family=family))}


def appeal() -> np.ndarray:
    """(240,) how much each item draws someone who looks through its family."""
    places = _places()
    return np.array([1 / (places[index] + 2) for index in range(len(places))])


def by_fame(items: Iterable[int]) -> list[int]:
    """The items with the first of each family first, then the second of each, and so on."""
    places = _places()
    return sorted((int(i) for i in items), key=lambda i: (places[i], i))


def fame() -> np.ndarray:
    """(240,) how well known each item is, to someone who just looks around; sums to 1.

    Falls with the place of the department, and in it from family to family.
    """
    taste = np.zeros(len(shop.products()))
    for place, department in enumerate(shop.departments()):
        # 1.71: with a whole number, items of different departments would tie
        taste += zipf(by_fame(shop.where(department=department)), 1 / (place + 1.71))
    return taste / taste.sum()


def elsewhere() -> np.ndarray:
    """(240,) the neutral clicks: mostly the bestsellers of the front page, never Photo or Gifts."""
    taste = fame()
    taste[shop.where(department="Photo")] = 0
    taste[shop.where(department="Gifts")] = 0
    return zipf(shop.where(mark="t"), FRONT_PAGE) + taste * (1 - FRONT_PAGE) / taste.sum()


def _uneven(count: int) -> np.ndarray:
    """(count,) shares that are nearly but not quite equal, so that nothing ties; sums to 1."""
    shares = 1 + 0.3 / (np.arange(count) + 1.5)
    return shares / shares.sum()


def detour(plan: Plan, share: float) -> None:
    """A camera body, clicks elsewhere, a photo accessory as the cue, then a lens that fits the body.

    Remembered: the mount; phase: clicks since the body. The lengths 1..20
    (clicks between body and lens, the cue included) are equally frequent.
    """
    early = plan.state("detour, before the body", elsewhere(), stay=0.5)
    plan.start(early, share * EARLY_CLICK)
    accessory = plan.state("detour, an accessory", zipf(shop.where(shop.PHOTO_ACCESSORY)))
    plan.move(accessory, accessory, 0.2)
    for mount, part in zip(shop.MOUNTS, _uneven(len(shop.MOUNTS)), strict=True):
        body = plan.state(f"detour, {mount} body", zipf(shop.where(shop.BODY, mount)))
        plan.start(body, share * part * (1 - EARLY_CLICK))
        plan.move(early, body, part)
        _from_body_to_lens(plan, mount, body, accessory)


def _from_body_to_lens(plan: Plan, mount: str, body: int, accessory: int) -> None:
    second = plan.state(f"detour, {mount} body again", zipf(shop.where(shop.BODY, mount)))
    cue = plan.state(f"detour, {mount} cue", zipf(shop.where(shop.PHOTO_ACCESSORY)))
    glass = zipf(shop.where(shop.LENS, mount), 1 - WRONG_LENS) + zipf(shop.where(shop.LENS), WRONG_LENS)
    lens = plan.state(f"detour, {mount} lens", glass)
    stroll = [
        plan.state(f"detour, {mount}, {clicks} clicks away", elsewhere(), stay=0.7)
        for clicks in range(1, LONGEST_DETOUR)
    ]
    plan.move(body, second, SECOND_BODY)
    for source, share in ((body, 1 - SECOND_BODY), (second, 1.0)):
        plan.move(source, lens, share * DIRECT_LENS)
        plan.move(source, cue, share * (1 - DIRECT_LENS) / LONGEST_DETOUR)
        plan.move(source, stroll[0], share * (1 - DIRECT_LENS) * (1 - 1 / LONGEST_DETOUR))
    for clicks, state in enumerate(stroll, 1):
        turning_back = 1 / (LONGEST_DETOUR - clicks)  # makes every length equally frequent
        plan.move(state, cue, turning_back)
        if clicks < len(stroll):
            plan.move(state, stroll[clicks], 1 - turning_back)
    plan.move(cue, lens, 1.0)
    plan.move(lens, lens, 0.15)
    plan.move(lens, accessory, 0.35)


def _looking_through(family: str) -> np.ndarray:
    """(240,) a taste for one family."""
    taste = np.zeros(len(shop.products()))
    taste[shop.where(family=family)] = 1
    return taste * appeal()


def switch(plan: Plan, share: float) -> None:
    """One family of products for a while, then, abruptly, one of another department until the end.

    Remembered: the family; phase: before or after the switch.
    """
    topics = _topics()
    parts = _uneven(len(topics))
    before, after = (
        [plan.state(f"switch, {phase}: {family}", _looking_through(family)) for _, family in topics]
        for phase in ("first", "then")
    )
    for i, (department, _) in enumerate(topics):
        plan.start(before[i], share * parts[i])
        plan.move(before[i], before[i], 0.78)
        plan.move(after[i], after[i], 0.8)
        others = [j for j, topic in enumerate(topics) if topic[0] != department]
        for j in others:
            plan.move(before[i], after[j], 0.22 * parts[j] / parts[others].sum())


def compare(plan: Plan, share: float) -> None:
    """A, B, A, B of the same kind, seldom more rounds, then the accessory of one: mostly of A.

    Remembered: A and B; phase: the round.
    """
    families = [family for _, family in _topics() if len(shop.where(shop.RIVALS, family))]
    done = plan.state("compare, looks on", elsewhere(), stay=0.9)
    plan.move(done, done, 0.5)
    for family, part in zip(families, _uneven(len(families)), strict=True):
        rivals, fittings = np.split(shop.where(shop.RIVALS, family), 2)
        first = [plan.state(f"compare, {family}: A is {item}", zipf([item])) for item in rivals]
        extra = [plan.state(f"compare, {family}: gets {item}", zipf([item])) for item in fittings]
        for i, weight in enumerate(_uneven(len(rivals))):
            plan.start(first[i], share * part * weight)
            plan.move(extra[i], done, 0.4)
        for a, b in permutations(range(len(rivals)), 2):
            rounds = [plan.state(f"compare, {family}: {a}{b}", zipf([rivals[i]])) for i in (b, a, b)]
            plan.move(first[a], rounds[0], 0.55 if (b - a) % len(rivals) == 1 else 0.45)
            plan.move(rounds[0], rounds[1], 1.0)
            plan.move(rounds[1], rounds[2], 1.0)
            plan.move(rounds[2], rounds[1], 0.3)
            plan.move(rounds[2], extra[a], 0.65 * 0.75)
            plan.move(rounds[2], extra[b], 0.65 * 0.25)


def gift(plan: Plan, share: float) -> None:
    """A card or wrapping that tells for whom, then only what pleases them, in all departments.

    Remembered: for whom.
    """
    for_all = [i for i in shop.where(shop.GIFT) if not shop.products()[i].marks]
    for mark, part in zip("kwb", _uneven(3), strict=True):
        cards = zipf(shop.where(shop.GIFT, mark=mark), 0.85) + zipf(for_all, 0.15)
        presents = zipf(by_fame(set(shop.where(mark=mark)) - set(shop.where(shop.GIFT))))
        opening = plan.state(f"gift, opening: {mark}", cards)
        looking = plan.state(f"gift, looking: {mark}", presents)
        wrapping = plan.state(f"gift, wrapping: {mark}", cards)
        plan.start(opening, share * part)
        plan.move(opening, looking, 0.9)
        plan.move(opening, opening, 0.1)
        plan.move(looking, looking, 0.82)
        plan.move(looking, wrapping, 0.12)
        plan.move(wrapping, looking, 0.3)


def tier(cheap: bool) -> np.ndarray:
    """Indices of the cheapest, or of the dearest, of each family that is no set of rivals."""
    families = [family for _, family in _topics() if len(shop.where(shop.FAMILY, family))]
    prices = np.array([product.price for product in shop.products()])
    members = [shop.where(shop.FAMILY, family) for family in families]
    pick = np.argmin if cheap else np.argmax
    return np.array([family[pick(prices[family])] for family in members])


def budget(plan: Plan, share: float) -> None:
    """All over the shop, but only what is cheap, or only what is dear.

    Remembered: which of the two.
    """
    for name, cheap, part in (("cheap", True, 0.55), ("dear", False, 0.45)):
        opening = plan.state(f"budget, opening: {name}", zipf(tier(cheap)[:10]))
        looking = plan.state(f"budget, looking: {name}", zipf(tier(cheap), 0.95) + 0.05 * elsewhere())
        plan.start(opening, share * part)
        plan.move(opening, looking, 1.0)
        plan.move(looking, looking, 0.87)


def repeat(plan: Plan, share: float) -> None:
    """Something that runs out, and again after every one or two clicks elsewhere.

    Remembered: what runs out; phase: clicks since.
    """
    supplies = by_fame(shop.where(mark="c"))
    for item, part in zip(supplies, _uneven(len(supplies)), strict=True):
        name = shop.products()[item].item_id
        first = plan.state(f"repeat, first {name}", zipf([item]))
        again = plan.state(f"repeat, again {name}", zipf([item]))
        one = plan.state(f"repeat, one click after {name}", elsewhere(), stay=0.6)
        two = plan.state(f"repeat, two clicks after {name}", elsewhere(), stay=0.6)
        plan.start(first, share * part)
        plan.move(first, one, 1.0)
        plan.move(one, two, 0.4)
        plan.move(one, again, 0.6)
        plan.move(two, again, 1.0)
        plan.move(again, one, 0.75)


def stray(plan: Plan, share: float) -> int:
    """A click for no reason, anywhere; then often a start afresh. Returns its state."""
    state = plan.state("stray, anywhere", fame())
    plan.start(state, share)
    for first, part in list(plan.starts.items()):
        plan.move(state, first, 0.6 * part)
    return state


def shop_process() -> tuple[Process, tuple[str, ...]]:
    """The shop's process, and the name of each hidden state: "intent, what is remembered and the phase"."""
    plan = Plan()
    for write in (detour, switch, compare, budget, gift, repeat):
        write(plan, SHARES[write.__name__])
    lost = stray(plan, SHARES["stray"])
    return plan.process(lost), tuple(plan.names)
