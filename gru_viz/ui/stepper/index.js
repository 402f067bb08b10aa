// Step through a trace in the browser: the trace comes once, every step is local.
//
// Python sends {key, address, start, trace, edits}. What a person does comes back as one state,
// "view" {key, step, unit, keeps, sort, layer}, debounced, and as the events "append",
// "undo", "reset" and "address" (the Back button). A new `key` means another trace or an
// address that someone opened: only then is `start` adopted. The address bar is written here,
// in place, so that stepping fills no history and a copied link is never behind.

const REPORT_AFTER = 400; // ms of quiet before Python hears of a step
const PLAY_EVERY = 1000; // ms a click stays while playing
const QUANTITIES = ["z", "r", "candidate", "h"];
const SORTS = {
  "half-life": "by half-life",
  index: "by number",
  activity: "by activity now",
  contribution: "by push on the top item",
};

/** The parts of a sentence as nodes: text, titles, numbers, and quantities in their colour. */
const worded = (parts) =>
  parts.map(([kind, text]) =>
    kind === "text" ? text : el(kind === "number" ? "b" : "strong", { class: QUANTITIES.includes(kind) ? `q q-${kind}` : kind, text }));

class Stepper {
  constructor(parent) {
    this.state = { step: 0, unit: null, keeps: false, sort: "half-life" };
    this.hovered = null;
    this.build(parent);
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
    this.onPointer = (event) => (this.clicked = event.composedPath().includes(this.controls));
    document.addEventListener("pointerdown", this.onPointer);
    this.onBack = () => this.send("address", Date.now());
    window.addEventListener("popstate", this.onBack);
    this.resized = new ResizeObserver(() => this.layout());
    this.resized.observe(this.root);
  }

  build(parent) {
    const button = (id, text, title, action, cls = "") =>
      el("button", { type: "button", class: cls, "data-testid": id, text, title, "aria-label": title, onclick: action });
    this.strip = new Strip({
      go: (t) => this.go(t),
      undo: () => this.send("undo", Date.now()),
      reset: () => this.send("reset", Date.now()),
    });
    this.first = button("step-first", "⏮︎", "First click (Home)", () => this.go(0));
    this.prev = button("step-prev", "◀︎", "Previous click (←)", () => this.go(this.state.step - 1));
    this.next = button("step-next", "Next ▶︎", "Next click (→)", () => this.go(this.state.step + 1), "primary");
    this.play = button("step-play", "Play", "Play (Space)", () => this.toggle());
    this.slider = el("input", { type: "range", min: 1, "data-testid": "step-slider", "aria-label": "Click",
      oninput: () => this.go(Number(this.slider.value) - 1) });
    this.count = el("span", { class: "count", "data-testid": "step-count" });
    this.convention = el("div", { class: "switch", role: "group", "aria-label": "What z means" },
      ...[[false, "z writes", "h = (1 − z) h + z h̃: z is the share of the new"],
        [true, "z keeps", "h = z h + (1 − z) h̃: z is the share of the old (PyTorch, Keras)"]].map(([keeps, text, title]) =>
        el("button", { type: "button", text, title, "data-testid": keeps ? "z-keeps" : "z-writes",
          onclick: () => this.change({ keeps }, true) })));
    this.copy = button("copy-link", "Link", "Copy a link to exactly this view", () => this.copyLink());
    this.controls = el("div", { class: "controls" }, this.first, this.prev, this.next, this.play, this.slider,
      this.count, el("span", { class: "muted keys", text: "← → step · Space play" }), this.convention, this.copy);
    this.sentence = el("p", { class: "sentence", "data-testid": "sentence" });
    this.spoken = el("p", { class: "spoken", "aria-live": "polite", "data-testid": "spoken" });

    const callbacks = {
      hover: (unit, click) => this.hover(unit, click),
      choose: (unit) => this.choose(unit === this.state.unit ? null : unit, true),
      move: (by) => this.moveUnit(by),
    };
    this.maps = QUANTITIES.map((name) => new Heatmap(name, callbacks));
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
    this.nextItems = new NextItems({ append: (id) => this.send("append", { item_id: id, step: this.state.step + 1 }) });
    this.unitPanel = new UnitPanel({
      choose: (unit) => this.choose(Math.max(0, Math.min(this.trace.units - 1, unit))),
      close: () => {
        this.choose(null);
        this.open.focus({ preventScroll: true });
      },
    });
    const maps = el("div", { class: "maps" }, ...this.maps.map((map) => map.root));
    const below = el("div", { class: "below" }, el("label", { class: "muted" }, "units ", this.sort),
      el("label", { class: "muted layers" }, "layer ", this.layer), this.open, this.readout);
    this.root = el("div", { class: "stepper", "data-testid": "stepper", tabindex: -1 }, this.strip.root, this.controls,
      this.sentence, this.spoken, el("div", { class: "board" }, el("div", {}, maps, below), this.nextItems.root),
      this.unitPanel.root);
    parent.append(this.root);
  }

  // ---- what comes from Python -------------------------------------------------------------

  receive({ data, setStateValue, setTriggerValue }) {
    this.setState = setStateValue;
    this.send = (event, value) => {
      // a step that is still to be reported would write the address of a session that is leaving
      clearTimeout(this.timer);
      this.leaving = true;
      clearTimeout(this.stayed);
      this.stayed = setTimeout(() => (this.leaving = false), 4000); // should no answer come
      setTriggerValue(event, value);
    };
    if (!data) return;
    const fresh = data.key !== this.traceKey;
    if (fresh) this.adopt(data);
    this.edits = data.edits;
    this.strip.receive(data.trace, data.trace.items, this.themed().categories, data.edits);
    this.nextItems.receive(data.trace, data.trace.items, data.edits);
    this.unitPanel.receive(data.trace, data.trace.items, this.data);
    this.layout();
  }

  adopt(data) {
    clearTimeout(this.timer);
    this.leaving = false;
    this.traceKey = data.key;
    this.address = data.address;
    this.trace = data.trace;
    const { values, input, recurrent, bias, readout } = data.trace;
    this.data = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, decode(text)]));
    Object.assign(this.data, { input: decode(input), recurrent: decode(recurrent), bias: decode(bias) });
    this.readoutRows = readout && { items: readout.items, rows: decode(readout.rows) };
    const { step, unit, keeps, sort } = data.start;
    this.state = { step: step - 1, unit: unit ?? null, keeps, sort };
    this.pause();
    this.fillSelects();
  }

  fillSelects() {
    const { layer, layers } = this.trace;
    const sorts = Object.entries(SORTS).filter(([name]) => name !== "contribution" || this.readoutRows);
    if (!sorts.some(([name]) => name === this.state.sort)) this.state.sort = "half-life";
    this.sort.replaceChildren(...sorts.map(([value, text]) => el("option", { value, text })));
    this.layer.replaceChildren(...Array.from({ length: layers }, (_, i) =>
      el("option", { value: i, text: i === layers - 1 ? `${i + 1} (top)` : `${i + 1}`, selected: i === layer })));
    this.layer.parentElement.hidden = layers === 1;
  }

  // ---- what a person does -----------------------------------------------------------------

  go(step) {
    const target = Math.max(0, Math.min(this.trace.clicks.length - 1, step));
    if (target !== this.state.step) this.change({ step: target });
  }

  change(change, repaint = false) {
    Object.assign(this.state, change);
    if (repaint || "keeps" in change) this.layout();
    else this.draw();
    this.report({}, REPORT_AFTER);
  }

  report(extra, after) {
    clearTimeout(this.timer);
    const send = () => {
      const { step, unit, keeps, sort } = this.state;
      this.timer = null;
      if (this.leaving) return;
      this.mirror();
      this.setState("view", { key: this.traceKey, step: step + 1, unit, keeps, sort, ...extra });
    };
    if (after) this.timer = setTimeout(send, after);
    else send();
  }

  /** The address of this view; view.py's `to_query` is the rule. */
  mirror() {
    const { step, unit, keeps, sort } = this.state;
    const query = new URLSearchParams(this.address);
    if (step > 0) query.set("step", step + 1);
    if (unit !== null) query.set("unit", unit);
    if (keeps) query.set("z", "keeps");
    if (sort !== Object.keys(SORTS)[0]) query.set("sort", sort);
    window.history.replaceState(window.history.state, "", `${window.location.pathname}?${query}`);
  }

  toggle() {
    if (this.playing) return this.pause();
    if (this.state.step === this.trace.clicks.length - 1) this.go(0);
    this.playing = setInterval(() => {
      this.go(this.state.step + 1);
      if (this.state.step === this.trace.clicks.length - 1) this.pause();
    }, PLAY_EVERY);
    this.play.textContent = "Pause";
  }

  pause() {
    clearInterval(this.playing);
    this.playing = null;
    this.play.textContent = "Play";
  }

  key(event) {
    if (event.key === "Tab") this.clicked = false;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !this.trace) return;
    const target = event.composedPath()[0];
    if (!this.mayStep(target)) return;
    const { step } = this.state;
    const actions = {
      ArrowRight: () => this.go(step + 1),
      ArrowLeft: () => this.go(step - 1),
      Home: () => this.go(0),
      End: () => this.go(this.trace.clicks.length - 1),
      " ": () => this.toggle(),
    };
    const action = actions[event.key];
    if (!action) return;
    // a button reached with Tab keeps Space for itself; one that was clicked gives it back to playing
    if (event.key === " " && target.closest?.("button, a, summary") && !this.clicked) return;
    event.preventDefault();
    // with nothing focused a key would draw the browser's ring round the whole page
    if (event.key === " " || !this.root.getRootNode().activeElement) this.root.focus({ preventScroll: true });
    action();
  }

  /** Arrows belong to the stepper unless they are typed into something else. */
  mayStep(target) {
    if (target === this.slider) return true;
    if (target.closest?.("input, textarea, select, [contenteditable=true], [role=radiogroup], [role=tablist]")) return false;
    return !target.closest?.("[role=dialog], [role=listbox], [data-testid=stPopoverBody], [data-testid=stSidebar]");
  }

  choose(unit, show = false) {
    this.change({ unit });
    if (unit === null) return;
    if (show) this.unitPanel.root.scrollIntoView({ block: "nearest" });
    const { z, r, candidate, h } = this.data;
    const [zt, rt, ct, ht] = [z, r, candidate, h].map((values) => values[this.state.step * this.trace.units + unit]);
    this.spoken.textContent = `Unit ${unit}: z ${minus(this.state.keeps ? 1 - zt : zt)}, r ${minus(rt)}, ` +
      `candidate ${minus(ct)}, h ${minus(ht)}; kept ${Math.round((1 - zt) * 100)} percent.`;
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

  async copyLink() {
    this.mirror();
    let copied = true;
    try {
      await navigator.clipboard.writeText(window.location.href);
    } catch {
      copied = false;
    }
    this.copy.textContent = copied ? "Copied" : "See the address bar";
    setTimeout(() => (this.copy.textContent = "Link"), 1800);
  }

  // ---- drawing ----------------------------------------------------------------------------

  themed() {
    const style = getComputedStyle(this.root);
    const variable = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
    const background = variable("--st-background-color", "#ffffff");
    const name = isDark(background) ? "dark" : "light";
    const { quantities, diverging, categories, clicked } = this.trace?.legend ?? {};
    return {
      name, background,
      text: variable("--st-text-color", "#111111"),
      accent: variable("--st-primary-color", "#1d4ed8"),
      blank: variable("--st-secondary-background-color", "#f5f7fa"),
      line: variable("--st-border-color", "#dddddd"),
      muted: style.getPropertyValue("color"),
      font: style.fontFamily,
      quantities: quantities && Object.fromEntries(Object.entries(quantities).map(([k, q]) => [k, q[name]])),
      diverging: diverging?.[name], categories: categories?.[name], clicked: clicked?.[name],
    };
  }

  /** Everything that depends on size, theme, order or convention; then the current step. */
  layout() {
    if (!this.trace || !this.root.clientWidth) return;
    const theme = (this.theme = this.themed());
    for (const name of QUANTITIES) this.root.style.setProperty(`--q-${name}`, theme.quantities[name]);
    this.root.style.setProperty("--clicked", theme.clicked);
    this.root.dataset.theme = theme.name;
    const { legend, clicks, units, items } = this.trace;
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
        colours: q.low < 0 ? [theme.diverging[0], theme.background, theme.diverging[1]] : [theme.background, q[theme.name]],
      });
      map.resize(height);
    }
    for (const [place, node] of [...this.convention.children].entries())
      node.setAttribute("aria-pressed", String(Boolean(place) === this.state.keeps));
    this.sort.value = this.state.sort;
    this.order = null;
    this.strip.measure();
    this.reserve();
    this.draw();
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
    const { step, unit, keeps } = this.state;
    const T = this.trace.clicks.length;
    this.root.setAttribute("data-step", step + 1);
    this.root.setAttribute("data-steps", T);
    this.slider.max = T;
    this.slider.value = step + 1;
    this.slider.disabled = T === 1;
    this.slider.style.setProperty("--done", T === 1 ? "100%" : `${(step / (T - 1)) * 100}%`);
    this.count.replaceChildren("click ", el("b", { text: step + 1 }), ` of ${T}`);
    // not `disabled`: that would throw the focus of whoever steps with Enter back to the page
    for (const [node, off] of [[this.first, step === 0], [this.prev, step === 0], [this.next, step === T - 1], [this.play, T === 1]])
      node.setAttribute("aria-disabled", String(off));
    this.reorder();
    this.drawMaps();
    this.maps.forEach((map) => map.describe(step));
    this.strip.show(step);
    this.nextItems.show(step);
    this.unitPanel.show(step, unit, keeps, this.theme);
    this.open.hidden = unit !== null;
    this.say();
  }

  drawMaps() {
    const marked = this.hovered ?? this.state.unit;
    for (const map of this.maps) map.draw(this.state.step, marked, this.theme);
    const click = Math.min(this.hoveredClick ?? this.state.step, this.state.step);
    if (this.hovered === null) {
      this.readout.textContent = "";
      return;
    }
    const values = QUANTITIES.map((name) => {
      const value = this.data[name][click * this.trace.units + this.hovered];
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

  say() {
    const { step, keeps } = this.state;
    const { sentences, items, clicks, tops } = this.trace;
    this.sentence.replaceChildren(...worded([...sentences.lead[step], ...sentences[keeps ? "keeps" : "writes"][step]]));
    const top = tops[step];
    const moved = top.items
      .map((index, k) => [index, (top.before[k] ?? k + 1) - (k + 1)])
      .reduce((best, entry) => (Math.abs(entry[1]) > Math.abs(best[1]) ? entry : best), [null, 0]);
    this.spoken.textContent =
      `Click ${step + 1} of ${clicks.length}: ${items[clicks[step]].title}. ` +
      `First: ${items[top.items[0]].title}, ${percent(top.probabilities[0])}.` +
      (moved[0] === null ? "" : ` ${items[moved[0]].title} ${moved[1] > 0 ? "up" : "down"} ${Math.abs(moved[1])}.`);
  }

  destroy() {
    this.pause();
    clearTimeout(this.timer);
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("pointerdown", this.onPointer);
    window.removeEventListener("popstate", this.onBack);
    this.resized.disconnect();
  }
}

// The default export is called again on every change of data or theme: one instance a mount.
const mounted = new WeakMap();

export default function mount(component) {
  const parent = component.parentElement;
  if (!mounted.has(parent)) mounted.set(parent, new Stepper(parent));
  const stepper = mounted.get(parent);
  stepper.receive(component);
  return () => {
    stepper.destroy();
    stepper.root.remove();
    mounted.delete(parent);
  };
}
