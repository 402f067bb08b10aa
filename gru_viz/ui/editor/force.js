// What can be forced: presets as buttons, any value in a form that opens below them, and where they act.

const TOP = 5; // units that the button asks for; any other number can be typed

class Force {
  /** force({preset} or {quantity, action, value, keeps}, and {first, last, units, layer}); read(keeps). */
  constructor({ force, read }) {
    this.force = force;
    this.buildWhere();
    this.buildForm();
    this.reading = el("div", { class: "switch", role: "group", "aria-label": "What z is the share of" },
      ...[[false, "z writes", "z is the share of the new: h = (1 − z) h + z h̃"], [true, "z keeps", "z is the share of the old: h = z h + (1 − z) h̃ (PyTorch, Keras)"]].map(
        ([keeps, text, title]) => el("button", { type: "button", text, title, "data-testid": keeps ? "read-keeps" : "read-writes", onclick: () => read(keeps) })));
    this.more = el("button", { type: "button", "data-testid": "force-more", "aria-expanded": "false", class: "quiet", title: "Hold any gate or state at a value of your own, or scale it", onclick: () => this.open(this.form.hidden) });
    this.presets = el("div", { class: "presets" });
    this.rule = el("p", { class: "caption", "data-testid": "force-rule",
      text: "What is forced stays at its click numbers when clicks are edited; “every click” includes new ones." });
    this.root = el("section", { class: "force", "aria-label": "Force a gate or a state" },
      el("h3", { text: "Force" }), this.where_, el("span", { class: "space" }), this.reading, this.presets, this.form, this.rule);
    this.open(false);
  }

  buildWhere() {
    const number = (id, label) => el("input", { type: "number", min: 1, "data-testid": id, "aria-label": label, title: label });
    this.first = number("force-first", "First click");
    this.last = number("force-last", "Last click");
    this.units = el("input", { type: "text", placeholder: "all", "data-testid": "force-units", maxlength: 200, spellcheck: "false",
      "aria-label": "Units: all, such as 3, 5-9, or top 5", title: "Units, such as 3, 5-9; empty for all; top 5 for the five that matter most" });
    this.topmost = el("button", { type: "button", class: "quiet", text: `top ${TOP}`, "data-testid": "force-top",
      title: "The units that matter most for the followed item, as “Which units matter here?” finds them; type another number if you like",
      onclick: () => { this.units.value = `top ${TOP}`; } });
    this.layer = el("select", { "data-testid": "force-layer", "aria-label": "Layer" });
    this.layers = el("label", {}, "layer ", this.layer);
    this.where_ = el("div", { class: "where" },
      el("span", {}, "clicks ", this.first, " to ", this.last),
      el("span", {}, el("label", {}, "units ", this.units), this.topmost), this.layers);
  }

  buildForm() {
    const changed = { onchange: () => { this.value.value = ""; this.fit(); } };
    this.quantity = el("select", { "data-testid": "force-quantity", "aria-label": "What to force", ...changed });
    this.action = el("select", { "data-testid": "force-action", "aria-label": "How", ...changed },
      el("option", { value: "clamp", text: "held at" }), el("option", { value: "scale", text: "scaled by" }));
    this.slider = el("input", { type: "range", "data-testid": "force-slider", "aria-label": "Value",
      oninput: () => { this.value.value = this.slider.value; } });
    this.value = el("input", { type: "number", step: "any", "data-testid": "force-value", "aria-label": "Value",
      oninput: () => { this.slider.value = this.value.value; } });
    this.range = el("span", { class: "muted" });
    this.form = el("form", { class: "any", "data-testid": "force-form", novalidate: true,
      onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      this.quantity, this.action, this.slider, this.value, this.range,
      el("button", { type: "submit", text: "Force it", "data-testid": "force-it" }));
  }

  open(opened) {
    this.form.hidden = !opened;
    this.more.textContent = opened ? "Any value ▴" : "Any value ▾";
    this.more.setAttribute("aria-expanded", String(opened));
  }

  /** Fits the shown variant: all of its clicks where nothing else was said. */
  receive({ variants, shown, units, layer, offered }) {
    const { clicks, forced } = variants[shown];
    const T = clicks.length;
    if (!this.first.value) this.first.value = 1;
    if (!this.last.value || Number(this.last.value) === this.T || Number(this.last.value) > T) this.last.value = T;
    if (Number(this.first.value) > T) this.first.value = T;
    this.first.max = this.last.max = this.T = T;
    this.layers.hidden = units.length === 1;
    if (this.layer.children.length !== units.length)
      this.layer.replaceChildren(...units.map((_, n) => el("option", { value: n, text: n + 1, selected: n === layer })));
    this.rule.hidden = !forced.length;
    this.offer(offered);
  }

  /** What this cell has; drawn anew only where that is something else. */
  offer(offered) {
    const same = JSON.stringify(offered);
    if (same === this.offered_) return;
    this.offered_ = same;
    this.offered = offered;
    this.reading.hidden = offered.keeps === null;
    [...this.reading.children].forEach((node, place) => node.setAttribute("aria-pressed", String((place === 1) === offered.keeps)));
    this.presets.replaceChildren(...offered.presets.map(({ key, symbol, words, title }) =>
      el("button", { type: "button", "data-testid": `force-${key}`, title, onclick: () => this.force({ preset: key, ...this.where() }) },
        el("b", { text: symbol }), el("span", { class: "muted", text: ` ${words}` }))), this.more);
    const chosen = this.quantity.value;
    this.quantity.replaceChildren(...offered.quantities.map(({ name, clamp }) =>
      el("option", { value: name, text: clamp.words, selected: name === chosen })));
    this.fit();
  }

  /** The slider and the number go over what this quantity takes; of another one they begin anew. */
  fit() {
    const chosen = this.offered.quantities.find(({ name }) => name === this.quantity.value);
    const { words, range: [low, high], start } = chosen[this.action.value];
    this.quantity.selectedOptions[0].textContent = words;
    for (const input of [this.slider, this.value]) Object.assign(input, { min: low, max: high });
    this.slider.step = high > 1 ? 0.1 : 0.01;
    if (this.value.value === "") this.value.value = start;
    this.slider.value = this.value.value;
    this.range.textContent = `${low < 0 ? "−" : ""}${Math.abs(low)} to ${high}`;
  }

  submit() {
    const value = this.value.value === "" ? null : Number(this.value.value);
    this.force({ quantity: this.quantity.value, action: this.action.value, value, keeps: this.offered.keeps === true, ...this.where() });
  }

  where() {
    return { first: Number(this.first.value), last: Number(this.last.value), units: this.units.value, layer: Number(this.layer.value) };
  }
}
