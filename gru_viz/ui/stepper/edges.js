// A row of cards that is longer than its place: how many are out of sight, and a way to them.

/** The list in a frame with a fade at either end that says how many cards lie beyond and scrolls there. */
export class Edges {
  constructor(list) {
    this.list = list;
    this.before = this.edge("before", "earlier", () => this.go(0));
    this.after = this.edge("after", "later", () => this.go(list.scrollWidth));
    this.root = el("div", { class: "edges" }, list, this.before, this.after);
    this.places = [];
    list.addEventListener("scroll", () => this.show(list.scrollLeft), { passive: true });
  }

  edge(side, word, onclick) {
    return el("button", { type: "button", class: `edge ${side}`, "data-testid": `more-${side}`, hidden: true, onclick },
      el("b"), el("span", { text: word }));
  }

  /** To the first or the last card. */
  go(left) {
    const behavior = window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    this.list.scrollTo({ left, behavior });
  }

  /** Where the cards lie; asked once, because asking at every step would lay the page out twice. */
  measure() {
    this.width = this.list.clientWidth;
    this.places = [...this.list.children].map((item) => {
      const left = item.offsetLeft - this.list.offsetLeft;
      return [left, left + item.offsetWidth];
    });
    this.show(this.list.scrollLeft);
  }

  /** A card of which less than half is seen is out of sight. */
  show(left) {
    const middles = this.places.map(([from, to]) => (from + to) / 2);
    this.say(this.before, "‹", middles.filter((middle) => middle < left).length, "earlier");
    this.say(this.after, "›", middles.filter((middle) => middle > left + this.width).length, "later");
  }

  say(node, arrow, count, word) {
    if (node.dataset.count === String(count)) return;
    node.dataset.count = count;
    node.hidden = count === 0;
    node.firstChild.textContent = word === "earlier" ? `${arrow} ${count}` : `${count} ${arrow}`;
    node.title = `${count} ${word} ${count === 1 ? "click" : "clicks"}`;
    node.setAttribute("aria-label", `Show the ${node.title}`);
  }

  /** Where to scroll so that a card is seen with its neighbours; `left` itself where it is. */
  seen(place, left) {
    const [from] = this.places[Math.max(place - 1, 0)];
    const [, to] = this.places[Math.min(place + 1, this.places.length - 1)];
    if (from >= left && to <= left + this.width) return left;
    const middle = (this.places[place][0] + this.places[place][1] - this.width) / 2;
    return Math.max(0, Math.min(middle, this.places.at(-1)[1] - this.width));
  }
}
