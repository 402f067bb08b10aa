// The two lists side by side, a line from each item's place in one to its place in the other.

const ROW = 27; // px; style.css sets the same for the rows

class Slope {
  /** follow(item index); ask() for one by its title */
  constructor({ follow, ask }) {
    this.follow = follow;
    this.left = el("ol", { class: "ranks", "data-testid": "reference-items" });
    this.right = el("ol", { class: "ranks", "data-testid": "variant-items" });
    this.lines = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.lines.setAttribute("preserveAspectRatio", "none");
    this.lines.setAttribute("aria-hidden", "true");
    this.from = el("h4");
    this.to = el("h4");
    this.distance = el("p", { class: "caption", "data-testid": "distance" });
    this.root = el("section", { class: "slope" },
      el("h3", { text: "What it would recommend next" }),
      el("p", { class: "caption" }, "The ten best of both. Choose one to follow it, or ",
        el("button", { type: "button", class: "quiet inline", text: "any other item…", "data-testid": "follow-other", onclick: ask })),
      el("div", { class: "lists" }, this.from, el("span"), this.to, this.left, this.lines, this.right),
      this.distance);
  }

  receive({ list, items, variants, shown, pinned, followed, distance }, theme) {
    const { k, ranks, probabilities } = list;
    this.root.classList.toggle("alone", shown === pinned);
    this.from.textContent = variants[pinned].name;
    this.to.textContent = variants[shown].name;
    this.distance.textContent = shown === pinned ? "" : distance;
    this.from.style.color = theme.variants[pinned];
    this.to.style.color = theme.variants[shown];
    const rows = [[], []];
    list.items.forEach((item, n) => {
      for (const side of [0, 1]) {
        const rank = ranks[side][n];
        if (rank === null || rank > k) continue;
        rows[side][rank - 1] = this.row(items[item], item, side, rank, ranks[1 - side][n], probabilities[side][n], k, item === followed);
      }
    });
    this.left.replaceChildren(...rows[0]);
    this.right.replaceChildren(...rows[1]);
    this.draw(list, followed, theme);
  }

  row({ id, title }, item, side, rank, other, probability, k, followed) {
    const change = el("span", { class: "change" });
    const said = other === null ? "far" : other;
    // on the left where it falls to, on the right how far it came
    if (side === 0 && (other === null || other > k)) { change.textContent = `→ ${said}`; change.classList.add("down"); }
    if (side === 1 && other !== rank) {
      change.textContent = other === null ? "new" : `${other > rank ? "▲" : "▼"}\u2009${Math.abs(other - rank) > 99 ? "99+" : Math.abs(other - rank)}`;
      change.classList.add(other === null || other > rank ? "up" : "down");
    }
    return el("li", { "data-item-id": id, "data-rank": rank, "data-probability": probability, class: followed ? "followed" : null },
      el("button", { type: "button", title: `${title}: follow it`, "aria-pressed": String(followed), onclick: () => this.follow(item) },
        el("span", { class: "rank", text: rank }), el("span", { class: "title", text: title }),
        el("span", { class: "probability", text: probability === null ? "–" : percent(probability) }), change));
  }

  draw({ k, ranks, items }, followed, theme) {
    const height = (k + 1) * ROW;
    this.lines.setAttribute("viewBox", `0 0 100 ${height}`);
    this.lines.style.height = `${height}px`;
    const place = (rank) => (rank === null || rank > k ? height - 4 : (rank - 0.5) * ROW);
    this.lines.replaceChildren(...items.map((item, n) => {
      const [a, b] = [place(ranks[0][n]), place(ranks[1][n])];
      const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
      line.setAttribute("d", `M0,${a} C45,${a} 55,${b} 100,${b}`);
      line.setAttribute("fill", "none");
      line.setAttribute("vector-effect", "non-scaling-stroke");
      line.setAttribute("stroke", item === followed ? theme.accent : a < b ? theme.fallen : b < a ? theme.clicked : theme.muted);
      line.setAttribute("stroke-width", item === followed ? 2.5 : 1.5);
      line.setAttribute("stroke-opacity", item === followed ? 1 : a === b ? 0.35 : 0.6);
      return line;
    }));
  }
}
