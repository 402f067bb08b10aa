// The session as it was clicked: where the walk stands in it, and what the shopper changed.

/** The session as cards, one a click; a card leads to its click. */
export class Strip {
  constructor({ go, undo, reset }) {
    this.go = go;
    this.list = el("ol", { class: "strip", "data-testid": "session-strip", "aria-label": "Clicks of this session" });
    this.undo = el("button", {
      class: "quiet", type: "button", "data-testid": "undo", onclick: undo, text: "↶ Undo",
      title: "Take back the last click you added",
    });
    this.reset = el("button", {
      class: "quiet", type: "button", "data-testid": "reset", onclick: reset, text: "Back to the original",
      title: "Return to the session as it was",
    });
    this.note = el("span", { class: "muted" });
    this.shopper = el("div", { class: "shopper", hidden: true }, this.note, this.undo, this.reset);
    this.edges = new Edges(this.list);
    this.root = el("div", { class: "strip-row" }, this.edges.root, this.shopper);
    this.seen = 0;
    this.list.addEventListener("scroll", () => (this.seen = this.list.scrollLeft), { passive: true });
  }

  receive({ clicks, items }, colours, edits) {
    this.cards = clicks.map((index, t) => {
      const { title, category, colour } = items[index];
      const dot = el("i", { class: "dot", hidden: !category });
      dot.style.background = colours[colour % colours.length];
      return el(
        "button",
        { type: "button", class: t >= edits.own ? "card added" : "card", title: `Click ${t + 1}: ${title}`,
          onclick: () => this.go(t) },
        el("b", {}, dot, el("span", { text: title })),
        el("small", { text: category ? `${t + 1} · ${category}` : `${t + 1}` }),
      );
    });
    this.list.replaceChildren(...this.cards.map((card) => el("li", {}, card)));
    const { added, set_aside: aside, nothing } = edits;
    const shopping = added > (nothing ? 1 : 0);
    this.shopper.hidden = !shopping && !aside;
    this.undo.hidden = !shopping;
    this.reset.hidden = nothing;
    const count = (n) => `${n} ${n === 1 ? "click" : "clicks"}`;
    this.note.textContent =
      (added ? `You are the shopper: ${count(added)} added` : `${count(aside)} left out`) +
      (added && aside ? `, ${count(aside)} set aside.` : ".");
  }

  measure() {
    this.seen = this.list.scrollLeft;
    this.edges.measure();
  }

  show(step) {
    this.cards.forEach((card, t) => {
      card.classList.toggle("now", t === step);
      card.classList.toggle("future", t > step);
      if (t === step) card.setAttribute("aria-current", "step");
      else card.removeAttribute("aria-current");
    });
    // scroll the strip alone, never the page; only where the card is out of sight
    const left = this.edges.seen(step, this.seen);
    if (left !== this.seen) this.list.scrollLeft = this.seen = left;
  }
}
