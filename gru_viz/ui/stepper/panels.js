// What stands round the heatmaps: the recommendations, and one unit's arithmetic.

/** The k best next items with probability, change of rank and the item really clicked next. */
export class NextItems {
  constructor({ append }) {
    this.append = append;
    this.list = el("ol", { class: "next", "data-testid": "next-items" });
    this.clicked = el("p", { class: "clicked", "data-testid": "clicked-next" });
    this.hint = el("p", { class: "muted hint", text: "Choose an item to add it as the next click: be the shopper." });
    this.root = el(
      "section",
      { class: "recommend", "aria-label": "What it would recommend next" },
      el("h3", { text: "What it would recommend next" }),
      el("p", { class: "caption", text: "Probability, and change of rank since the click before." }),
      this.list,
      this.clicked,
      this.hint,
    );
    this.rows = [];
  }

  receive(trace, edits) {
    this.edits = edits;
    this.tops = trace.tops;
    this.items = trace.items;
    // one fixed scale for the whole session, so that a longer bar is always a larger probability
    this.scale = Math.max(...trace.tops.flatMap((top) => top.probabilities));
    const rows = Math.max(...trace.tops.map((top) => top.items.length));
    if (rows !== this.rows.length) {
      // otherwise the rows stay, and with them the focus of whoever chose one with a key
      this.rows = Array.from({ length: rows }, () => this.row());
      this.list.replaceChildren(...this.rows.map((row) => row.root));
    }
    this.pending?.classList.remove("pending");
    this.pending = null;
  }

  row() {
    const parts = {
      rank: el("span", { class: "rank" }),
      bar: el("i", { class: "bar" }),
      title: el("span", { class: "title" }),
      probability: el("span", { class: "probability" }),
      change: el("span", { class: "change" }),
    };
    const button = el("button", { type: "button" }, parts.rank,
      el("span", { class: "named" }, parts.bar, parts.title), parts.probability, parts.change);
    const root = el("li", {}, button);
    button.addEventListener("click", () => {
      if (this.pending) return;
      this.pending = root;
      root.classList.add("pending");
      this.append(root.getAttribute("data-item-id"));
      // should no answer come, the list must not stay locked
      setTimeout(() => {
        root.classList.remove("pending");
        if (this.pending === root) this.pending = null;
      }, 4000);
    });
    return { ...parts, button, root };
  }

  show(step) {
    const top = this.tops[step];
    const clicked = top.clicked;
    this.rows.forEach((row, k) => {
      const index = top.items[k];
      row.root.hidden = index === undefined;
      if (index === undefined) return;
      const { id, title } = this.items[index];
      const probability = top.probabilities[k];
      const next = clicked?.item === index;
      const chosen = next && step + 1 >= this.edits.own;
      const real = next && !chosen;
      const [text, kind, spoken] = change(step, top.before[k], k + 1);
      row.root.setAttribute("data-item-id", id);
      row.root.setAttribute("data-rank", k + 1);
      row.root.setAttribute("data-probability", probability);
      row.root.classList.toggle("real", real);
      row.root.classList.toggle("chosen", chosen);
      row.rank.textContent = k + 1;
      row.title.textContent = title;
      row.bar.style.transform = `scaleX(${Math.max(probability / this.scale, 0.004)})`;
      row.probability.textContent = percent(probability);
      row.change.textContent = text;
      row.change.className = `change ${kind}`;
      row.button.title = `Add ${title} as the next click`;
      row.button.setAttribute(
        "aria-label",
        `Rank ${k + 1}: ${title}, ${percent(probability)}${spoken}${real ? ", really clicked next" : chosen ? ", you chose it next" : ""}. Add it.`,
      );
    });
    this.showClicked(clicked, step + 1 >= this.edits.own);
  }

  showClicked(clicked, yours) {
    this.clicked.replaceChildren();
    this.clicked.classList.toggle("yours", yours);
    const open = !clicked && (this.edits.added > 0 || this.edits.nothing);
    this.hint.style.visibility = open ? "hidden" : ""; // said once, and nothing moves
    if (!clicked) {
      this.clicked.append(open ? "Choose the next click from the list: be the shopper." : "The session ends here.");
      return;
    }
    const place = clicked.rank === null ? "not among the items kept" : `here at rank ${clicked.rank}`;
    const before = clicked.before ? ` (was ${clicked.before})` : "";
    const probability = clicked.probability ? `, with ${percent(clicked.probability)}` : "";
    this.clicked.append(yours ? "You chose next: " : "Really clicked next: ", el("strong", { text: this.items[clicked.item].title }),
      `, ${place}${before}${probability}.`);
  }
}

/** [shown, class, spoken] change of rank against the click before. */
function change(step, before, rank) {
  if (step === 0) return ["", "", ""];
  if (before === null) return ["new", "up", ", new"];
  if (before === rank) return ["=", "same", ""];
  const by = Math.abs(before - rank);
  const shown = by > 99 ? "99+" : by;
  return before > rank ? [`▲ ${shown}`, "up", `, up ${by}`] : [`▼ ${shown}`, "down", `, down ${by}`];
}

/** One unit at one click: the sums behind its gates, the blend, and its course over the session. */
export class UnitPanel {
  constructor({ choose, close }) {
    this.choose = choose;
    this.number = el("input", {
      type: "number", min: 0, "aria-label": "Unit", "data-testid": "unit-number",
      onchange: () => {
        const unit = Number(this.number.value);
        if (Number.isInteger(unit)) choose(unit);
      },
    });
    this.where = el("span");
    this.sums = el("div", { class: "sums" });
    this.blend = el("div", { class: "sum" });
    this.course = el("canvas", { class: "course", role: "img" });
    this.courseTitle = el("h4");
    this.facts = el("p", { class: "facts" });
    this.root = el(
      "section",
      { class: "unit", "data-testid": "unit-panel", hidden: true, "aria-label": "Arithmetic of one unit" },
      el("header", {}, el("h3", {}, "Unit ", this.number, this.where),
        el("button", { type: "button", class: "quiet", onclick: close, text: "Close", "data-testid": "unit-close" })),
      this.sums,
    );
  }

  receive(trace, data) {
    Object.assign(this, { trace, items: trace.items, data });
    this.number.max = trace.units - 1;
    this.blocks = trace.blocks.map(() => el("div", { class: "sum" }));
    this.sums.replaceChildren(...this.blocks, this.blend,
      el("div", { class: "sum" }, this.courseTitle, this.course, this.facts));
    this.sums.dataset.columns = trace.blocks.length + 2;
    this.courseTitle.replaceChildren("Over the session ", ...trace.quantities.map((name) =>
      el("span", { class: `q q-${name}`, text: ` ${trace.legend.quantities[name].symbol}` })));
  }

  show(step, unit, keeps, theme) {
    this.root.hidden = unit === null;
    if (unit === null) return;
    const { trace, data } = this;
    const H = trace.units;
    const at = (array, block) => array[(step * trace.blocks.length + block) * H + unit];
    const value = (name) => data[name][step * H + unit];
    const cell = CELLS[trace.cell];
    const before = step === 0 ? 0 : data[cell.memory][(step - 1) * H + unit];
    this.number.value = unit;
    this.where.textContent = ` at click ${step + 1}`;
    const sum = (block, sign) => ({
      terms: [at(data.input, block) * sign, at(data.recurrent, block) * sign, data.bias[block * H + unit] * sign],
      digits: { terms: at(data.digits.terms, block), sum: at(data.digits.sums, block), value: at(data.digits.values, block) },
    });
    const blends = data.digits.states.length / (trace.clicks.length * H);
    const digits = (blend) => {
      const place = (step * blends + blend) * H + unit;
      const state = data.digits.factors[place];
      const gate = (name) => Math.max(state, at(data.digits.values, trace.blocks.indexOf(name)));
      return { gate, state, result: data.digits.states[place] };
    };
    const recurrent = { before: "U·(r ⊙ h)", after: "r × (U·h + c)" }[trace.reset];
    this.blocks.forEach((node, block) => {
      const name = trace.blocks[block];
      const title = trace.legend.quantities[name].name;
      if (name === "candidate") {
        const shown = trace.cell === "rnn" ? "h" : name; // a vanilla RNN's candidate is its state
        node.replaceChildren(...gate(shown, title, sum(block, 1),
          trace.cell === "gru" ? recurrent : "U·h (memory)", "tanh", value(shown)));
        return;
      }
      // z keeps is 1 − σ(a) = σ(−a): the same sum with its signs turned
      const turned = name === "z" && keeps;
      node.replaceChildren(...gate(name, turned ? `${title} (keeps)` : title, sum(block, turned ? -1 : 1),
        "U·h (memory)", "σ", turned ? 1 - value(name) : value(name)));
    });
    this.blend.replaceChildren(...cell.blend(value, before, keeps, digits));
    this.drawCourse(step, unit, keeps, theme);
    this.showFacts(step, unit, value("h"));
  }

  showFacts(step, unit, h) {
    const life = this.trace.half_lives[unit];
    const lasts = life === null ? "without end" : `${life < 100 ? life.toFixed(1) : "over 100"} clicks`;
    this.facts.replaceChildren(
      el("span", { text: `Half-life over the whole session: ${lasts} (estimate)`,
        title: "Clicks until half of its content is gone, if it kept at the mean of all clicks, also of those after this one" }));
    const pushes = this.trace.pushes;
    if (!pushes) return;
    const [up, down] = h >= 0 ? [pushes.up[unit], pushes.down[unit]] : [pushes.down[unit], pushes.up[unit]];
    const name = (list) => el("strong", { text: this.items[list[0]].title, title: list.map((i) => this.items[i].title).join(", ") });
    this.facts.append(" · now pushes ", name(up), " up most, ", name(down), " down");
  }

  drawCourse(step, unit, keeps, theme) {
    const { trace, data } = this;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [this.course.clientWidth, 72];
    this.course.width = width * ratio;
    this.course.height = height * ratio;
    const context = this.course.getContext("2d");
    context.scale(ratio, ratio);
    const T = trace.clicks.length;
    const x = (t) => (T === 1 ? width / 2 : 4 + (t / (T - 1)) * (width - 8));
    const y = (value) => 4 + ((1 - value) / 2) * (height - 8);
    context.strokeStyle = theme.line;
    context.beginPath();
    context.moveTo(0, y(0));
    context.lineTo(width, y(0));
    context.stroke();
    context.strokeStyle = theme.accent;
    context.globalAlpha = 0.35;
    context.beginPath();
    context.moveTo(x(step), 0);
    context.lineTo(x(step), height);
    context.stroke();
    context.globalAlpha = 1;
    context.lineWidth = 1.75;
    const names = trace.quantities;
    for (const name of names) {
      context.strokeStyle = context.fillStyle = theme.quantities[name];
      context.beginPath();
      for (let t = 0; t <= step; t++) {
        const value = data[name][t * trace.units + unit];
        context.lineTo(x(t), y(name === "z" && keeps ? 1 - value : value));
      }
      context.stroke();
      const last = data[name][step * trace.units + unit];
      context.beginPath();
      context.arc(x(step), y(name === "z" && keeps ? 1 - last : last), 2.5, 0, 7);
      context.fill();
    }
    this.course.setAttribute("aria-label",
      `${names.join(", ")} of unit ${unit} up to click ${step + 1}; the scale runs from −1 to +1`);
  }
}

/** Three terms, their sum through σ or tanh, and the result, each with as many digits as it takes on paper. */
function gate(name, title, { terms, digits }, memory, squash, result) {
  const row = (label, value, title) =>
    el("div", { class: "line", title }, el("span", { text: label }), el("b", { text: value }));
  const [input, recurrent, bias] = terms.map((term) => signed(term, digits.terms));
  const total = minus(terms[0] + terms[1] + terms[2], digits.sum);
  const symbol = name === "candidate" ? "h̃" : name;
  return [
    el("h4", { class: `q q-${name}`, text: title }),
    row("W·x (this click)", input, "what the clicked item adds: its embedding times the gate's input weights"),
    row(memory, recurrent, "what memory adds: the old state times the gate's recurrent weights"),
    row("bias", bias, "what is added at every click"),
    el("div", { class: `line total q-${name}` }, el("span", { text: `${squash}(${total}) =`,
      title: squash === "σ" ? "σ squeezes the sum into 0 … 1" : "tanh squeezes the sum into −1 … 1" }),
      el("b", { class: `q q-${name}`, text: `${symbol} = ${minus(result, digits.value)}` })),
  ];
}
