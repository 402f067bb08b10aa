// What can be forced: presets as buttons, and where they act.

const PRESETS = [
  ["z0", "z ≡ 0", "writes nothing", "The update gate is held at 0 (z writes): the state stays as it is"],
  ["z1", "z ≡ 1", "no memory", "The update gate is held at 1 (z writes): the candidate replaces the state"],
  ["r0", "r ≡ 0", "past unseen", "The reset gate is held at 0: the candidate does not look at the state"],
  ["r1", "r ≡ 1", "past all seen", "The reset gate is held at 1: the candidate looks at the whole state"],
  ["forget", "forget", "before the first click", "The state before that click is 0 in every layer, as at the start of a session"],
  ["ablate", "ablate", "these units", "Nothing can be read from these units, neither by the next click nor by the output"],
  ["freeze", "freeze", "these units", "These units keep the state they had"],
];

class Force {
  /** force(preset, {first, last, units, layer}) */
  constructor(force) {
    const number = (id, label) =>
      el("input", { type: "number", min: 1, "data-testid": id, "aria-label": label, title: label });
    this.first = number("force-first", "First click");
    this.last = number("force-last", "Last click");
    this.units = el("input", { type: "text", placeholder: "all", "data-testid": "force-units", "aria-label": "Units, such as 3, 5-9",
      title: "Units, such as 3, 5-9; empty for all", maxlength: 200 });
    this.layer = el("select", { "data-testid": "force-layer", "aria-label": "Layer" });
    this.layers = el("label", {}, "layer ", this.layer);
    this.buttons = PRESETS.map(([preset, symbol, words, title]) =>
      el("button", { type: "button", "data-testid": `force-${preset}`, title, onclick: () => force(preset, this.where()) },
        el("b", { text: symbol }), el("span", { class: "muted", text: ` ${words}` })));
    this.root = el("section", { class: "force", "aria-label": "Force a gate or a state" },
      el("h3", { text: "Force" }),
      el("div", { class: "where" },
        el("span", {}, "clicks ", this.first, " to ", this.last),
        el("label", {}, "units ", this.units), this.layers),
      el("div", { class: "presets" }, ...this.buttons));
  }

  /** Fits the shown variant: all of its clicks where nothing else was said. */
  receive({ variants, shown, units, layer }) {
    const T = variants[shown].clicks.length;
    if (!this.first.value) this.first.value = 1;
    if (!this.last.value || Number(this.last.value) === this.T || Number(this.last.value) > T) this.last.value = T;
    if (Number(this.first.value) > T) this.first.value = T;
    this.first.max = this.last.max = this.T = T;
    this.layers.hidden = units.length === 1;
    if (this.layer.children.length !== units.length)
      this.layer.replaceChildren(...units.map((_, n) => el("option", { value: n, text: n + 1, selected: n === layer })));
  }

  where() {
    return { first: Number(this.first.value), last: Number(this.last.value), units: this.units.value, layer: Number(this.layer.value) };
  }
}
