// One cell's board: its state, its gates on request, what it would recommend, and one unit's anatomy.

const GATES_HEIGHT = 96; // pixels of a gate's cells

/** The parts of a sentence as nodes. */
const spoken = (parts) =>
  parts.map(([kind, text]) => (kind === "text" ? text : el(kind === "number" ? "b" : "strong", { class: kind, text })));

/** A heatmap with numbers of clicks alone, for those that stand below one with titles. */
class Numbered extends Heatmap {
  resize(height) {
    super.resize(height);
    this.labelled = false;
    this.height = height + TICKS;
    this.canvas.style.height = `${this.height}px`;
    this.canvas.height = Math.round(this.height * this.ratio);
  }
}

class Board {
  constructor(data, legend, callbacks) {
    Object.assign(this, { data, legend });
    this.cell = data.cell;
    this.values = Object.fromEntries(Object.entries(data.values).map(([name, text]) => [name, decode(text)]));
    this.unit = data.unit;
    this.hovered = null;
    const listening = {
      hover: (unit) => this.hover(unit),
      choose: (unit) => this.choose(unit),
      move: (by) => this.choose(data.order[Math.max(0, Math.min(data.units - 1, data.order.indexOf(this.unit) + by))]),
    };
    this.changed = callbacks.changed;
    this.state = new Heatmap(data.state, listening);
    this.gates = data.quantities.filter((name) => name !== data.state).map((name) => new Numbered(name, listening));
    this.badge = el("p", { class: "badge", "data-testid": `clicked-${this.cell}` });
    this.list = el("ol", { class: "firsts", "data-testid": `next-${this.cell}` });
    this.rows = data.tops[0].items.map(() => this.row());
    this.list.append(...this.rows.map((row) => row.root));
    this.number = el("input", { type: "number", min: 0, max: data.units - 1, "aria-label": `Unit of the ${data.name}`,
      "data-testid": `unit-${this.cell}`, onchange: () => {
        const unit = Number(this.number.value);
        if (Number.isInteger(unit) && unit >= 0 && unit < data.units) this.choose(unit);
        else this.number.value = this.unit;
      } });
    this.where = el("span");
    this.anatomy = new Anatomy(data.plan, this.cell, data.name);
    this.more = el("div", { class: "gates", hidden: true }, ...this.gates.map((map) => map.root));
    this.root = el("article", { class: "cell", "data-testid": `cell-${this.cell}`, "aria-label": data.name },
      el("header", {}, el("h3", { text: data.name[0].toUpperCase() + data.name.slice(1) }), el("span", { class: "muted", text: data.gates })),
      ...(data.of ? [el("p", { class: "muted of", text: data.of, title: data.of })] : []),
      this.state.root,
      el("h4", { text: "What it would recommend next" }), this.list, this.badge,
      el("h4", { title: "Any row of the heatmap above may be chosen" }, "Inside unit ", this.number, this.where), this.anatomy.root, this.more);
  }

  row() {
    const parts = {
      rank: el("span", { class: "rank" }), bar: el("i", { class: "bar" }),
      title: el("span", { class: "title" }), probability: el("span", { class: "probability" }),
    };
    return { ...parts, root: el("li", {}, parts.rank, el("span", { class: "named" }, parts.bar, parts.title), parts.probability) };
  }

  choose(unit) {
    this.unit = unit;
    this.changed();
  }

  hover(unit) {
    if (unit === this.hovered) return;
    this.hovered = unit;
    this.drawMaps();
  }

  arrange(labels, items, scale, theme, keeps, open) {
    Object.assign(this, { items, scale, theme, keeps });
    this.more.hidden = !open;
    this.open = open;
    for (const map of [this.state, ...(open ? this.gates : [])]) {
      const q = this.legend.quantities[map.name];
      const flip = map.name === "z" && keeps;
      map.receive({
        values: flip ? this.values.z.map((value) => 1 - value) : this.values[map.name],
        clicks: labels.length, units: this.data.units, low: q.low, high: q.high, labels,
        title: q.name, symbol: this.data.symbols[map.name],
        caption: flip ? this.legend.keeps_caption : this.data.captions[map.name],
        colours: q.low < 0 ? [theme.diverging[0], theme.background, theme.diverging[1]] : [theme.background, q[theme.name]],
      });
      map.resize(map === this.state ? 176 : GATES_HEIGHT);
      map.paint(this.data.order);
    }
  }

  drawMaps() {
    const marked = this.hovered ?? this.unit;
    for (const map of [this.state, ...(this.open ? this.gates : [])]) map.draw(this.step, marked, this.theme);
  }

  show(step) {
    this.step = step;
    this.drawMaps();
    for (const map of [this.state, ...(this.open ? this.gates : [])]) map.describe(step);
    const top = this.data.tops[step];
    this.root.setAttribute("data-step", step + 1);
    this.root.setAttribute("data-rank", top.rank ?? "");
    this.rows.forEach((row, k) => {
      const index = top.items[k];
      row.root.setAttribute("data-item-id", this.items[index].id);
      row.root.classList.toggle("real", index === top.clicked);
      row.rank.textContent = k + 1;
      row.title.textContent = this.items[index].title;
      row.bar.style.transform = `scaleX(${Math.max(top.probabilities[k] / this.scale, 0.004)})`;
      row.probability.textContent = percent(top.probabilities[k]);
    });
    this.showClicked(top);
    this.number.value = this.unit;
    this.where.textContent = `at click ${step + 1}`;
    const at = (name, t) => this.values[name][t * this.data.units + this.unit];
    this.anatomy.show((name) => at(name, step), step === 0 ? () => 0 : (name) => at(name, step - 1), this.keeps);
  }

  showClicked(top) {
    if (top.clicked === undefined) {
      this.badge.replaceChildren("The session ends here.");
      return;
    }
    const rank = top.rank === null ? "not among the items kept" : `rank ${top.rank.toLocaleString("en")}`;
    this.badge.replaceChildren("Really clicked next: ", el("strong", { text: this.items[top.clicked].title }), ", ",
      el("b", { class: top.rank === 1 ? "hit" : "", text: rank }), ` (${percent(top.probability)})`);
  }
}
