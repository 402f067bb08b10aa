// What the one shown holds above or below the reference: one gate or state at a time, units × clicks.

const CELLS = 170; // px of the cells' height
const ENDS = [-1, 1]; // of the colours, for every quantity; what is beyond them has their colours

class Difference {
  /** differ(quantity) */
  constructor(differ) {
    this.differ = differ;
    this.map = new Heatmap("difference", { hover: (unit, column) => this.hover(unit, column), choose: () => {}, move: () => {} });
    this.readout = el("p", { class: "caption readout" });
    this.none = el("p", { class: "caption", text: "No click stands in both at the same place, so nothing is set against each other." });
    this.which = el("div", { class: "switch", role: "group", "aria-label": "Whose difference is shown" });
    this.root = el("section", { class: "states" }, el("header", {}, this.map.title, this.which), this.map.root, this.readout, this.none);
  }

  receive({ held, items, variants, shown, pinned, layer, units }, { background, diverging }) {
    this.held = held;
    this.root.hidden = shown === pinned;
    this.choices(held);
    const there = held.clicks.length > 0;
    this.map.root.hidden = this.readout.hidden = !there;
    this.none.hidden = there;
    const { symbol, title } = held.choices.find(({ name }) => name === held.quantity);
    this.map.receive({
      values: decode(held.values), clicks: held.clicks.length, units: held.units, low: ENDS[0], high: ENDS[1],
      colours: [diverging[0], background, diverging[1]],
      title: `Difference of the ${title.toLowerCase()}`, symbol: units.length > 1 ? `${symbol}, layer ${layer + 1}` : symbol,
      caption: `${variants[shown].name} minus ${variants[pinned].name.toLowerCase()}, at the clicks that both have${held.keeps ? "; z keeps" : ""}.`,
      labels: held.clicks.map((t) => `${t + 1} ${items[variants[shown].clicks[t]].title}`),
    });
    if (!there) return;
    this.map.paint(Array.from({ length: held.units }, (_, unit) => unit));
    this.map.describe(held.clicks.length - 1);
    this.hover(null);
  }

  /** The buttons stay where the cell does, so that one of them keeps the focus. */
  choices({ choices, quantity }) {
    const named = JSON.stringify(choices);
    if (named !== this.named) {
      this.named = named;
      this.which.replaceChildren(...choices.map(({ name, symbol, title }) =>
        el("button", { type: "button", text: symbol, title, "aria-label": title, "data-testid": `differ-${name}`, onclick: () => this.differ(name) })));
    }
    choices.forEach(({ name }, place) => this.which.children[place].setAttribute("aria-pressed", String(name === quantity)));
  }

  hover(unit, column) {
    const { clicks, units } = this.held;
    this.readout.textContent = unit === null ? "\u00a0"
      : `unit ${unit} at click ${clicks[column] + 1}: ${signed(this.map.values[column * units + unit])}`;
  }

  /** The canvas alone has a size of its own; all else is laid out by the style sheet. */
  layout(theme) {
    if (!this.held.clicks.length) return;
    this.map.resize(CELLS);
    this.map.draw(this.map.clicks - 1, null, theme);
  }
}
