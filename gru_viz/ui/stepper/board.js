// The walk with its board: what each unit does at every click, what comes next, and one unit's sums.
//
// Of the trace everything is read here. To what the walk reports come the unit, the order, the
// layer, and the event "append".

const PLAIN = ["number", "item"]; // kinds of a sentence's parts that are no quantity
const SORTS = {
  "half-life": "by half-life",
  index: "by number",
  activity: "by activity now",
  contribution: "by push on the top item",
};

/** The parts of a sentence as nodes: text, titles, numbers, and quantities in their colour. */
const worded = (parts) =>
  parts.map(([kind, text]) =>
    kind === "text" ? text : el(kind === "number" ? "b" : "strong", { class: PLAIN.includes(kind) ? kind : `q q-${kind}`, text }));

class Stepper extends Walk {
  build() {
    super.build();
    this.hovered = null;
    this.sentence = el("p", { class: "sentence", "data-testid": "sentence" });
    this.controls.after(this.sentence);
    this.reading = el("p", { class: "caption reading", "data-testid": "reading" });
    this.callbacks = {
      hover: (unit, click) => this.hover(unit, click),
      choose: (unit) => this.choose(unit === this.state.unit ? null : unit, true),
      move: (by) => this.moveUnit(by),
    };
    this.maps = [];
    this.nextItems = new NextItems({ append: (id) => this.send("append", { item_id: id, step: this.state.step + 1 }) });
    this.unitPanel = new UnitPanel({
      choose: (unit) => this.choose(Math.max(0, Math.min(this.trace.units - 1, unit))),
      close: () => {
        this.choose(null);
        this.open.focus({ preventScroll: true });
      },
    });
    this.board = el("div", { class: "maps" });
    this.root.append(
      el("div", { class: "board" }, this.reading, el("div", {}, this.board, this.buildBelow()), this.nextItems.root), this.unitPanel.root);
  }

  /** What stands below the heatmaps. */
  buildBelow() {
    this.sort = el("select", { "data-testid": "sort", "aria-label": "Order of the units",
      title: "By half-life: how slowly a unit forgot over this whole session. By push: how much it adds to the first item's score.",
      onchange: () => this.change({ sort: this.sort.value }, true) });
    this.layer = el("select", { "data-testid": "layer", "aria-label": "Layer",
      onchange: () => this.report({ layer: Number(this.layer.value) }, 0) });
    this.readout = el("span", { class: "readout muted" });
    this.open = button("unit-open", "Show one unit's arithmetic", "Or choose any row of a heatmap",
      () => {
        this.choose(this.order[0], true);
        this.unitPanel.number.focus({ preventScroll: true });
      }, "quiet");
    return el("div", { class: "below" }, el("label", { class: "muted" }, "units ", this.sort),
      el("label", { class: "muted layers" }, "layer ", this.layer), this.open, this.readout);
  }

  // ---- what comes from Python -------------------------------------------------------------

  adopt(data) {
    super.adopt(data);
    const { values, input, recurrent, bias, digits, readout } = data.trace;
    this.data = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, decode(text)]));
    Object.assign(this.data, { input: decode(input), recurrent: decode(recurrent), bias: decode(bias) });
    this.data.digits = Object.fromEntries(Object.entries(digits).map(([name, text]) => [name, decodeBytes(text)]));
    this.reading.textContent = data.trace.reading;
    this.readoutRows = readout && { items: readout.items, rows: decode(readout.rows) };
    this.fillSelects();
    this.fillMaps();
  }

  /** A heatmap for every quantity that this cell has; they stay while the cell does. */
  fillMaps() {
    const names = this.trace.quantities;
    if (names.join() === this.maps.map((map) => map.name).join()) return;
    this.maps = names.map((name) => new Heatmap(name, this.callbacks));
    this.board.replaceChildren(...this.maps.map((map) => map.root));
    this.board.dataset.maps = names.length;
  }

  fill(data) {
    super.fill(data);
    this.nextItems.receive(data.trace, data.edits);
    this.unitPanel.receive(data.trace, this.data);
  }

  fillSelects() {
    const { layer, layers } = this.trace;
    const sorts = Object.entries(SORTS).filter(([name]) => name !== "contribution" || this.readoutRows);
    if (!sorts.some(([name]) => name === this.state.sort)) this.state.sort = BEGINNING.sort;
    this.sort.replaceChildren(...sorts.map(([value, text]) => el("option", { value, text })));
    this.layer.replaceChildren(...Array.from({ length: layers }, (_, i) =>
      el("option", { value: i, text: i === layers - 1 ? `${i + 1} (top)` : `${i + 1}`, selected: i === layer })));
    this.layer.parentElement.hidden = layers === 1;
  }

  // ---- what a person does -----------------------------------------------------------------

  choose(unit, show = false) {
    this.change({ unit });
    if (unit === null) return;
    if (show) this.unitPanel.root.scrollIntoView({ block: "nearest" });
    const value = (name) => this.valueOf(name, this.state.step, unit);
    const values = this.trace.quantities.map((name) =>
      `${name} ${minus(name === "z" && this.state.keeps ? 1 - value(name) : value(name))}`);
    const kept = CELLS[this.trace.cell].keep(value);
    this.spoken.textContent = `Unit ${unit}: ${values.join(", ")}; kept ${percentOf(kept)} percent.`;
  }

  valueOf(name, click, unit) {
    return this.data[name][click * this.trace.units + unit];
  }

  moveUnit(by) {
    const place = this.state.unit === null ? -1 : this.order.indexOf(this.state.unit);
    const row = Math.max(0, Math.min(this.trace.units - 1, place + by));
    this.choose(this.order[row]);
  }

  hover(unit, click) {
    if (unit === this.hovered && click === this.hoveredClick) return;
    this.hovered = unit;
    this.hoveredClick = click;
    this.drawMaps();
  }

  // ---- drawing ----------------------------------------------------------------------------

  arrange() {
    super.arrange();
    this.root.style.setProperty("--clicked", this.theme.clicked);
    this.sort.value = this.state.sort;
    this.order = null;
    this.arrangeMaps();
    this.reserve();
  }

  arrangeMaps() {
    const { legend, clicks, units, items } = this.trace;
    const { background, diverging, name: theme } = this.theme;
    const labels = clicks.map((index, t) => `${t + 1} ${items[index].title}`);
    const narrow = this.root.clientWidth < 720;
    const height = narrow ? 150 : Math.max(180, Math.min(264, Math.max(units * 4, 200)));
    for (const map of this.maps) {
      const q = legend.quantities[map.name];
      const flip = map.name === "z" && this.state.keeps;
      map.receive({
        values: flip ? this.data.z.map((value) => 1 - value) : this.data[map.name],
        clicks: clicks.length, units, low: q.low, high: q.high, labels,
        title: q.name, symbol: q.symbol, caption: flip ? legend.keeps_caption : q.caption,
        colours: q.low < 0 ? [diverging[0], background, diverging[1]] : [background, q[theme]],
      });
      map.resize(height);
    }
  }

  /** Room for the longest sentence of this session, so that nothing below it moves while stepping. */
  reserve() {
    const { lead, writes, keeps } = this.trace.sentences;
    const second = this.state.keeps ? keeps : writes;
    const length = (t) => [...lead[t], ...second[t]].reduce((sum, [, text]) => sum + text.length, 0);
    const longest = [...lead.keys()].sort((a, b) => length(b) - length(a)).slice(0, 4);
    this.sentence.style.minHeight = "0";
    const heights = longest.map((t) => {
      this.sentence.replaceChildren(...worded([...lead[t], ...second[t]]));
      return this.sentence.offsetHeight;
    });
    this.sentence.style.minHeight = `${Math.max(...heights)}px`;
  }

  draw() {
    this.reorder();
    this.drawMaps(); // first: text on a canvas asks for the page's layout, which nothing has changed yet
    super.draw();
    const { step, unit, keeps } = this.state;
    const { sentences } = this.trace;
    this.maps.forEach((map) => map.describe(step));
    this.nextItems.show(step);
    this.sentence.replaceChildren(...worded([...sentences.lead[step], ...sentences[keeps ? "keeps" : "writes"][step]]));
    this.open.hidden = unit !== null;
    this.unitPanel.show(step, unit, keeps, this.theme); // last: it asks for a width, all else is in place by then
  }

  drawMaps() {
    const marked = this.hovered ?? this.state.unit;
    for (const map of this.maps) map.draw(this.state.step, marked, this.theme);
    const click = Math.min(this.hoveredClick ?? this.state.step, this.state.step);
    if (this.hovered === null) {
      this.readout.textContent = "";
      return;
    }
    const values = this.trace.quantities.map((name) => {
      const value = this.valueOf(name, click, this.hovered);
      const symbol = this.trace.legend.quantities[name].symbol;
      return `${symbol} ${minus(name === "z" && this.state.keeps ? 1 - value : value)}`;
    });
    this.readout.textContent = `unit ${this.hovered} · click ${click + 1} · ${values.join("  ")}`;
  }

  /** Units in the chosen order; repaints the pictures only when the order is another one. */
  reorder() {
    const { units, half_lives: lives } = this.trace;
    const { step, sort } = this.state;
    const h = this.data.h.subarray(step * units, (step + 1) * units);
    const weight = {
      index: () => 0,
      "half-life": (unit) => lives[unit] ?? Infinity,
      activity: (unit) => Math.abs(h[unit]),
      contribution: (unit) => h[unit] * this.readoutRow()[unit],
    }[sort];
    const weights = Array.from({ length: units }, (_, unit) => weight(unit));
    const order = [...weights.keys()].sort((a, b) => weights[b] - weights[a] || a - b);
    if (this.order && order.every((unit, row) => unit === this.order[row])) return;
    this.order = order;
    this.maps.forEach((map) => map.paint(order));
  }

  readoutRow() {
    const { units, tops } = this.trace;
    const row = this.readoutRows.items.indexOf(tops[this.state.step].items[0]);
    return this.readoutRows.rows.subarray(row * units, (row + 1) * units);
  }

  words() {
    const { items, tops } = this.trace;
    const top = tops[this.state.step];
    const moved = top.items
      .map((index, k) => [index, (top.before[k] ?? k + 1) - (k + 1)])
      .reduce((best, entry) => (Math.abs(entry[1]) > Math.abs(best[1]) ? entry : best), [null, 0]);
    return `${super.words()} First: ${items[top.items[0]].title}, ${percent(top.probabilities[0])}.` +
      (moved[0] === null ? "" : ` ${items[moved[0]].title} ${moved[1] > 0 ? "up" : "down"} ${Math.abs(moved[1])}.`);
  }
}
