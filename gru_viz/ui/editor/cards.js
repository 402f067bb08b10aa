// The session and its variants as rows of cards; the one shown can be edited.

/** A button; its title is also what a screen reader says. */
const button = (id, text, title, action, cls = "") =>
  el("button", { type: "button", class: cls, "data-testid": id, text, title, "aria-label": title, onclick: action });

const counted = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;

class Rows {
  /** `callbacks`: choose(variant, click), drag(from, to), send(what, more). */
  constructor(callbacks) {
    this.on = callbacks;
    this.root = el("div", { class: "rows" });
  }

  receive(picture, theme) {
    const { variants, shown } = picture;
    this.root.style.setProperty("--most", Math.max(...variants.map(({ clicks }) => clicks.length)));
    this.cards = [];
    this.edges = [];
    const scrolled = [...this.root.querySelectorAll(".strip")].map((strip) => strip.scrollLeft);
    this.root.replaceChildren(...variants.map((variant, number) => this.row(picture, variant, number, theme)));
    this.strips = [...this.root.querySelectorAll(".strip")];
    this.measure();
    for (const strip of this.strips) strip.addEventListener("scroll", () => this.scrolled(strip), { passive: true });
    this.scroll(scrolled[0] ?? 0);
    return this.cards[shown];
  }

  /** How far they reach beyond their places. */
  measure() {
    for (const edges of this.edges) edges.measure();
  }

  /** The rows are looked along together: the same click stands below itself. */
  scroll(left) {
    this.left = left;
    for (const strip of this.strips) if (strip.scrollLeft !== left) strip.scrollLeft = left;
  }

  /** A shorter row that was led to its end leads nobody back. */
  scrolled(strip) {
    const led = Math.min(this.left, strip.scrollWidth - strip.clientWidth);
    if (Math.abs(strip.scrollLeft - led) > 1) this.scroll(strip.scrollLeft);
  }

  row(picture, variant, number, theme) {
    const { shown } = picture;
    const strip = el("ol", { class: "strip", "aria-label": `Clicks of ${variant.name}` });
    this.cards[number] = variant.clicks.map((item, t) => this.card(picture, variant, number, t, theme));
    strip.append(...this.cards[number].map((card) => el("li", {}, card)));
    this.edges[number] = new Edges(strip);
    const dot = el("i", { class: "dot" });
    dot.style.background = theme.variants[number];
    const chips = variant.forced.map((words, place) =>
      el("span", { class: "chip", "data-testid": "forced", title: "Stays at these clicks when the session is edited" }, el("span", { text: words }),
        number === shown
          ? button("release", "×", `Take away: ${words}`, () => this.on.send("release", { place }), "quiet") : null));
    const head = el("header", {},
      dot,
      el("button", { type: "button", class: "name quiet", text: variant.name, "data-testid": "show", "aria-pressed": String(number === shown),
        title: `Edit ${variant.name.toLowerCase()}`, onclick: () => this.on.choose(number, null) }),
      el("span", { class: "muted", text: counted(variant.clicks.length, "click") }),
      ...chips,
      el("span", { class: "acts" }, ...this.acts(picture, variant.name.toLowerCase(), number)),
    );
    const row = el("section", { class: number === shown ? "row shown" : "row", "data-testid": "row", "data-variant": number }, head, this.edges[number].root);
    row.style.setProperty("--variant", theme.variants[number]);
    return row;
  }

  acts({ pinned, full }, name, number) {
    return [
      number === pinned
        ? el("span", { class: "pinned", text: "reference", "data-testid": "pinned" })
        : button("pin", "Pin", `Compare with ${name}`, () => this.on.send("pin", { number }), "quiet"),
      full ? null : button("duplicate", "Copy", `Copy ${name} to a new variant`, () => this.on.send("duplicate", { number }), "quiet"),
      number ? button("drop", "Drop", `Drop ${name}`, () => this.on.send("drop", { number }), "quiet") : null,
    ];
  }

  card({ items, steps, shown, pinned }, variant, number, t, theme) {
    const { title, category, colour } = items[variant.clicks[t]];
    const dot = el("i", { class: "dot", hidden: !category });
    dot.style.background = theme.categories[colour % theme.categories.length];
    const notes = [variant.changed[t] && "not in the reference", variant.touched[t] && "forced here"];
    const compared = (number === shown && t === steps[1]) || (number === pinned && t === steps[0]);
    if (compared) notes.push("compared after this click");
    const card = el("button", {
      type: "button", "data-testid": "card", "data-variant": number, "data-click": t + 1, draggable: String(number === shown),
      class: ["card", variant.changed[t] && "added", variant.touched[t] && "touched", compared && "compared"].filter(Boolean).join(" "),
      title: [`Click ${t + 1}: ${title}`, ...notes.filter(Boolean)].join(" · "),
      onclick: () => this.on.choose(number, t),
    },
      el("b", {}, dot, el("span", { text: title })),
      el("small", { text: category ? `${t + 1} · ${category}` : `${t + 1}` }),
    );
    if (number === shown) this.draggable(card, t);
    return card;
  }

  draggable(card, t) {
    card.addEventListener("dragstart", (event) => {
      this.dragged = t;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", String(t + 1));
    });
    card.addEventListener("dragover", (event) => {
      if (this.dragged == null) return;
      event.preventDefault();
      card.classList.add("target");
    });
    card.addEventListener("dragleave", () => card.classList.remove("target"));
    card.addEventListener("dragend", () => (this.dragged = null));
    card.addEventListener("drop", (event) => {
      event.preventDefault();
      card.classList.remove("target");
      if (this.dragged != null && this.dragged !== t) this.on.drag(this.dragged, t);
      this.dragged = null;
    });
  }
}
