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
    this.root = el("div", { class: "strip-row" }, this.list, this.shopper);
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

  /** Where the cards lie; asked once, because asking at every step would lay the page out twice. */
  measure() {
    this.width = this.list.clientWidth;
    this.seen = this.list.scrollLeft;
    this.places = this.cards.map((card) => {
      const left = card.offsetLeft - this.list.offsetLeft;
      return [left, left + card.offsetWidth];
    });
  }

  show(step) {
    this.cards.forEach((card, t) => {
      card.classList.toggle("now", t === step);
      card.classList.toggle("future", t > step);
      if (t === step) card.setAttribute("aria-current", "step");
      else card.removeAttribute("aria-current");
    });
    // scroll the strip alone, never the page; only where the card is out of sight
    const [left, right] = this.places[step];
    const [, ahead] = this.places[Math.min(step + 1, this.places.length - 1)];
    if (left < this.seen || ahead > this.seen + this.width)
      this.list.scrollLeft = this.seen = Math.max(0, (left + right - this.width) / 2);
  }
}
