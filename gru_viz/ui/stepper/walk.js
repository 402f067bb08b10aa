// Walk through a session in the browser: the session comes once, every step is local.
//
// Python sends {key, address, start, trace, edits, switch, settle}; of the trace only the clicks,
// the items and the legend are read here. What a person does comes back as one state,
// "view" {key, step, unit, keeps, sort, layer}, debounced, and as the events "undo" and "reset".
// `start` names what of the view is decided here: that alone is reported and written into the
// address, everything else stands in the `address` that Python gives. A new `key` means another
// trace or an address that someone opened: only then is `start` adopted. The address bar is written
// here, in place, so that stepping fills no history and a copied link is never behind; Back and
// Forward are Streamlit's, which runs the page with the address they lead to.

const REPORT_AFTER = 400; // ms of quiet before Python hears of a step, unless `settle` says otherwise
const PLAY_EVERY = 1000; // ms a click stays while playing
const CONVENTIONS = [
  { keeps: false, text: "z writes", title: "h = (1 − z) h + z h̃: z is the share of the new" },
  { keeps: true, text: "z keeps", title: "h = z h + (1 − z) h̃: z is the share of the old (PyTorch, Keras)" },
];

/** A button; its title is also what a screen reader says. */
const button = (id, text, title, action, cls = "") =>
  el("button", { type: "button", class: cls, "data-testid": id, text, title, "aria-label": title, onclick: action });

/** The strip, the controls and the keys; `arrange`, `draw` and `words` are where a subclass adds its own. */
class Walk {
  constructor(parent) {
    this.build();
    parent.append(this.root);
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
    this.onPointer = (event) => (this.clicked = event.composedPath().includes(this.controls));
    document.addEventListener("pointerdown", this.onPointer);
    this.resized = new ResizeObserver(() => this.layout());
    this.resized.observe(this.root);
  }

  build() {
    this.strip = new Strip({
      go: (t) => this.go(t),
      undo: () => this.send("undo", Date.now()),
      reset: () => this.send("reset", Date.now()),
    });
    this.buildControls();
    this.spoken = el("p", { class: "spoken", "aria-live": "polite", "data-testid": "spoken" });
    this.root = el("div", { class: "stepper", "data-testid": "stepper", tabindex: -1 },
      this.strip.root, this.controls, this.spoken);
  }

  buildControls() {
    this.first = button("step-first", "|◀︎", "First click (Home)", () => this.go(0));
    this.prev = button("step-prev", "◀︎", "Previous click (←)", () => this.go(this.state.step - 1));
    this.next = button("step-next", "Next ▶︎", "Next click (→)", () => this.go(this.state.step + 1), "primary");
    this.play = button("step-play", "Play", "Play (Space)", () => this.toggle());
    this.slider = el("input", { type: "range", min: 1, "data-testid": "step-slider", "aria-label": "Click",
      oninput: () => this.go(Number(this.slider.value) - 1) });
    this.count = el("span", { class: "count", "data-testid": "step-count" });
    this.convention = el("div", { class: "switch", role: "group", "aria-label": "What z means" },
      ...CONVENTIONS.map(({ keeps, text, title }) =>
        el("button", { type: "button", text, title, "data-testid": keeps ? "z-keeps" : "z-writes",
          onclick: () => this.change({ keeps }, true) })));
    this.copy = button("copy-link", "Link", "Copy a link to exactly this view", () => this.copyLink());
    this.controls = el("div", { class: "controls" }, this.first, this.prev, this.next, this.play, this.slider,
      this.count, el("span", { class: "muted keys", text: "← → step · Space play" }), this.convention, this.copy);
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
    if (data.key !== this.traceKey) this.adopt(data);
    this.fill(data);
    this.layout();
  }

  /** Another trace or place: begin where `start` says. */
  adopt(data) {
    clearTimeout(this.timer);
    this.leaving = false;
    this.traceKey = data.key;
    this.trace = data.trace;
    this.state = { ...data.start, step: Math.min(data.start.step, data.trace.clicks.length) - 1 };
    this.pause();
  }

  /** What may change while the trace stays. */
  fill(data) {
    this.address = data.address;
    this.settle = data.settle ?? REPORT_AFTER;
    this.convention.hidden = data.switch === false;
    const { categories } = this.themed();
    const cards = JSON.stringify([data.key, data.edits, categories]);
    if (cards === this.cards) return; // new ones would take the focus from whoever is on a card
    this.cards = cards;
    this.strip.receive(data.trace, categories, data.edits);
  }

  // ---- what a person does -----------------------------------------------------------------

  go(step) {
    const target = Math.max(0, Math.min(this.trace.clicks.length - 1, step));
    if (target !== this.state.step) this.change({ step: target });
  }

  /** `afresh`: more than the step is drawn in another way. */
  change(change, afresh = false) {
    Object.assign(this.state, change);
    if (afresh) this.layout();
    else this.draw();
    this.report({}, this.settle);
  }

  report(extra, after) {
    clearTimeout(this.timer);
    const send = () => {
      this.timer = null;
      if (this.leaving) return;
      this.mirror();
      this.setState("view", { key: this.traceKey, ...this.state, step: this.state.step + 1, ...extra });
    };
    if (after) this.timer = setTimeout(send, after);
    else send();
  }

  /** The address of this view; view.py's `to_query` is the rule. */
  mirror() {
    const { step, unit, keeps, gates, sort } = this.state;
    const query = new URLSearchParams(this.address);
    query.set("step", step + 1);
    if (unit != null) query.set("unit", unit);
    if (keeps) query.set("z", "keeps");
    if (gates) query.set("gates", "shown");
    if (sort && sort !== "half-life") query.set("sort", sort);
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

  /** Arrows belong to the walk unless they are typed into something else. */
  mayStep(target) {
    if (target === this.slider) return true;
    if (target.closest?.("input, textarea, select, [contenteditable=true], [role=radiogroup], [role=tablist]")) return false;
    return !target.closest?.("[role=dialog], [role=listbox], [data-testid=stPopoverBody], [data-testid=stSidebar]");
  }

  copyLink() {
    this.mirror();
    return copyAddress(this.copy);
  }

  // ---- drawing ----------------------------------------------------------------------------

  themed() {
    const style = getComputedStyle(this.root);
    const variable = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
    const background = variable("--st-background-color", "#ffffff");
    const name = isDark(background) ? "dark" : "light";
    const muted = style.getPropertyValue("color");
    const { quantities, diverging, categories, clicked } = this.trace?.legend ?? {};
    return {
      name, background, muted,
      text: variable("--st-text-color", "#111111"),
      accent: variable("--st-primary-color", "#1d4ed8"),
      blank: variable("--st-secondary-background-color", "#f5f7fa"),
      line: variable("--st-border-color", "#dddddd"),
      font: style.fontFamily,
      quantities: Object.fromEntries(Object.entries(quantities ?? {}).map(([k, q]) => [k, q[name]])),
      categories: categories?.[name] ?? [muted],
      diverging: diverging?.[name], clicked: clicked?.[name],
    };
  }

  layout() {
    if (!this.trace || !this.root.clientWidth) return;
    this.arrange();
    this.draw();
  }

  /** Everything that depends on size, theme, order or convention, not on the step. */
  arrange() {
    this.theme = this.themed();
    this.root.dataset.theme = this.theme.name;
    for (const [name, colour] of Object.entries(this.theme.quantities)) this.root.style.setProperty(`--q-${name}`, colour);
    for (const [place, node] of [...this.convention.children].entries())
      node.setAttribute("aria-pressed", String(CONVENTIONS[place].keeps === this.state.keeps));
    this.strip.measure();
  }

  /** The current step; reads no sizes, so that a step is laid out once. */
  draw() {
    const { step } = this.state;
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
    this.strip.show(step);
    this.spoken.textContent = this.words();
  }

  /** The step for those who do not see it. */
  words() {
    const { clicks, items } = this.trace;
    const { step } = this.state;
    return `Click ${step + 1} of ${clicks.length}: ${items[clicks[step]].title}.`;
  }

  destroy() {
    this.pause();
    clearTimeout(this.timer);
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("pointerdown", this.onPointer);
    this.resized.disconnect();
  }
}
