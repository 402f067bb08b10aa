// Change a click or force a gate, and watch what moves.
//
// Python sends {place, start, heard, asking, undo, picture}. A new `place` is another session or
// an address that someone opened: only then is `start`, the chosen click, adopted; `heard` is the
// number of the last event that Python took in. What a person does is one event, "did"
// {do, n, seen, …}; while one is under way what is done next waits, since it speaks of what will be
// drawn. After PATIENCE it goes out all the same: `seen`, what Python had heard when the picture
// was drawn, then tells Python that what was done speaks of a picture that is gone.

const PATIENCE = 4000; // ms after which the next event is sent, should no answer come
const MOST_WAITING = 30; // of a key that is held down

class Editor {
  constructor(parent) {
    this.waiting = [];
    this.drawn = 0;
    this.sent = Date.now(); // events are numbered on from here: an earlier page's are long heard
    this.build();
    parent.append(this.root);
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey, true); // before Streamlit, whose R runs the page again
    this.resized = new ResizeObserver(() => this.layout());
    this.resized.observe(this.root);
  }

  build() {
    this.rows = new Rows({
      choose: (variant, click) => this.later(() => this.choose(variant, click)),
      drag: (from, to) => this.later(() => this.edit("move", { click: from, other: to }, to)),
      send: (what, more) => this.later(() => this.send(what, more)),
    });
    this.buildTools();
    this.force = new Force({
      force: (what) => this.later(() => this.send("force", what)),
      read: (keeps) => this.later(() => this.send("read", { keeps })),
    });
    this.slope = new Slope({
      follow: (item) => this.later(() => this.send("follow", { item })),
      ask: () => this.later(() => this.ask("follow")),
    });
    this.course = new Course();
    this.difference = new Difference((quantity) => this.later(() => this.send("differ", { quantity })));
    this.spoken = el("p", { class: "spoken", "aria-live": "polite", "data-testid": "spoken" });
    this.root = el("div", { class: "stepper editor", "data-testid": "editor", tabindex: -1 },
      this.rows.root, this.tools, this.force.root,
      el("div", { class: "pictures" }, this.slope.root, el("div", { class: "beside" }, this.course.root, this.difference.root)),
      this.spoken);
  }

  buildTools() {
    const tool = (id, text, key, title, action) => button(id, text, `${title} (${key})`, () => this.later(action));
    this.chosen = el("span", { class: "chosen-click", "data-testid": "chosen" });
    this.delete = button("delete", "Delete", "Delete this click (Delete)", () => this.remove());
    this.left = tool("move-left", "←", "Alt ←", "Move this click to the left", () => this.move(-1));
    this.right = tool("move-right", "→", "Alt →", "Move this click to the right", () => this.move(1));
    this.compare = button("compare", "Compare here", "Compare the recommendations after this click", () =>
      this.later(() => this.send("compare", { click: this.at })));
    this.swap = tool("swap", "Swap with…", "S", "Swap it with another click, which you choose next", () => this.swapWith());
    this.undo = button("undo-edit", "↶ Undo", "Take the last change back (Ctrl Z)", () => this.later(() => this.send("undo")), "quiet");
    this.copy = button("copy-link", "Link", "Copy a link to this session with its variants", () => this.later(() => copyAddress(this.copy)));
    this.tools = el("div", { class: "tools", role: "group", "aria-label": "Change the chosen click" },
      this.chosen, this.delete,
      tool("repeat", "Repeat", "D", "Click it twice in a row", () => this.edit("repeat", {}, this.at + 1)),
      this.left, this.right, this.swap,
      tool("replace", "Replace…", "R", "Put another item in its place", () => this.ask("replace")),
      tool("insert", "Insert after…", "I", "Insert another item after it", () => this.ask("insert")),
      this.compare, el("span", { class: "space" }), el("span", { class: "muted keys", text: "← → choose · Alt ← → move · Del D S R I" }), this.undo, this.copy);
  }

  // ---- what comes from Python -------------------------------------------------------------

  receive({ data, setTriggerValue }) {
    this.trigger = setTriggerValue;
    if (!data) return;
    if (data.heard >= this.underWay) this.answered(data.picture);
    if (data.place !== this.place) {
      this.place = data.place;
      this.at = data.start;
    }
    const asked = data.asking && JSON.stringify(data.asking);
    if (this.swapping >= data.picture.variants[data.picture.shown].clicks.length) this.swapping = null;
    this.data = data;
    this.picture = data.picture;
    this.draw();
    if (asked && asked !== this.asked) focusSearch();
    this.asked = asked;
    this.next();
  }

  /** Without a picture no answer came. */
  answered(picture) {
    clearTimeout(this.patience);
    if (this.underWay === this.removal) this.removing = false;
    this.underWay = null;
    const shown = (picture) => JSON.stringify([picture.shown, picture.variants[picture.shown].clicks]);
    const edited = picture && this.picture && shown(picture) !== shown(this.picture); // it may have been refused
    if (this.goal != null && edited) this.at = this.goal;
    this.goal = null;
  }

  // ---- what a person does -----------------------------------------------------------------

  get T() { return this.picture.variants[this.picture.shown].clicks.length; }

  choose(variant, click) {
    if (click != null && this.swapping != null && variant === this.picture.shown) return this.swapped(click);
    this.swapping = null;
    if (click != null) this.at = click;
    if (variant !== this.picture.shown) this.send("show", { number: variant });
    else this.mark(click != null);
  }

  /** An edit of the chosen click, after which click `goal` is chosen. */
  edit(action, more, goal = this.at) {
    this.send("edit", { action, click: this.at, ...more }, goal);
  }

  /** Once until it is drawn: the click that a second one would take away has not been seen there yet. */
  remove() {
    if (this.removing || this.waiting.length >= MOST_WAITING) return;
    this.removing = true;
    this.later(() => {
      this.edit("delete", {});
      this.removal = this.underWay;
    });
  }

  move(by) {
    const to = this.at + by;
    if (to >= 0 && to < this.T) this.edit("move", { other: to }, to);
  }

  /** The next click that is chosen changes places with this one; a second time nothing does. */
  swapWith() {
    if (this.swapping != null) return this.swapped(this.swapping);
    this.swapping = this.at;
    this.mark(true);
  }

  swapped(other) {
    const click = this.swapping;
    this.swapping = null;
    if (other !== click) return this.send("edit", { action: "swap", click, other }, other);
    this.at = click;
    this.mark(true);
  }

  ask(action) {
    this.send("ask", { action, click: this.at });
  }

  /** `action` now, or on the picture that the event under way is about to make. */
  later(action) {
    if (this.waiting.length < MOST_WAITING) this.waiting.push(action);
    this.next();
  }

  next() {
    while (!this.underWay && this.waiting.length) this.waiting.shift()();
  }

  /** `goal`: the click that is chosen once Python has answered; the same one, if nothing is said. */
  send(what, more = {}, goal = null) {
    this.swapping = null;
    this.sent += 1;
    this.underWay = this.sent;
    this.goal = goal;
    clearTimeout(this.patience);
    this.patience = setTimeout(() => { this.answered(); this.next(); }, PATIENCE);
    this.trigger("did", { do: what, n: this.sent, seen: this.data.heard, ...more });
  }

  key(event) {
    if (event.defaultPrevented || !this.picture) return;
    const target = event.composedPath()[0];
    if (!this.mine(target)) return;
    const letter = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const actions = event.ctrlKey || event.metaKey
      ? { z: this.data.undo && !event.shiftKey ? () => this.send("undo") : null }
      : event.altKey
      ? { ArrowLeft: () => this.move(-1), ArrowRight: () => this.move(1) }
      : {
          ArrowLeft: () => this.go(this.at - 1), ArrowRight: () => this.go(this.at + 1),
          Home: () => this.go(0), End: () => this.go(this.T - 1),
          d: () => this.edit("repeat", {}, this.at + 1),
          s: () => this.swapWith(), r: () => this.ask("replace"), i: () => this.ask("insert"),
          Escape: this.swapping == null ? null : () => this.swapped(this.swapping),
        };
    const removes = letter === "Delete" && !event.ctrlKey && !event.metaKey && !event.altKey;
    const action = actions[letter];
    if (!action && !removes) return;
    event.preventDefault();
    event.stopPropagation();
    if (removes) this.remove();
    else this.later(action);
  }

  /** Keys belong to the cards unless they are typed into something else. */
  mine(target) {
    if (target.closest?.("input, textarea, select, canvas, [contenteditable=true], [role=radiogroup], [role=tablist]")) return false;
    return !target.closest?.("[role=dialog], [role=listbox], [data-testid=stPopoverBody], [data-testid=stSidebar]");
  }

  go(click) {
    this.at = Math.max(0, Math.min(this.T - 1, click));
    this.mark(true);
  }

  // ---- drawing ----------------------------------------------------------------------------

  themed() {
    const style = getComputedStyle(this.root);
    const variable = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
    const background = variable("--st-background-color", "#ffffff");
    const name = isDark(background) ? "dark" : "light";
    const { legend } = this.picture;
    return {
      name, background, muted: style.getPropertyValue("color"), font: style.fontFamily,
      text: variable("--st-text-color", "#111111"), accent: variable("--st-primary-color", "#1d4ed8"),
      blank: variable("--st-secondary-background-color", "#f5f7fa"),
      ...Object.fromEntries(Object.entries(legend).map(([key, both]) => [key, both[name]])),
    };
  }

  draw() {
    this.theme = this.themed();
    const { root, picture, theme } = this;
    root.dataset.theme = theme.name;
    root.style.setProperty("--clicked", theme.clicked);
    root.style.setProperty("--q-candidate", theme.fallen);
    root.style.setProperty("--q-z", theme.accent);
    this.at = Math.max(0, Math.min(this.T - 1, this.at));
    const inside = root.getRootNode().activeElement;
    const held = inside?.closest?.("[data-testid=card]") ? "card" : inside?.dataset?.testid;
    this.cards = this.rows.receive(picture, theme);
    this.force.receive(picture);
    this.slope.receive(picture, theme);
    this.course.receive(picture, theme);
    this.difference.receive(picture, theme);
    this.undo.hidden = !this.data.undo;
    this.spoken.textContent = picture.spoken;
    this.mark(false);
    // what had the focus was drawn anew
    if (held === "card") this.cards[this.at].focus({ preventScroll: true });
    else if (held && !inside.isConnected) root.focus({ preventScroll: true });
    this.layout();
    root.dataset.shown = picture.shown;
    root.dataset.picture = this.drawn += 1;
  }

  layout() {
    if (!this.picture || !this.root.clientWidth) return;
    this.rows.measure();
    this.difference.layout(this.theme);
  }

  /** The chosen click: its card, its name before the tools, and which of them apply. */
  mark(focus) {
    this.cards.forEach((card, t) => {
      card.classList.toggle("now", t === this.at);
      card.tabIndex = t === this.at ? 0 : -1;
      if (t === this.at) card.setAttribute("aria-current", "true");
      else card.removeAttribute("aria-current");
    });
    const { items, variants, shown, steps } = this.picture;
    const item = items[variants[shown].clicks[this.at]];
    const swapping = this.swapping != null;
    const whole = (t) => [`click ${t + 1} `, el("b", { text: items[variants[shown].clicks[t]].title })];
    this.tools.classList.toggle("swapping", swapping);
    this.cards.forEach((card, t) => card.classList.toggle("swapping", t === this.swapping));
    this.swap.textContent = swapping ? "Leave it" : "Swap with…";
    if (!swapping) this.chosen.replaceChildren(`Click ${this.at + 1} `, el("b", { text: item.title }));
    else this.chosen.replaceChildren("Swap ", ...whole(this.swapping), " with: ",
      ...(this.at === this.swapping ? ["choose another click"] : [...whole(this.at), ": Enter, or click it"]));
    if (swapping) this.spoken.textContent = this.chosen.textContent;
    for (const [tool, off] of [[this.delete, this.T === 1], [this.left, this.at === 0], [this.right, this.at === this.T - 1],
      [this.swap, this.T === 1], [this.compare, this.at === steps[1]]]) tool.disabled = off;
    const card = this.cards[this.at];
    if (focus) card.focus({ preventScroll: true });
    const { scrollLeft } = card.closest(".strip"); // scrolled alone, never the page
    const left = this.rows.edges[shown].seen(this.at, scrollLeft);
    if (left !== scrollLeft) this.rows.scroll(left);
  }

  destroy() {
    clearTimeout(this.patience);
    document.removeEventListener("keydown", this.onKey, true);
    this.resized.disconnect();
  }
}

/** To the field that the page puts above the editor to find an item in; it comes a moment later. */
function focusSearch(tries = 20) {
  const field = document.querySelector("[class*=st-key-gru_viz-what_if-item] input");
  if (field) field.focus();
  else if (tries) setTimeout(() => focusSearch(tries - 1), 50);
}
