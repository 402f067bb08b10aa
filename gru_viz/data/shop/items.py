"""What does the sample shop sell?

240 invented products of invented brands: no name here is meant to be a real one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from gru_viz.catalog import Catalog

MOUNTS = ("Borel", "Corvin", "Dunmar", "Elvan", "Halden", "Mirel", "Sarno", "Tavik")

# Two bodies and three lenses fit each mount: (body names, focal lengths), mounts in the order above.
_CAMERA_LINES = (
    (("B1", "B7"), ("35 mm Lens", "24–70 Zoom Lens", "85 mm Lens")),
    (("C200", "C400"), ("40 mm Lens", "28–75 Zoom Lens", "90 mm Macro Lens")),
    (("D3", "D5 Pro"), ("28 mm Lens", "18–55 Zoom Lens", "105 mm Macro Lens")),
    (("E-One", "E-Two"), ("50 mm Lens", "16–50 Zoom Lens", "75 mm Lens")),
    (("H60", "H80"), ("45 mm Lens", "70–200 Zoom Lens", "20 mm Wide Lens")),
    (("M2", "M4 Mini"), ("23 mm Lens", "15–45 Zoom Lens", "56 mm Lens")),
    (("S10", "S20"), ("55 mm Lens", "24–105 Zoom Lens", "14 mm Wide Lens")),
    (("T-5", "T-9"), ("33 mm Lens", "50–140 Zoom Lens", "60 mm Macro Lens")),
)
_BODY_PRICES, _LENS_PRICES = (749, 1299), (329, 549, 459)

# A department a heading; under it families of six, a blank line between them.
# Each line: id | title | price | marks. The order within a family is its popularity.
# Marks: c is bought again and again; k, w, b please a kid, a wedding couple, a birthday friend; t is
# one of the six bestsellers on the front page.
# A family marked "rivals" lists three that are compared, then the accessory of each, in that order.
_TABLE = """
# Kitchen
rivals
esp-velmora | Velmora Espresso Machine | 249 | w
esp-tarnby | Tarnby Espresso Machine | 279 |
esp-ostrel | Ostrel Espresso Machine | 319 |
pf-velmora | Velmora Portafilter | 39 |
pf-tarnby | Tarnby Portafilter | 42 |
pf-ostrel | Ostrel Portafilter | 49 |

springform | Springform Pan 26 cm | 14 |
spatulas | Silicone Spatula Set | 9 |
stand-mixer | Stand Mixer, Cream | 289 | w
scale | Digital Kitchen Scale | 22 |
copper-bowl | Copper Mixing Bowl | 74 |
rolling-pin | Rolling Pin, Beech | 12 |

chef-knife | Chef's Knife 20 cm | 45 | t
paring-knife | Paring Knife | 8 |
damask-knife | Damask Chef's Knife | 169 | w
bamboo-board | Bamboo Cutting Board | 17 |
walnut-board | Walnut Cutting Board | 89 |
sharpener | Knife Sharpener | 15 |

# Garden
rivals
trim-brennock | Brennock Cordless Trimmer | 99 |
trim-hathrow | Hathrow Cordless Trimmer | 109 |
trim-sorvik | Sorvik Cordless Trimmer | 129 |
bat-brennock | Brennock Trimmer Battery | 45 |
bat-hathrow | Hathrow Trimmer Battery | 48 |
bat-sorvik | Sorvik Trimmer Battery | 55 |

clay-pot | Clay Pot 20 cm | 6 |
herb-seeds | Herb Seed Set | 9 | b
raised-bed | Raised Bed, Larch | 129 |
trowel | Trowel, Ash Handle | 14 |
planter | Glazed Planter, Blue | 69 |
soil | Potting Soil 20 l | 8 |

string-lights | String Lights 10 m | 18 | bt
fold-chair | Folding Chair | 29 |
teak-lounger | Teak Lounge Chair | 239 |
fire-bowl | Fire Bowl 60 cm | 149 | w
citronella | Citronella Candle | 7 |
hammock | Cotton Hammock | 59 |

# Books
rivals
read-pellam | Pellam E-Reader | 119 |
read-lumeva | Lumeva E-Reader | 139 |
read-quillon | Quillon E-Reader | 169 |
case-pellam | Pellam E-Reader Case | 25 |
case-lumeva | Lumeva E-Reader Case | 29 |
case-quillon | Quillon E-Reader Case | 35 |

lighthouse | The Lighthouse Ledger | 14 | bt
salt-thunder | Salt and Thunder | 11 |
stories-cloth | Collected Stories, Cloth | 48 | b
clockmaker | The Clockmaker's Niece | 13 |
folio-myths | Island Myths, Folio | 65 |
pocket-noir | Pocket Mysteries | 5 |

bread-home | Bread at Home | 24 |
bears-sleep | Where Bears Sleep | 9 | k
quiet-atlas | Atlas of Quiet Places | 59 | w
garden-year | A Small Garden Year | 19 |
star-charts | Star Charts, Boxed | 79 |
knots | Forty Useful Knots | 8 |

# Outdoor
rivals
tent-norrick | Norrick Two-Person Tent | 199 |
tent-alder | Aldervik Two-Person Tent | 229 |
tent-skarn | Skarn Two-Person Tent | 259 |
fp-norrick | Norrick Tent Footprint | 29 |
fp-alder | Aldervik Tent Footprint | 32 |
fp-skarn | Skarn Tent Footprint | 36 |

daypack | Daypack 22 l | 59 | t
trail-socks | Trail Socks | 9 |
down-jacket | Down Jacket, Moss | 229 |
poles | Trekking Poles | 39 |
boots | Hiking Boots, Tan | 169 |
tin-mug | Enamel Mug | 7 |

camp-stove | Camp Stove | 45 |
headlamp | Headlamp | 19 |
down-bag | Down Sleeping Bag | 249 |
sleep-mat | Sleeping Mat | 29 |
ti-cookset | Titanium Cook Set | 119 |
fire-steel | Fire Steel | 6 |

# Audio
rivals
hp-ovanti | Ovanti Headphones | 149 |
hp-rillo | Rillo Headphones | 169 |
hp-kestane | Kestane Headphones | 199 |
pads-ovanti | Ovanti Ear Pads | 19 |
pads-rillo | Rillo Ear Pads | 22 |
pads-kestane | Kestane Ear Pads | 26 |

port-speaker | Portable Speaker | 59 | bt
spk-cable | Speaker Cable 5 m | 9 |
tower-spk | Tower Speakers, Ash | 549 |
shower-spk | Shower Speaker | 25 |
shelf-spk | Bookshelf Speakers | 189 |
kids-radio | Kids' Radio, Red | 35 | k

turntable | Record Player, Oak | 229 | w
rec-brush | Record Brush | 11 |
tube-amp | Tube Amplifier | 489 |
rec-sleeves | Record Sleeves ×25 | 8 |
rec-crate | Record Crate | 35 | b
cork-mat | Turntable Mat, Cork | 18 |

# Home
rivals
vac-pelto | Pelto Robot Vacuum | 259 |
vac-arvik | Arvik Robot Vacuum | 299 |
vac-zennor | Zennor Robot Vacuum | 349 |
vf-pelto | Pelto Vacuum Filters | 17 |
vf-arvik | Arvik Vacuum Filters | 19 |
vf-zennor | Zennor Vacuum Filters | 23 |

desk-lamp | Desk Lamp, Brass | 79 |
led-bulb | LED Bulb, Warm | 4 |
arc-lamp | Arc Floor Lamp | 189 |
moon-light | Moon Night Light | 15 | k
glass-pendant | Glass Pendant Lamp | 139 |
paper-lantern | Paper Lantern | 12 |

wool-throw | Wool Throw, Grey | 69 | wt
cotton-towel | Cotton Towel | 8 |
linen-bed | Linen Bed Set | 129 | w
cushion | Cushion Cover, Ochre | 11 |
silk-pillow | Silk Pillowcase | 75 |
door-mat | Door Mat, Coir | 17 |

# Toys
rivals
train-bimbu | Bimbu Train Set | 59 | k
train-rolano | Rolano Train Set | 69 |
train-tockle | Tockle Train Set | 79 |
track-bimbu | Bimbu Track Pack | 15 |
track-rolano | Rolano Track Pack | 18 |
track-tockle | Tockle Track Pack | 21 |

quiz-game | Family Quiz Game | 25 | b
card-game | Llama Jam Card Game | 9 | k
chess-walnut | Walnut Chess Set | 119 | b
puzzle | Puzzle, 1,000 Pieces | 17 |
epic-game | Epic Board Game, Deluxe | 89 |
dice | Dice Set | 6 |

blocks | Wooden Blocks | 24 | k
bath-ducks | Bath Ducks | 7 | k
dolls-house | Doll's House | 129 | k
plush-rabbit | Plush Rabbit | 15 | k
rocking-horse | Rocking Horse | 139 | k
finger-paints | Finger Paints | 8 |

# Care
rivals
brush-sonvia | Sonvia Toothbrush | 69 |
brush-klaren | Klaren Toothbrush | 79 |
brush-bristo | Bristano Toothbrush | 99 |
heads-sonvia | Sonvia Brush Heads | 14 |
heads-klaren | Klaren Brush Heads | 16 |
heads-bristo | Bristano Brush Heads | 19 |

olive-soap | Olive Soap Bar | 4 | c
shampoo | Nettle Shampoo | 7 | c
bathrobe | Waffle Bathrobe | 79 | w
hand-cream | Hand Cream | 6 | c
fig-perfume | Fig Perfume 50 ml | 95 | b
bath-salts | Lavender Bath Salts | 9 |

day-cream | Day Cream SPF 30 | 18 |
razor-blades | Razor Blades ×10 | 5 | c
face-serum | Night Serum | 49 |
cotton-pads | Cotton Pads | 3 | c
shave-kit | Leather Shaving Kit | 85 |
razor | Safety Razor, Chrome | 39 |

# Pantry
rivals
soda-fizzano | Fizzano Soda Maker | 79 |
soda-bubla | Bublana Soda Maker | 89 |
soda-perlio | Perlio Soda Maker | 109 |
co2-fizzano | Fizzano Gas Cylinder | 19 |
co2-bubla | Bublana Gas Cylinder | 21 |
co2-perlio | Perlio Gas Cylinder | 24 |

esp-beans | Espresso Beans 1 kg | 16 | c
green-tea | Green Tea 100 g | 8 | c
estate-coffee | Single-Estate Coffee | 29 | b
filters | Coffee Filters ×100 | 4 | c
matcha | Ceremonial Matcha | 34 |
cocoa | Cocoa Powder | 6 |

olive-oil | Olive Oil 1 l | 14 | c
granola | Oat Granola | 5 | c
truffle-oil | Truffle Oil | 26 | w
dark-choc | Dark Chocolate | 3 |
saffron | Saffron 2 g | 24 |
sea-salt | Sea Salt Flakes | 6 |

# Pets
rivals
feed-mauzo | Mauzo Auto Feeder | 59 |
feed-felby | Felby Auto Feeder | 69 |
feed-tappo | Tappino Auto Feeder | 89 |
tray-mauzo | Mauzo Feeder Tray | 12 |
tray-felby | Felby Feeder Tray | 14 |
tray-tappo | Tappino Feeder Tray | 17 |

dog-food | Dog Food, Lamb 5 kg | 24 | c
waste-bags | Waste Bags ×200 | 8 | c
dog-bed | Memory Foam Dog Bed | 89 |
leash | Nylon Dog Leash | 11 |
dog-coat | Wool Dog Coat | 59 |
chew-ring | Chew Ring | 6 |

cat-litter | Cat Litter 10 l | 9 | c
cat-food | Cat Food, Tuna ×12 | 12 | c
cat-tower | Cat Tower, Birch | 159 |
scratch-post | Scratching Post | 39 |
cat-cave | Felt Cat Cave | 65 |
teaser | Feather Teaser | 5 |
"""

_PHOTO_ACCESSORIES = """
memory-card | Memory Card 64 GB | 19 |
tripod | Travel Tripod | 79 |
camera-bag | Camera Bag | 49 |
lens-cloth | Lens Cloth | 6 |
strap | Camera Strap, Leather | 35 |
clean-kit | Sensor Cleaning Kit | 15 |
remote | Remote Shutter | 25 |
card-reader | Card Reader | 17 |
photo-pack | Photo Backpack | 99 |
softbox | Softbox Light | 65 |
"""

# Cards and wrapping: k, w, b say for whom; no mark fits every present.
_GIFTS = """
gift-card | Gift Card | 25 |
gift-box | Kraft Gift Box | 4 |
dino-wrap | Dinosaur Wrapping Paper | 4 | k
kids-card | Birthday Card, Rocket | 3 | k
balloons | Party Balloons ×20 | 5 | k
wedding-card | Wedding Card | 4 | w
silver-ribbon | Silver Satin Ribbon | 3 | w
bday-card | Birthday Card, Gold | 3 | b
gift-bag | Gift Bag, Emerald | 3 | b
candles | Birthday Candles | 3 | b
"""

# Roles: what the process uses a product for.
RIVALS, FAMILY = "rivals", "family"
BODY, LENS, PHOTO_ACCESSORY = "body", "lens", "photo accessory"
GIFT = "gift"


@dataclass(frozen=True)
class Product:
    """One product of the shop.

    role:   what the process uses it for, one of the six words above
    family: products that belong together; for bodies and lenses the mount
    marks:  letters of the table: c, k, w, b, t
    """

    item_id: str
    title: str
    department: str
    price: int
    role: str
    family: str
    marks: str = ""


def _row(line: str, department: str, role: str, family: str) -> Product:
    item_id, title, price, marks = (part.strip() for part in line.split("|"))
    return Product(item_id, title, department, int(price), role, family, marks)


def _mount(mount: str, bodies: tuple[str, ...], lenses: tuple[str, ...]) -> list[Product]:
    slug = mount.lower()
    cameras = [
        Product(f"{slug}-{body.split()[0].lower()}", f"{mount} {body} Camera", "Photo", price, BODY, mount)
        for body, price in zip(bodies, _BODY_PRICES, strict=True)
    ]
    glass = [
        Product(f"{slug}-{lens.split()[0].replace('–', '-')}", f"{mount} {lens}", "Photo", price, LENS, mount)
        for lens, price in zip(lenses, _LENS_PRICES, strict=True)
    ]
    return cameras + glass


def _photo() -> list[Product]:
    lines = zip(MOUNTS, _CAMERA_LINES, strict=True)
    fitted = [product for mount, (bodies, lenses) in lines for product in _mount(mount, bodies, lenses)]
    neutral = [
        _row(line, "Photo", PHOTO_ACCESSORY, "Photo accessories")
        for line in _PHOTO_ACCESSORIES.strip().splitlines()
    ]
    return fitted + neutral


def _department(text: str) -> list[Product]:
    name, _, rest = text.strip().partition("\n")
    products = []
    for number, block in enumerate(rest.split("\n\n")):
        lines = block.strip().splitlines()
        rivals = lines[0] == "rivals"
        role, rows = (RIVALS, lines[1:]) if rivals else (FAMILY, lines)
        products += [_row(line, name, role, f"{name} {number}") for line in rows]
    return products


@cache
def products() -> tuple[Product, ...]:
    """All 240, department after department: Photo, ten others, Gifts."""
    others = [product for text in _TABLE.split("# ")[1:] for product in _department(text)]
    gifts = [_row(line, "Gifts", GIFT, "Gifts") for line in _GIFTS.strip().splitlines()]
    return (*_photo(), *others, *gifts)


@cache
def catalog() -> Catalog:
    """The shop's catalogue, items in the order of `products()`."""
    goods = products()
    return Catalog(
        tuple(product.item_id for product in goods),
        tuple(product.title for product in goods),
        tuple(product.department for product in goods),
    )


def departments() -> tuple[str, ...]:
    """The twelve departments in the order of the catalogue."""
    return tuple(dict.fromkeys(product.department for product in products()))


def where(role: str = "", family: str = "", department: str = "", mark: str = "") -> np.ndarray:
    """Indices of the products with all that is given, in catalogue order."""
    return np.array(
        [
            index
            for index, product in enumerate(products())
            if role in ("", product.role)
            and family in ("", product.family)
            and department in ("", product.department)
            and mark in product.marks
        ],
        dtype=np.int64,
    )
